"""Weights and checkpoints with a byte changed, anywhere, or cut, anywhere, are refused: every place is tried.

RUN: %python %s %S/Inputs %t 3
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2], "-DPAUSE=raise(SIGINT)", "-include", "signal.h")
changes = sys.argv[3]
library = os.environ["BURIN_BUILD"] + "/lib/libburin_rt.a"
subprocess.run([*os.environ["BURIN_CC"].split(), "-O1", "-std=c++20", "-fno-exceptions", "-I", os.environ["BURIN_ROOT"], "-x", "c++", sys.argv[1] + "/damage.cpp", "-x", "none", library, "-lm", "-w", "-o",
                s.folder / "damage"], check=True)
assert s.run("train").returncode == 130  # stops at its second step
checkpoint = s.folder / "sample-train.checkpoint.safetensors"
assert s.run("train", "--epochs", 0, "--checkpoint-every", "never").returncode == 0  # saves
for file in (checkpoint, s.folder / "w.safetensors"):
    done = subprocess.run([s.folder / "damage", file, changes], capture_output=True, text=True)
    size = file.stat().st_size
    assert done.returncode == 0 and done.stdout == f"{size} bytes, {size * int(changes) + size} ways, 0 not refused\n", done.stdout
    print(file.name, done.stdout, end="")

# What programs say of it, with the reason; the damaged file stays as it is.
for file, command, code in ((checkpoint, ["train", "--resume"], "E0532"), (s.folder / "w.safetensors", ["weights"], "E0521")):
    whole = file.read_bytes()
    for at in range(3, len(whole), 41):
        damaged = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        for content in (damaged, whole[:at]):
            file.write_bytes(content)
            said = s.fails(command, 1, f"error[{code}]: ", f"--> {file.name}\n", " that can be read: ")
            assert re.search("checksum|header|its data|JSON|exceed the file", said), said
            assert file.read_bytes() == content
    file.write_bytes(whole)
