"""Values in files: arrays as NumPy reads them, pictures as their bytes say (PNG's checks by zlib), axes in the order and the products that `as` lists;
compiled at -O0 and -O2 and interpreted, the same bytes. Pictures whose levels are none, and files that can't be written, end the program.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy
from burin_judge import options
from burin_pictures import pixels

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim down   = 2
dim across = 3
dim row    = 4
dim col    = 5
dim colour = 3
dim long   = 70_000
dim push   = {left, right}
dim word   = 1000
dim step   = 2
state kept: f32[row] = 2

fn noted(x: f32[row, col]) -> f32 {
  save x to "noted.npy"
  mean(x)
}

task t(x: f32[down, across, row, col], a: push[row], w: word[row], d: f32) {
  save x to "plain.npy"
  save x as [(down, row), (across, col)] to "grid.npy"
  save x as [(down, row), (across, col)] to "grid.png"
  save x[down: 0, across: 0] as [col, row] to "turned.npy"
  save x[down: 0] as [across -> colour] as [row, col, colour] to "colours.png"
  save x[down: 0, across: 0] > 0.5 to "holes.png"
  save f64(mean(x, over: (row, col))) to "means.npy"
  save a to "labels.npy"
  save w to "words.npy"
  save d to "number.npy"
  save int(a) to "whole.npy"
  let wide: f32[down, long] = d
  save wide to "wide.png"
  save kept to "kept.npy"
  kept <- kept + 1
  for i in step {
    save kept * f32(i) to "steps.npy"
    if i == 1 { save kept to "branch.npy" }
  }
  record mean = noted(x[down: 1, across: 1])
}
task wrong(d: f32) {
  let y: f32[row, col] = d
  for epoch in 0..2 { save y to "wrong.png" }
}
task plots(x: f32[step, long], y: f32[row], n: int[push], m: f32[row, col]) {
  plot x over long to "many.svg"
  plot y to "one.svg"
  plot n to "labels.svg"
  plot m by col to "turned.svg"
}
task nowhere() { save kept to "nowhere/kept.npy" }
"""
(folder / "program.burin").write_text(PROGRAM)
random = numpy.random.default_rng(1)
x = random.uniform(0, 1, (2, 3, 4, 5)).astype("f4")
a, w = numpy.array([0, 1, 1, 0], "u1"), numpy.array([0, 255, 256, 999], "i4")
given = options(folder, {"x": x, "a": a, "w": w}) + ["--d", "0.25"]


def same(name, expected, kind):
    found = numpy.load(folder / name)
    assert found.dtype.str == kind and found.shape == expected.shape and (found == expected).all(), (name, found, expected)


level = lambda v: numpy.floor(v.astype("f8") * 255 + 0.5).astype("u1")
grid = x.transpose(0, 2, 1, 3).reshape(8, 15)
names = ["plain.npy", "grid.npy", "grid.png", "turned.npy", "colours.png", "holes.png", "means.npy", "labels.npy", "words.npy", "number.npy", "whole.npy",
         "wide.png", "kept.npy", "steps.npy", "branch.npy", "noted.npy"]
seen = {}
for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
    for name in names:
        (folder / name).unlink(missing_ok=True)
    subprocess.run([burin, "run", "program.burin", way, "t", *given], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    same("plain.npy", x, "<f4")
    same("grid.npy", grid, "<f4")
    same("turned.npy", x[0, 0].T, "<f4")
    assert numpy.allclose(numpy.load(folder / "means.npy"), x.mean((2, 3)), atol=1e-6) and numpy.load(folder / "means.npy").dtype == "f8"
    same("labels.npy", a, "|u1")
    same("words.npy", w, "<i4")
    same("number.npy", numpy.float32(0.25), "<f4")
    same("whole.npy", a.astype("i8"), "<i8")
    same("kept.npy", numpy.full(4, 2, "f4"), "<f4")
    same("steps.npy", numpy.full(4, 3, "f4"), "<f4")
    same("branch.npy", numpy.full(4, 3, "f4"), "<f4")
    same("noted.npy", x[1, 1], "<f4")
    assert (pixels(folder / "grid.png") == level(grid)).all()
    assert (pixels(folder / "colours.png") == level(x[0].transpose(1, 2, 0))).all()
    assert (pixels(folder / "holes.png") == numpy.where(x[0, 0] > 0.5, 255, 0)).all()
    assert (pixels(folder / "wide.png") == numpy.full((2, 70_000), 64)).all()
    for name in names:
        data = (folder / name).read_bytes()
        assert name == "means.npy" or seen.setdefault(name, data) == data, (way, name)

subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def ends(task, *said):
    done = subprocess.run(["./program", *task], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1 and all(s in done.stderr for s in said), done


# Just outside is nearest to black or white; beyond half a level there is none.
for d, fine in ((0, True), (1, True), (-0.0019, True), (1.0019, True), (-0.002, False), (1.002, False), (255, False)):
    (folder / "wrong.png").write_bytes(b"before")
    if fine:
        subprocess.run(["./program", "wrong", f"--d={d}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        assert (pixels(folder / "wrong.png") == (255 if d > 0.5 else 0)).all()
    else:
        ends(["wrong", f"--d={d}"], f"error[E0284]: a picture has levels from 0 to 1, and element 0 of 20 is {numpy.float32(d):.9g}\n",
             "--> program.burin:42:23\n", "= at: epoch 1/2\n", "= help: scale it; `clip(…, 0, 1)` takes the nearest level of what lies beyond\n")
        assert (folder / "wrong.png").read_bytes() == b"before"
# Lines: what they show, by the marks of their scale, is what was given, as near as a page says; no number leaves a gap.
def lines(name):
    page = ElementTree.parse(folder / name).getroot()
    text = [(float(t.get("x")), float(t.get("y")) - 4, t.text) for t in page.iter("{http://www.w3.org/2000/svg}text")]
    marks = [(at, float(label)) for x, at, label in text if x == 64]
    (up0, low), (up1, high) = marks[0], marks[-1]
    out = []
    for path in page.iter("{http://www.w3.org/2000/svg}path"):
        if path.get("stroke-width"):
            points = [p.removesuffix("h0").split() for p in re.findall(r"[ML]([^ML]*)", path.get("d"))]
            out.append([(float(x), low + (float(y) - up0) / (up1 - up0) * (high - low)) for x, y in points])
    return out, [label for x, at, label in text]


x = numpy.sin(numpy.arange(140_000, dtype="f4") / 9000).reshape(2, 70_000)
y = numpy.array([1e6, numpy.nan, -3e6, numpy.inf], "f4")
given = options(folder, {"x": x, "y": y, "n": numpy.array([-7, 12]), "m": grid[:4, :5]})
for way in ("-O2", "--interpret=graph"):
    subprocess.run([burin, "run", "program.burin", way, "plots", *given], cwd=folder, check=True)
    many, labels = lines("many.svg")
    assert [len(line) for line in many] == [70_000] * 2 and "step 0" in labels and "step 1" in labels and "long" in labels
    assert abs(numpy.array(many)[:, :, 1] - x).max() < 0.01
    one, _ = lines("one.svg")
    assert len(one[0]) == 2 and abs(one[0][0][1] - 1e6) < 3e4 and abs(one[0][1][1] + 3e6) < 3e4
    two, labels = lines("labels.svg")
    assert "left" in labels and "right" in labels and abs(numpy.array(two)[0, :, 1] - [-7, 12]).max() < 0.1
    turned, labels = lines("turned.svg")
    assert abs(numpy.array(turned)[:, :, 1] - grid[:4, :5].T).max() < 0.01 and {"row", "col 4"} <= set(labels)
ends(["nowhere"], "error[E0520]: can't write the file: No such file or directory\n", "--> nowhere/kept.npy\n")
