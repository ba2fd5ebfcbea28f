"""Files of values along bounded axes hold what is present: arrays, pictures, lines, in whatever order of axes; compiled at -O0 and -O2 and interpreted, the
same bytes. A picture of nothing ends the program.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import subprocess
import sys

import numpy
from burin_judge import options
from burin_pictures import pixels

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim line    = 4
dim time   <= 9
dim batch  <= 32
dim place   = 9
dim feature = 3
dim word    = 300
dim glyph   = {a, b, c, stop}
data rows = csv("rows.csv") { x: f32 = column(0); n: int = column(1) }

task one(k: glyph[time], table: f32[glyph, feature], w: word[glyph]) {
  let x = table[k]
  save k to "k.npy"
  save w[k] to "words.npy"
  save x as [time, feature] to "x.npy"
  save x as [feature, time] to "turned.npy"
  save x as [(time, feature)] to "flat.npy"
  save (k == glyph.b) to "is.npy"
  save clip(x, 0, 1) as [feature, time] to "x.png"
  plot mean(x, over: feature) to "line.svg"
  plot x by feature to "lines.svg"
}
task until_stop(k: glyph[time], table: f32[glyph, feature]) {
  let x = table[k until glyph.stop]
  save x as [feature, time] to "cut.npy"
  save x as [feature, time] to "cut.png"
}
task many(text: glyph[line, time], table: f32[glyph]) {
  let k = text until glyph.stop
  plot table[k] by line to "many.svg"
  let whole[i: place] = k[time: int(i) else glyph.stop]
  save whole as [line, place] to "whole.npy"
  save sum(ones_like(table[k]), over: time) to "lengths.npy"
}
task batches() {
  state last: int = 0
  for b in rows.batches[batch] {
    save b.n to "n.npy"
    last <- max(b.n)
  }
  record last = f32(last)
}
"""
(folder / "program.burin").write_text(PROGRAM)
random = numpy.random.default_rng(2)
(folder / "rows.csv").write_text("".join(f"{n / 8},{n}\n" for n in range(70)))
table, w = random.uniform(size=(4, 3)).astype("f4"), random.integers(0, 300, 4).astype("i4")
text = random.integers(0, 4, (4, 9)).astype("u1")
text[0, 0], text[1] = 3, 1
given = options(folder, {"table": table, "w": w})
several = options(folder, {"text": text, "table": table[:, 0]})
k = numpy.array([0, 1, 2, 1, 0])
seen = {}


def lines(name):
    found = re.findall(r'<path fill="none" stroke="[^"]*" stroke-width="1.5"[^>]* d="([^"]*)"', (folder / name).read_text())
    return [len(re.findall(r"[ML]", d)) for d in found]


for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
    run = lambda *task: subprocess.run([burin, "run", "program.burin", way, *task], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    numpy.save(folder / "table.npy", table)
    run("one", "--k", "abcba", *given)
    load = lambda name: numpy.load(folder / f"{name}.npy")
    assert (load("k") == k).all() and load("k").dtype == "u1" and (load("words") == w[k]).all()
    assert load("x").shape == (5, 3) and (load("x") == table[k]).all() and (load("turned") == table[k].T).all()
    assert (load("flat") == table[k].flatten()).all() and (load("is") == (k == 1)).all()
    assert (pixels(folder / "x.png") == numpy.floor(table[k].T.astype("f8") * 255 + 0.5)).all()
    assert lines("line.svg") == [5] and lines("lines.svg") == [5] * 3
    run("until_stop", "--k", "abcba", "--table", "table.npy")
    assert (load("cut") == table[k].T).all()
    numpy.save(folder / "table.npy", table[:, 0])
    run("many", *several)
    lengths = [numpy.argmax(line == 3) if (line == 3).any() else 9 for line in text]
    assert lines("many.svg") == lengths and (load("lengths") == lengths).all()
    assert (load("whole") == [[g if j < n else 3 for j, g in enumerate(line)] for line, n in zip(text, lengths)]).all()
    run("batches")
    assert (load("n") == numpy.arange(64, 70)).all()  # what is left of the rows
    for name in [*folder.glob("*.svg"), *folder.glob("*.png"), folder / "x.npy", folder / "whole.npy"]:
        assert seen.setdefault(name.name, name.read_bytes()) == name.read_bytes(), (way, name)
# Nothing is present before a `stop` that stands first: an array of no columns, but no picture.
(folder / "stop.burin").write_text(PROGRAM.replace("{a, b, c, stop}", "{a, b, c, s}").replace("glyph.stop", "glyph.s"))
numpy.save(folder / "table.npy", table)
(folder / "cut.png").write_bytes(b"before")
for way in ("-O2", "--interpret=graph"):
    done = subprocess.run([burin, "run", "stop.burin", way, "until_stop", "--k", "sab", "--table", "table.npy"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1 and "error[E0538]: a picture has rows and columns, and this would be of 3 × 0\n" in done.stderr, done
    assert "--> stop.burin:26:3\n" in done.stderr and "= help: save it where something is present\n" in done.stderr, done
    assert numpy.load(folder / "cut.npy").shape == (3, 0) and (folder / "cut.png").read_bytes() == b"before"
