"""A file of tensors (safetensors, with Burin's checksums) with other contents."""
import json
import struct

import xxhash


def rewritten(data, change):
    """`change` gets the texts, the entries of the tensors and their bytes, by name; the checksums are made anew."""
    length = struct.unpack_from("<Q", data)[0]
    tensors = json.loads(data[8 : 8 + length])
    texts = tensors.pop("__metadata__")
    body = {n: data[8 + length + t["data_offsets"][0] : 8 + length + t["data_offsets"][1]] for n, t in tensors.items()}
    change(texts, tensors, body)
    texts = {k: v for k, v in texts.items() if "checksum" not in k}
    at, out = 0, b""
    for n, t in tensors.items():
        texts["burin.checksum." + n] = "xxh64:" + xxhash.xxh64(body[n]).hexdigest()
        t["data_offsets"] = [at, at + len(body[n])]
        at, out = at + len(body[n]), out + body[n]
    text = json.dumps({"__metadata__": {"burin.checksum": "xxh64:" + "0" * 16, **texts}, **tensors}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    text = struct.pack("<Q", len(text)) + text
    return text.replace(b"0" * 16, xxhash.xxh64(text).hexdigest().encode(), 1) + out
