"""Two data sets, or more, in step: as long as the shortest, in batches, shuffled each by itself, with windows; a row taken apart. Beside NumPy.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim pair = 2
dim late <= 3
data long = csv("long.csv") { x: f32 = column(0)
  y: f32 = column(1) }
data short = csv("short.csv") { x: f32 = column(0) }
task t() {
  state s: f32 = 0
  for (a, b) in zip(long, short) { s <- 0.5 * s + a.x * b.x }
  record step = s
  for (a, b, again) in zip(short.batches[pair], long.batches[pair], long.windows[pair]) {
    s <- s + mean(a.x * b.y) * again.x[pair: 1]
  }
  record batches = s
  for (a, b) in zip(long.batches[late], long.shuffle) { s <- s + mean(a.x) }
  record late = s
  for (x, y) in long { s <- s - x * y }
  record rows = s
  state first: f32 = 0
  state second: f32 = 0
  state same: f32 = 0
  for (a, b) in zip(long.shuffle, long.shuffle) {
    first <- first + a.x
    second <- second + b.x
    same <- same + (if a.x == b.x then 1.0 else 0.0)
  }
  record first = first
  record second = second
  record same = same
}
"""
rows = 8
long = numpy.arange(1, 2 * rows + 1, dtype="f4").reshape(rows, 2) / 8
short = numpy.arange(3, 8, dtype="f4")[:, None] / 4
numpy.savetxt(folder / "long.csv", long, delimiter=",", fmt="%g")
numpy.savetxt(folder / "short.csv", short, delimiter=",", fmt="%g")
(folder / "program.burin").write_text(PROGRAM)

s, expected = 0.0, {}
for a, b in zip(long, short):
    s = 0.5 * s + a[0] * b[0]
expected["step"] = s
for k in range(min(len(short) // 2, len(long) // 2, len(long) - 1)):
    pair = slice(2 * k, 2 * k + 2)
    s += (short[pair, 0] * long[pair, 1]).mean() * long[k + 1, 0]
expected["batches"] = s
for k in range(-(-rows // 3)):
    s += long[3 * k : 3 * k + 3, 0].mean()
expected["late"] = s
expected["rows"] = s - (long[:, 0] * long[:, 1]).sum()
expected["first"] = expected["second"] = long[:, 0].sum()

texts = {way: subprocess.run([burin, "run", way, "program.burin", "t"], cwd=folder, capture_output=True, text=True) for way in ("-O2", "-O0", "--interpret")}
assert all(done.returncode == 0 for done in texts.values()) and len({done.stdout for done in texts.values()}) == 1, texts
found = {name: float(value) for name, value in (line.split() for line in texts["-O2"].stdout.splitlines())}
same = found.pop("same")
assert same < rows  # each in an order of its own
assert found.keys() == expected.keys() and all(abs(found[n] - v) <= 1e-5 * abs(v) for n, v in expected.items()), (found, expected)
