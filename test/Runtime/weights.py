"""Weights in safetensors files: there and back to the bit, and why hostile files are refused before anything is loaded.

RUN: %python %s %S/Inputs %t
"""
import json
import os
import struct
import sys

import xxhash

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2])
s.succeeds("train", "--seed", 3, "--split-seed", 5)
whole = (s.folder / "w.safetensors").read_bytes()
(length,) = struct.unpack("<Q", whole[:8])
header, body = json.loads(whole[8 : 8 + length]), whole[8 + length :]
assert length % 8 == 0
metadata = header.pop("__metadata__") # what follows packs files as others would, without checksums
assert list(metadata)[0] == "burin.checksum"
assert {k: v for k, v in metadata.items() if "checksum" not in k} == {"burin.version": "1", "burin.program": "0123abcd", "burin.split_seed": "5"}
xxh64 = lambda data: "xxh64:" + xxhash.xxh64(data).hexdigest()
place = whole.index(b"xxh64:") + 6
assert metadata["burin.checksum"] == xxh64(whole[:place] + b"0" * 16 + whole[place + 16 : 8 + length])
assert {k[15:]: v for k, v in metadata.items() if k.startswith("burin.checksum.")} == {
    name: xxh64(body[slice(*t["data_offsets"])]) for name, t in header.items()}
assert header["net.w"] == {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}
assert {name: (t["dtype"], t["shape"]) for name, t in header.items() if "." in name[:4] or name in ("steps", "best")} == {
    "net.w": ("F32", [3]), "steps": ("I64", []), "best": ("U8", []), "net.gains": ("F64", [3])}
assert struct.unpack("<3fqB3d", body) == (*struct.unpack("<3f", struct.pack("<3f", 3, 3 + 1 / 3, 3 + 2 / 3)), 8, 7, 1 / 3, 1 + 1 / 3, 2 + 1 / 3)
assert os.listdir(s.folder).count("w.safetensors") == 1 and not [f for f in os.listdir(s.folder) if ".tmp" in f]

expected = "w 3 3.33333325 3.66666675 steps 8 gains 0.33333333333333331 1.3333333333333333 2.3333333333333335\n7\n"
assert s.succeeds("weights", "--split-seed", 5) == expected, s.succeeds("weights", "--split-seed", 5)


def pack(header, body=body, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def refused(content, *said, task="weights", code="E0521"):
    s.write("w.safetensors", content)
    return s.fails([task, "--split-seed", 5], 1, f"error[{code}]", "--> w.safetensors\n", *said)


def but(name, **changes):
    return {n: {**t, **changes} if n == name else t for n, t in header.items()}


# Another order, other blanks, escapes, no metadata: the same.
shuffled = dict(reversed(list(header.items())))
s.write("w.safetensors", pack(json.dumps(shuffled, indent=2).replace("net.w", "net\\u002Ew").encode()))
assert s.succeeds("weights", "--split-seed", 5) == expected

refused(whole + b"\0", "not as long")
for n in (2**63, 2**64 - 1, 2**64 - 8, 10**6, 10**8 + 1):
    refused(pack(header, length=n), "header is longer")
refused(pack(but("steps", data_offsets=[8, 16])), "overlap")
refused(pack(but("net.gains", data_offsets=[21, 2**62])), "exceed")
refused(pack(but("net.gains", data_offsets=[2**63 - 1, 2**63])), "these are no weights")
refused(pack(but("steps", data_offsets=[20, 12])), "overlap")
refused(pack(but("steps", data_offsets=[-1, 12])), "JSON")
refused(pack(but("steps", shape=[1.5])), "JSON")
refused(pack(but("steps", more=1)), "JSON")
refused(pack(b'{"a":' * 100000), "JSON")
refused(pack(b"[" * 100000), "JSON")
refused(pack(b'{"a' * 1000), "JSON")
refused(pack(b'{"\\ud800":1}'), "JSON")
refused(pack(b"{}"), "not as long")
refused(pack(b"", b""), "JSON")
text = json.dumps(header)
refused(pack(text.replace('"net.gains"', '"net.w"').encode()), "a name stands twice")
refused(pack(text.encode() + b"x"), "JSON")
refused(pack(text.replace('"dtype"', '"dtype": "F32", "dtype"', 1).encode()), "JSON")

errors = refused(whole, "another model", "missing: net.bias\n", "surplus: best\n", "surplus: steps\n", "surplus: net.gains\n", task="load_other", code="E0522")
refused(whole, "another type or shape: net.w: F32 [3] in the file, f64[pixel 3] in the program", "another type or shape: net.gains", task="load_turned", code="E0522")
refused(pack(but("net.w", shape=[1, 3])), "net.w: F32 [1, 3] in the file, f32[pixel 3] in the program", code="E0522")
refused(pack(but("steps", dtype="F64")), "steps: F64 [] in the file, int in the program", code="E0522")
refused(pack(header, body[:20] + b"\x0a" + body[21:]), "an index in it is beyond its axis")

refused(pack({**header, "\x1b[2J": {"dtype": "U8", "shape": [0], "data_offsets": [45, 45]}}), "surplus: ?[2J\n", code="E0522")

# A shape that ends before its type's, or after it; a header of more than 100 MB.
for shape in ([], [3, 1]):
    refused(pack(but("net.w", shape=shape)), f"net.w: F32 {shape} in the file, f32[pixel 3] in the program", code="E0522")
with open(s.folder / "w.safetensors", "wb") as file:
    file.truncate(200_000_000)
    file.write(struct.pack("<Q", 150_000_000))
s.fails(["weights", "--split-seed", 5], 1, "error[E0521]", "its header is longer than the file, or than 100 MB")

# Many names take no quadratic time.
many = {f"x{i}": {"dtype": "U8", "shape": [0], "data_offsets": [45, 45]} for i in range(100000)}
refused(pack({**header, **many}), "surplus: x99999", code="E0522")

# Another split: its test rows were trained on.
s.write("w.safetensors", whole)
s.fails(["weights", "--split-seed", 6], 1, "error[E0523]", "`--split-seed 5`", "`--split-seed 6`")
(s.folder / "w.safetensors").unlink()
s.fails(["weights"], 1, "error[E0520]: can't read the file", "train first")

# Damage in each part of a file that has checksums is said; what another program makes of it without ours is read.
s.write("w.safetensors", whole)
assert s.succeeds("weights", "--split-seed", 5) == expected
flip = lambda at: whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
refused(flip(whole.index(b"0123abcd")), "its header was changed: its checksum does not fit")
refused(flip(8 + length), "the values of `net.w` were changed: their checksum does not fit")
refused(flip(whole.index(b"burin.checksum")), "its checksum is not where it was", "leave out the texts that begin with `burin.`")
refused(pack(json.dumps({"__metadata__": {**metadata, "more": "x"}, **header}, separators=(",", ":")).encode()), "its header was changed")
refused(pack({"__metadata__": {"more": "x", **metadata}, **header}), "its checksum is not where it was")
refused(pack(b'{"__metadata__":{"a":"b","a":"c"},' + json.dumps(header).encode()[1:]), "a text stands twice")
refused(pack(b'{"__metadata__":{},"__metadata__":{},' + json.dumps(header).encode()[1:]), "JSON")
unsaid = json.dumps({"__metadata__": {k: v for k, v in metadata.items() if not k.endswith(".net.w")}, **header}, separators=(",", ":")).encode()
blank = unsaid.replace(metadata["burin.checksum"].encode(), b"xxh64:" + b"0" * 16)
right = unsaid.replace(metadata["burin.checksum"].encode(), xxh64(struct.pack("<Q", len(blank)) + blank).encode())
refused(pack(right), "the values of `net.w` were changed: their checksum does not fit")
s.write("w.safetensors", pack({"__metadata__": {"more": "x"}, **header}))
assert s.succeeds("weights", "--split-seed", 5) == expected

# A link is followed inside of its folder, and refused where it leads out of it: no file elsewhere is read or written.
inner, link = s.folder / "inner", s.folder / "inner" / "w.safetensors"
inner.mkdir()
outside = s.folder / "outside.safetensors"
command = lambda task: [task, "--split-seed", 5, "--directory", "inner"]


def stays(*said, task, target):
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    s.fails(command(task), 1, "error[E0520]: the file is a link that leads ", "--> w.safetensors\n", "= help: ", *said)
    assert link.is_symlink() and os.readlink(link) == str(target) and os.listdir(inner) == ["w.safetensors"]


for task in ("train", "weights"):
    for target in (outside, "../outside.safetensors", "../inner/../outside.safetensors"):
        outside.write_bytes(whole)
        stays("out of its folder, to `", "/outside.safetensors`", task=task, target=target)
        assert outside.read_bytes() == whole
    stays("nowhere: No such file or directory", task=task, target="nothing")
    stays("nowhere: Too many levels of symbolic links", task=task, target="w.safetensors")
    (s.folder / "inner.also").mkdir(exist_ok=True)
    (s.folder / "inner.also/w.safetensors").write_bytes(whole)
    stays("out of its folder", task=task, target="../inner.also/w.safetensors")
link.unlink()
link.symlink_to("real.safetensors")
(inner / "real.safetensors").write_bytes(whole)
assert s.succeeds(*command("weights")) == expected
s.succeeds(*command("train"), "--seed", 4)
assert link.is_symlink() and (inner / "real.safetensors").read_bytes() != whole and sorted(os.listdir(inner)) == ["real.safetensors", "w.safetensors"]
(s.folder / "way").symlink_to(inner)  # how the folder is reached is its user's affair
assert s.succeeds("train", "--directory", "way") and s.succeeds("weights", "--directory", "way")

# What is no ordinary file is neither read nor replaced. A file keeps who may read it.
link.unlink()
os.mkfifo(link)
for task in ("train", "weights"):
    s.fails(command(task), 1, "error[E0520]: can't ", "it is no ordinary file")
assert link.is_fifo()
link.unlink()
link.write_bytes(b"")
link.chmod(0o600)
s.succeeds(*command("train"))
assert link.stat().st_mode & 0o777 == 0o600
(s.folder / "w.safetensors").unlink()

# A file that can't be written leaves the old one; the program fails.
(s.folder / "w.safetensors").mkdir()
s.fails(["train"], 1, "error[E0520]: can't write the file")
assert not [f for f in os.listdir(s.folder) if ".tmp" in f]
(s.folder / "w.safetensors").rmdir()

# Names that JSON has to escape come back.
t = Sample(sys.argv[2] + ".quoted", '-DHASH="a\\"\\\\\\n"')
t.succeeds("train")
data = (t.folder / "w.safetensors").read_bytes()
assert json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]["burin.program"] == 'a"\\\n'
