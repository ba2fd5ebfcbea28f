"""Numbers that are checked to be indices: what they are, beside NumPy, compiled and interpreted, mapped, in loops, along lengths and under conditions;
and what they are not ends the run with an error at the user's line, where it counts and only there.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy
from burin_judge import judge, options

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch = 4
dim slot  = 5
dim glyph = {a, b, stop}
dim time  <= 6

fn cell(n: int) -> slot = slot(n - 1)
task t(n: int[batch], x: f32[slot], text: glyph[batch, time]) {
  record mapped = sum(x[cell(n)])
  state total: f32 = 0
  for i in 0..4 { total <- total + x[slot(i + 1)] }
  record loop = total
  let inside = if n > 2 then x[slot(n)] else 0.0
  record masked = sum(inside)
  let words = text until glyph.stop
  let along = if words == glyph.a then 3 else 100 * int(words) - 99
  record lengths = sum(x[slot(along)])
  record lazy = if sum(x) > 1e9 { x[slot(n[batch: 0] + 1000)] } else { x[slot(0)] }
  record parts = f32(slot(3)) + f32(slot(clip(n[batch: 1], slot)))
}
task one(n: int) -> slot { slot(n) }
task each(n: int[batch]) -> slot[batch] {
  let k = cell(n)
  k
}
task loop(n: int) {
  for i in 0..n { record x = f32(slot(i)) }
}
task chosen(n: int[batch], x: f32[slot]) {
  record x = sum(if n < 7 then x[slot(n)] else 0.0)
}
"""
n, x = numpy.array([1, 5, 2, 3]), numpy.arange(5).astype("f4") ** 2
text = numpy.array([[0, 1, 2, 0, 0, 0], [2, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0], [1, 0, 2, 2, 2, 2]], "u1")
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {"n": n, "x": x, "text": text})
lengths = 0.0
for row in text:
    for glyph in row:
        if glyph == 2:
            break
        lengths += x[3 if glyph == 0 else 1]
expected = {"mapped": x[n - 1].sum(), "loop": x[1:].sum(), "masked": x[n[n > 2] % 5].sum(), "lengths": lengths, "lazy": 0, "parts": 7}
n[1] = 4
given = options(folder, {"n": n, "x": x, "text": text})
expected["mapped"], expected["masked"] = x[n - 1].sum(), x[n[n > 2]].sum()
judge(burin, folder, "t", given, expected, 1e-6)


def run(task, *arguments):
    return subprocess.run([burin, "run", *arguments[:1], "program.burin", task, *arguments[1:]], cwd=folder, capture_output=True, text=True)


def fails(task, line, *arguments):
    for way in ("-O0", "-O2", "--interpret=graph", "--interpret=grad"):
        failed = run(task, way, *arguments)
        assert failed.returncode == 1 and "error[E0232]: this is no index of `slot`, which goes from 0 to 4\n" in failed.stderr, (way, failed)
        place = next(text for text in failed.stderr.splitlines() if "--> " in text)
        assert place.strip() == f"--> program.burin:{line}" and "= help: `clip(n, slot)` takes the nearest, `n % slot` wraps" in failed.stderr, (way, failed)


for wrong in ("5", "-1", "9223372036854775807", "-9223372036854775808"):
    fails("one", "21:28", "--n", wrong)
for right in ("0", "4"):
    assert run("one", "-O2", "--n", right).stdout == right + "\n"
numpy.save(folder / "n.npy", numpy.array([1, 2, 0, 3]))
fails("each", "7:27", "--n", "n.npy")
fails("loop", "27:34", "--n", "6")
numpy.save(folder / "n.npy", numpy.array([1, 7, 8, 3]))
numpy.save(folder / "x.npy", x)
assert run("chosen", "-O2", "--n", "n.npy", "--x", "x.npy").stdout == "x 10\n"
numpy.save(folder / "n.npy", numpy.array([1, 6, 8, 3]))
fails("chosen", "30:34", "--n", "n.npy", "--x", "x.npy")
