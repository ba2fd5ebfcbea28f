"""Data sets whose rows stand in files of arrays, `.npy` and IDX: each element type as each that can hold it, split, shuffled and taken in step, beside NumPy; compiled and interpreted. Hostile files are refused.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import struct
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim row = 3
dim col = 2
dim digit = 10
dim batch = 4
data d: (image: IMAGE[row, col], label: digit, weight: f64) = (READER("image"), READER("label"), weight: READER("weight")) split (train: 70%, test: rest)
data one: IMAGE[row, col] = READER("image")
task sums() -> (train: f64, test: f64, labels: int, one: f64) {
  (sum(f64(d.train.image)), sum(f64(d.test.image)), sum(int(d.train.label)) + 1000 * sum(int(d.test.label)), sum(f64(one)))
}
task rows() {
  for b in d.train.shuffle.batches[batch] { record wrong = max(abs(f64(b.image[row: 0, col: 0]) * 2 - b.weight)) + max(abs(f64(int(b.label)) - b.weight % 10)) }
  for r in d.test { record weight = r.weight }
  for (x, r) in zip(one, d.train) { record both = sum(f64(x)) + 0 * r.weight }
}
"""
IDX = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
n = 20
images = numpy.arange(n * 6).reshape(n, 3, 2) % 120
weights = images[:, 0, 0] * 2.0
labels = (images[:, 0, 0] * 2) % 10


def write(reader, name, array, kind):
    if reader == "npy":
        numpy.save(folder / "x.npy", array.astype(kind))
        (folder / "x.npy").rename(folder / name)
    else:
        array = array.astype(numpy.dtype(kind).newbyteorder(">"))
        (folder / name).write_bytes(struct.pack(">BBBB", 0, 0, IDX[kind], array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes())


def build(reader, image):
    (folder / "program.burin").write_text(PROGRAM.replace("READER", reader).replace("IMAGE", image))
    subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def run(*words, ways=True):
    out = []
    for command in [["./program"]] + ([[burin, "run", "program.burin", "--interpret=graph"]] if ways else []):
        done = subprocess.run([*command, *words], cwd=folder, capture_output=True, text=True)
        out.append((done.returncode, done.stdout, done.stderr))
    assert all(o == out[0] for o in out), out
    return out[0]


for reader, kind, image in ("npy", "f4", "f32"), ("npy", "f8", "f32"), ("npy", "u1", "u8"), ("npy", "i8", "f64"), ("npy", "f2", "f32"), ("idx", "u1", "u8"), ("idx", "i1", "int"), ("idx", "i2", "f32"), ("idx", "i4", "i32"), ("idx", "f4", "f64"), ("idx", "f8", "f32"):
    build(reader, image)
    write(reader, "image", images, kind), write(reader, "label", labels, "u1"), write(reader, "weight", weights, "f8")
    code, out, err = run("sums")
    assert code == 0, err
    train, test, both, one = [float(line.split()[1]) for line in out.splitlines()]
    assert train + test == one == images.sum() and both % 1000 + both // 1000 == labels.sum(), (out, images.sum(), labels.sum())
    code, out, err = run("rows", ways=kind == "u1")
    assert code == 0, err
    assert {float(x) for x in re.findall(r"wrong (\S+)", out)} == {0}, out
    tested = [float(x) for x in re.findall(r"  weight (\S+)", out)]
    kept = [i for i in range(n) if weights[i] in tested]  # rows keep their order, and their other fields
    assert len(tested) == 6 and tested == [weights[i] for i in kept] and test == images[kept].sum() and both // 1000 == labels[kept].sum(), (out, test)
    assert [float(x) for x in re.findall(r"both (\S+)", out)] == list(images[:14].sum((1, 2))), out
found = run("sums", "--split-seed", "7", ways=False)[1]
assert found.splitlines()[0] != f"train {train:g}", found

# Values below 0, and large files: more than a piece of what is read at a time.
build("idx", "i32")
write("idx", "image", -images, "i2")
assert float(run("sums")[1].splitlines()[-1].split()[1]) == -images.sum()
build("npy", "f32")
many = numpy.random.default_rng(2).integers(0, 99, (20011, 3, 2))
write("npy", "image", many, "f8"), write("npy", "label", many[:, 0, 0] % 10, "i4"), write("npy", "weight", many[:, 0, 0], "f4")
assert float(run("sums", ways=False)[1].splitlines()[-1].split()[1]) == many.sum()


def refused(name, content, code, *said):
    before = (folder / name).read_bytes()
    if isinstance(content, bytes):
        (folder / name).write_bytes(content)
    else:
        write("npy", name, *content)
    status, out, err = run("sums", ways=False)
    assert status == 1 and not out and err.startswith(f"error[{code}]: ") and f"  --> {name}\n  = help: " in err and all(s in err for s in said), (content, err)
    assert run("sums")[2] == err
    (folder / name).write_bytes(before)


whole = (folder / "image").read_bytes()
refused("image", (many[:, :2], "f4"), "E0508", "`image` has another shape", "expected rows of f32[row 3, col 2], found (20011, 2, 2)")
refused("image", (many[:, 0, 0], "f4"), "E0508", "found (20011)")
refused("image", (many[:0], "f4"), "E0420", "the file has no row")
refused("label", (many[:7, 0, 0] % 10, "f4"), "E0508", "`label` has 7 rows, and `image` has 20011")
refused("label", (numpy.where(numpy.arange(20011) == 19000, 10, 3), "i8"), "E0508", "`label`: row 19000, element 0 is not")
refused("label", (numpy.where(numpy.arange(20011) == 5, 2.5, 3), "f8"), "E0508", "`label`: row 5, element 0 is not")
refused("image", b"", "E0508", "it is no .npy file")
refused("image", whole[:-1], "E0508", "its data is not as long as its shape says")
refused("image", whole + b"\0", "E0508", "its data is not as long")
refused("image", whole[:6] + b"\2\0" + b"\xff\xff\xff\xff" + whole[12:], "E0508", "its header is longer than the file")
refused("image", whole[:8] + b"\xff\xff" + whole[10:], "E0508", "its header has more than 16 KB")
refused("image", whole.replace(b"20011", b"99999"), "E0508", "not as long")
refused("image", whole.replace(b"(20011, 3, 2)", b"(4294967295,)"), "E0508", "another shape")
build("idx", "u8")
write("idx", "image", images, "u1"), write("idx", "label", labels, "u1"), write("idx", "weight", weights, "f4")
whole = (folder / "image").read_bytes()
assert run("sums", ways=False)[0] == 0
refused("image", whole[:3], "E0508", "it is no IDX file")
refused("image", b"\x1f\x8b" + whole, "E0508", "unpack it with gunzip")
refused("image", whole[:2] + b"\x0a" + whole[3:], "E0508", "its elements are not of 8, 16 or 32 bits")
refused("image", whole[:3] + b"\xff" + whole[4:], "E0508", "it has more than 32 axes")
refused("image", whole[:3] + b"\x02" + whole[4:], "E0508", "another shape", "found (20, 3)")
refused("image", whole[:10], "E0508", "its header is longer than the file")
refused("image", whole[:4] + b"\xff\xff\xff\xff" + whole[8:], "E0508", "its data is not as long")
refused("image", whole[:-1], "E0508", "its data is not as long")
(folder / "label").unlink()
assert run("sums", ways=False)[2].startswith("error[E0420]: can't read the file")

(folder / "wrong.burin").write_text("""dim row = 3
dim time <= 3
data a = npy("a.npy")
data b: f32[time] = npy("a.npy")
data c: (x: f32, y: f32) = npy("a.npy")
data d: (x: f32, y: f32) = (npy("a.npy"), idx("b"))
data e: (x: f32, y: f32) = (npy("a.npy"), x: npy("b"))
data f: (x: f32, y: f32) = (npy("a.npy"), npy("b"), npy("c"))
data g: f32 = npy("a.npy", "b.npy")
data h: f32[row] = npy("a.npy") { x: f32 = column(0) }
data i: (x: f32, y: (z: f32, w: f32)) = (npy("a.npy"), npy("b"))
data j: (x: f32, y: f32) = (npy("a.npy"), npy("b")) split (a: x < 3, b: rest)
data k: f32 = (npy("a.npy"), npy("b"))
""")
found = subprocess.run([burin, "check", "wrong.burin"], cwd=folder, capture_output=True, text=True).stderr
errors = re.findall(r"error\[(E\d+)\]: .*\n +--> wrong.burin:(\d+):\d+\n", found)
assert errors == [("E0265", "3"), ("E0265", "4"), ("E0265", "5"), ("E0265", "6"), ("E0265", "7"), ("E0265", "8"), ("E0401", "9"), ("E0265", "10"), ("E0265", "11"), ("E0266", "12"), ("E0265", "13")], found
assert found.count("  = help: ") == len(errors), found
