"""Pictures that compiled programs write, read without their runtime."""
import struct
import zlib

import numpy


def pixels(path):
    """The array that a PNG of 8 bits a channel is; its structure, lengths and sums are checked."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, []
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body), kind
        chunks.append((kind, body))
        at += 12 + size
    kinds = [kind for kind, _ in chunks]
    assert kinds == [b"IHDR"] + [b"IDAT"] * (len(kinds) - 2) + [b"IEND"], kinds
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    assert depth == 8 and rest == [0, 0, 0]
    channels = {0: 1, 2: 3, 6: 4}[colour]
    rows = numpy.frombuffer(zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT")), "u1").reshape(height, -1)
    assert (rows[:, 0] == 0).all() and rows.shape[1] == 1 + width * channels
    return rows[:, 1:].reshape((height, width) if channels == 1 else (height, width, channels))
