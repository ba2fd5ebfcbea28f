"""Tensors given as .npy files: what is read, and why hostile ones are refused.

RUN: %python %s %S/Inputs %t
"""
import struct
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample, npy, npy_raw

s = Sample(sys.argv[2])


def reads(task, content, printed):
    s.write("x.npy", content)
    found = s.succeeds(task, "--image", "x.npy")
    assert found == printed + "\n", (found, printed)


def refused(content, *said, task="predict"):
    s.write("x.npy", content)
    s.fails([task, "--image", "x.npy"], 1, "error[E0512]", "--> x.npy\n", "`--image`", *said)


three = struct.pack("<3f", 0.1, -2, 3e38)
reads("predict", npy(three, "<f4", "(3,)"), "0.100000001 -2 3.00000001e+38")
reads("predict", npy(three, "<f4", "(3,)", version=2), "0.100000001 -2 3.00000001e+38")
reads("predict", npy(struct.pack("<3d", 0.1, -2, 3), "<f8", "(3,)"), "0.100000001 -2 3")
reads("predict", npy(struct.pack("<3q", 1, -2, 16777217), "<i8", "(3,)"), "1 -2 16777216")
reads("predict", npy(bytes([0, 255, 7]), "|u1", "(3,)"), "0 255 7")
reads("whole", npy(struct.pack("<3i", 1, -2, 2**31 - 1), "<i4", "(3,)"), "1 -2 2147483647")
reads("whole", npy(struct.pack("<3d", 1, -2, 3), "<f8", "(3,)"), "1 -2 3")
reads("whole", npy(bytes([0, 1, 1]), "|b1", "(3,)"), "0 1 1")

s.fails(["predict", "--image", "nowhere.npy"], 1, "error[E0512]: can't read the file", "nowhere.npy")
refused(npy(three, "<f4", "(1, 3)"), "another shape", "expected f32[pixel 3], found (1, 3)")
refused(npy(three, "<f4", "()"), "another shape")
refused(npy(three, "<f4", "(3, 0)"), "another shape")
refused(npy(three, "<f4", "(281474976710655, 281474976710655)"), "another shape")
refused(npy(three, "<f4", "(99999999999999999999999,)"), "shape can't be read")
refused(npy(three, "<f4", "(" + "1, " * 100 + ")"), "shape can't be read")
refused(npy(three, "<f4", "(-3,)"), "shape can't be read")
refused(npy(three, ">f4", "(3,)"), "its elements are not")
refused(npy(three, "<c8", "(3,)"), "its elements are not")
refused(npy(three, "|O", "(3,)"), "its elements are not")
refused(npy(three, "<f4", "(3,)", order="True"), "Fortran")
refused(npy(three[:-1], "<f4", "(3,)"), "its data is not as long")
refused(npy(three + b"\0", "<f4", "(3,)"), "its data is not as long")
refused(npy(three, "<f4", "(3,)", version=3), "version")
refused(b"PK\3\4" + bytes(100), "no .npy file")
header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}"
refused(npy_raw(header, three, length=65535), "longer than the file")
refused(npy_raw(header, three, version=2, length=2**32 - 1), "longer than the file")
refused(npy_raw(b"{'descr': '<f4', 'shape': (3,)}", three), "lacks one of")
refused(npy_raw(b"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", three), "each once")
refused(npy_raw(header[:-1] + b", 'x': 1}", three), "other entries")
refused(npy_raw(b"\0" * 60, three), "no dictionary")
refused(npy(struct.pack("<3d", 1, 2.5, 3), "<f8", "(3,)"), "element 1 is not a whole number", task="whole")
refused(npy(struct.pack("<3d", 1, 2, float("nan")), "<f8", "(3,)"), "element 2 is not a whole number", task="whole")
refused(npy(struct.pack("<3d", 1e300, 2, 3), "<f8", "(3,)"), "element 0 is not a whole number", task="whole")
refused(npy(struct.pack("<3q", 1, 2**31, 3), "<i8", "(3,)"), "element 1 is not a whole number that i32 can hold", task="whole")

s.write("x.npy", npy(three + bytes(2 << 20), "<f4", "(3,)"))
s.fails(["predict", "--image", "x.npy"], 1, "error[E0512]: can't read the file: it is larger than what is wanted", "--> x.npy")

whole = npy(three, "<f4", "(3,)")
for n in range(len(whole)):
    s.write("x.npy", whole[:n])
    s.fails(["predict", "--image", "x.npy"], 1, "error[E0512]")
