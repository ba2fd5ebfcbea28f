"""The row of the largest and the smallest of a whole data set, beside NumPy: ties, NaNs, for each index of another axis, of whole numbers; and
what stands in that row.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim time  = 5
dim class = 3
data d = csv("d.csv") { x: f32[time] = columns(0..5), n: int = column(5), c: class = column(6) }
data bad = csv("bad.csv") { x: f32 = column(0) }

task t() {
  let row = argmax(d.x, over: d)
  let sums = sum(d.x, over: time)
  record tie = f32(int(argmax(floor(sums), over: d)))
  record least = f32(int(argmin(sums, over: d)))
  record there = sums[argmin(sums, over: d)]
  record label = f32(int(d.c[argmax(sums)]))
  record numbers = f32(int(argmax(d.n)))
  record each = sum[t: time] f32(int(t) + 1) * f32(int(row[t]))
  let shares = softmax(d.x, over: time)[row]  # of each row its own, and of that the one of this place
  record shares = sum[t: time] f32(int(t) + 1) * shares[t]
  record nan = f32(int(argmax(sqrt(bad.x))))
  record nan_least = f32(int(argmin(sqrt(bad.x))))
}
"""
random = numpy.random.default_rng(5)
x, n, c = random.standard_normal((700, 5)).round(3).astype("f4"), random.integers(0, 9, 700), random.integers(0, 3, 700)
numpy.savetxt(folder / "d.csv", numpy.concatenate([x, n[:, None], c[:, None]], 1), delimiter=",", fmt="%g")
bad = [*(str(i % 7) for i in range(300)), "-1", "9", "-2", "-4"]  # whose roots are NaN
(folder / "bad.csv").write_text("\n".join(bad) + "\n")
(folder / "program.burin").write_text(PROGRAM)
sums = x.sum(1, dtype="f4")
shares = numpy.exp(x.astype("f8")) / numpy.exp(x.astype("f8")).sum(1, keepdims=True)
expected = {
    "tie": numpy.floor(sums).argmax(),
    "least": sums.argmin(),
    "there": sums.min(),
    "label": c[sums.argmax()],
    "numbers": n.argmax(),
    "each": sum((t + 1) * x[:, t].argmax() for t in range(5)),
    "shares": sum((t + 1) * shares[x[:, t].argmax(), t] for t in range(5)),
    "nan": 300,
    "nan_least": 300,
}
judge(burin, folder, "t", [], {name: float(value) for name, value in expected.items()}, 1e-5)
