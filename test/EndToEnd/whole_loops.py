"""Loops and branches over a whole data set, of more rows than a tile has, beside NumPy on each row: states, what is emitted, writes at indices, a search.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim time = 5
dim beam = 2
data d = csv("d.csv") { x: f32[time] = columns(0..5),  n: time = column(5) }

fn smooth(x: f32[time]) -> (all: f32[time], last: f32) {
  state h: f32 = 0
  let all = for t in reverse(time) {
    if x[t] > 0 { h <- 0.5 * h + x[t] }
    emit h
  }
  (all, h)
}
fn marked(x: f32[time], n: time) -> f32 {
  state seen: f32[time, time'] = 0
  for t in time {
    seen[t, n] <- x[t]
    for u in time { seen[u, t] += 1 }
  }
  let weight[t: time, u: time] = f32(int(t)) + 10 * f32(int(u))
  sum(weight * seen)
}
fn best(x: f32[time]) -> f32 {
  let (v, i) = top[beam](x, over: time)
  v[beam: 0] - 3 * v[beam: 1] + f32(int(i[beam: 1]))
}
model Kept { state n: f32 = 2 }
let kept = Kept()
task t(few: bool = false) {
  let (all, last) = smooth(d.x)
  record all = mean(all) + mean(if few { max(all, over: time) } else { last })
  kept.n <- kept.n + 1
  record kept = kept.n
  record marked = mean(marked(d.x, d.n))
  record best = mean(best(d.x))
}
"""
random = numpy.random.default_rng(3)
x, n = random.standard_normal((700, 5)).round(3), random.integers(0, 5, 700)
numpy.savetxt(folder / "d.csv", numpy.concatenate([x, n[:, None]], 1), delimiter=",", fmt="%g")
(folder / "program.burin").write_text(PROGRAM)
every, last, marked, best = [], [], [], []
for row, k in zip(x, n):
    h, emitted = 0.0, numpy.zeros(5)
    for t in reversed(range(5)):
        h = 0.5 * h + row[t] if row[t] > 0 else h
        emitted[t] = h
    every.append(emitted.mean()), last.append(h)
    seen = numpy.zeros((5, 5))
    for t in range(5):
        seen[t, k] = row[t]
        seen[:, t] += 1
    marked.append((seen * (numpy.arange(5)[:, None] + 10 * numpy.arange(5))).sum())
    order = sorted(range(5), key=lambda i: (-row[i], i))
    best.append(row[order[0]] - 3 * row[order[1]] + order[1])
expected = {"all": numpy.mean(every) + numpy.mean(last), "kept": 3, "marked": numpy.mean(marked), "best": numpy.mean(best)}
judge(burin, folder, "t", [], expected, 1e-4)
