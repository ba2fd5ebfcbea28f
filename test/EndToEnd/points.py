"""Plots of points: where they stand by the marks of the page, their colours by the legend, what is left out; of whole sets, and of very many. Compiled at
-O0 and -O2 and interpreted, the same bytes.

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

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim part   = 40
dim run    = 3
dim plane  = {across, up}
dim class  = {left, right, elsewhere_which_is_long}
dim word   = 25
dim many   = 300_000
dim hidden = 4
dim time  <= 5

data rows = csv("rows.csv") {
  at: f32[plane] = columns(0..2)
  kind: class    = column(2)
} split (train: 80%, test: rest)

model Encoder { param w: f32[plane, hidden] = normal(0, 1);  param u: f32[hidden, plane] = normal(0, 1);  fn (x: f32[plane]) -> f32[plane] = tanh(x @ w) @ u }
let net = Encoder()

fn wide(x: f32[plane]) -> f32[run, plane] {
  let y[r: run, p: plane] = x[p] * f32(r + 1)
  y
}

task t(x: f32[part, plane], c: class[part], y: f32[run, part], n: int[part], w: word[run, part]) {
  plot x by c to "plain.svg"
  plot x by x[plane.up] > 0 to "bools.svg"
  plot (y, low: -y) by c to "pairs.svg"
  plot (y, y^2) by w to "words.svg"
  plot (whole: n, n + n) to "whole.svg"
  for i in 0..3 { plot (f32(i) * x[plane.up], x[plane.up]) to "last.svg" }
}
task whole() {
  plot rows.train.at by rows.train.kind to "rows.svg"
  plot net(rows.train.at) by rows.train.kind to "net.svg"
  save net(rows.train.at) to "net.npy"
  save rows.train.kind to "kind.npy"
  save wide(rows.train.at) as [(rows.train, run), plane] to "outer.npy"
}
task dense(x: f32[many, plane], c: class[many]) {
  plot x by c to "dense.svg"
}
task series(text: class[part, time], level: f32[class, plane]) {
  let seen = text until class.right
  plot level[seen] by seen to "series.svg"
}
"""
(folder / "program.burin").write_text(PROGRAM)
random = numpy.random.default_rng(3)
SVG = "{http://www.w3.org/2000/svg}"


def scale(marks):
    (a, low), (b, high) = marks[0], marks[-1]
    return lambda at: low + (at - a) / (b - a) * (high - low)


def points(name):
    """Where the dots of each entry of the legend stand, the names of both axes, and what else is written."""
    page = ElementTree.parse(folder / name).getroot()
    texts = [(t.get("x"), t.get("y"), t.text) for t in page.iter(SVG + "text")]
    across = scale([(float(x), float(text)) for x, y, text in texts if y == "368"])
    up = scale([(float(y) - 4, float(text)) for x, y, text in texts if x == "64"])
    names = [text for x, y, text in texts if x is None or y == "388"]
    legend = {c.get("fill"): next(t for x, y, t in texts if x == f"{float(c.get('cx')) + 10:g}" and float(y) == float(c.get("cy")) + 4) for c in page.iter(SVG + "circle")}
    dots = {}
    for path in page.iter(SVG + "path"):
        if path.get("stroke-linecap"):
            found = [tuple(map(float, p.split())) for p in re.findall(r"M([\d.]+ [\d.]+)h0", path.get("d"))]
            dots[legend.get(path.get("stroke"))] = numpy.array([(across(x), up(y)) for x, y in found])
    return dots, names, [text for x, y, text in texts if x == "636"]


def near(dots, label, expected, wide):
    """Each dot stands at a point, and each point has a dot, of its label or one that covers it: within a pixel."""
    expected = numpy.asarray(expected, "f8").reshape(-1, 2)
    extent = numpy.ptp(wide, axis=0) / [430, 330] * 1.1
    apart = abs(dots[label][:, None] - expected[None]) / extent
    assert (apart.max(2).min(1) < 1).all(), label
    apart = abs(numpy.concatenate(list(dots.values()))[:, None] - expected[None]) / extent
    assert (apart.max(2).min(0) < 1).all(), label


x = random.normal(size=(40, 2)).astype("f4") * [3, 1000] + [0, 5000]
c, y, n, w = random.integers(0, 3, 40).astype("u1"), random.normal(size=(3, 40)).astype("f4"), random.integers(-5, 50, 40), random.integers(0, 25, (3, 40))
x[7, 0], x[8, 1], y[1, 3] = numpy.nan, numpy.inf, -numpy.inf
x = x.astype("f4")
given = options(folder, {"x": x, "c": c, "y": y, "n": n, "w": w.astype("u1")})
count = 1500
rows = random.normal(size=(count, 2)).astype("f4")
kind = (rows.sum(1) > 0).astype(int)
(folder / "rows.csv").write_text("".join(f"{a:.9g},{b:.9g},{'left' if k else 'right'}\n" for (a, b), k in zip(rows, kind)))
text = random.integers(0, 3, (40, 5)).astype("u1")
level = random.normal(size=(3, 2)).astype("f4")
series = options(folder, {"text": text, "level": level})
seen = {}
for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
    for old in folder.glob("*.svg"):
        old.unlink()
    for task in (["t", *given], ["whole"], ["series", *series]):
        subprocess.run([burin, "run", "program.burin", way, *task], cwd=folder, check=True)
    for name in folder.glob("*.svg"):
        data = name.read_bytes()
        assert name.name == "net.svg" or seen.setdefault(name.name, data) == data, (way, name)
    shown = numpy.isfinite(x).all(1)
    dots, names, notes = points("plain.svg")
    assert names == ["across", "up"] and notes == ["2 of 40 points are no numbers"] and set(dots) == {"left", "right", "elsewhere_which_is…"}
    for number, label in enumerate(["left", "right", "elsewhere_which_is…"]):
        near(dots, label, x[shown & (c == number)], x[shown])
    dots, names, notes = points("bools.svg")
    assert set(dots) == {"true"}
    near(dots, "true", x[shown], x[shown])
    dots, names, notes = points("pairs.svg")
    assert names == ["y", "low"] and notes == ["1 of 120 points are no numbers"]
    both, fine = numpy.stack([y, -y], 2), numpy.isfinite(y)
    near(dots, "right", both[fine & (c == 1)[None]], both[fine])
    dots, names, notes = points("words.svg")
    both = numpy.stack([y, y**2], 2)
    assert set(dots) - {"others"} == {f"word {k}" for k in range(20)} & {f"word {k}" for k in w.flatten()} and "others" in dots
    near(dots, "others", both[fine & (w >= 20)], both[fine])
    dots, names, notes = points("whole.svg")
    both = numpy.stack([n, 2 * n], 1)
    assert names == ["whole", None] and set(dots) == {None} and not notes
    near(dots, None, both, both)
    dots, _, _ = points("last.svg")
    near(dots, None, numpy.stack([2 * x[:, 1], x[:, 1]], 1)[numpy.isfinite(x[:, 1])], numpy.stack([2 * x[:, 1], x[:, 1]], 1)[numpy.isfinite(x[:, 1])])
    # Of a set: what the arrays say that were saved of it, and those hold the rows as the file has them.
    found, labels, outer = numpy.load(folder / "net.npy"), numpy.load(folder / "kind.npy"), numpy.load(folder / "outer.npy")
    assert found.shape == (1200, 2) and labels.shape == (1200,) and outer.shape == (3600, 2)
    own = outer.reshape(1200, 3, 2)
    assert (own[:, 1] == 2 * own[:, 0]).all() and {tuple(r) for r in own[:, 0]} <= {tuple(r) for r in rows}
    assert ((own[:, 0].sum(1, dtype="f4") > 0) == (labels == 0)).all()
    dots, names, notes = points("rows.svg")
    near(dots, "left", own[:, 0][labels == 0], own[:, 0])
    near(dots, "right", own[:, 0][labels == 1], own[:, 0])
    dots, names, notes = points("net.svg")
    assert set(dots) == {"left", "right"}
    near({None: numpy.concatenate([dots["left"], dots["right"]])}, None, found, found)
    # Along a bounded axis: what is present.
    dots, names, notes = points("series.svg")
    present = {k for line in text for k in (line[:numpy.argmax(line == 1)] if (line == 1).any() else line)}
    assert present == {0, 2} and set(dots) == {"left", "elsewhere_which_is…"}
    near(dots, "left", level[0], level[[0, 2]])

# Very many: a file of a bounded size, with a dot near each of them, the same in whatever order they come.
x = random.normal(size=(300_000, 2)).astype("f4") * [1, 1e-9] + [1000, 0]
x = x.astype("f4")
c = (x[:, 0] > 1000).astype("u1")
order = random.permutation(300_000)
for way, rows in (("first", slice(None)), ("second", order)):
    subprocess.run([burin, "run", "program.burin", "dense", *options(folder, {"x": x[rows], "c": c[rows]})], cwd=folder, check=True)
    (folder / "dense.svg").rename(folder / f"{way}.svg")
assert (folder / "first.svg").read_bytes() == (folder / "second.svg").read_bytes()
assert (folder / "first.svg").stat().st_size < 1_000_000
dots, _, _ = points("first.svg")
assert len(dots["left"]) + len(dots["right"]) > 10_000
for k, label in enumerate(["left", "right"]):
    some = x[c == k][:300]
    apart = abs(dots[label][:, None] - some[None]) / (numpy.ptp(x, axis=0) / [430, 330])
    assert (apart.max(2).min(0) < 4).all()
