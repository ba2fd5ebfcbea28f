"""Loops over time in numbers, beside NumPy: compiled with and without optimisation, and interpreted; gradients too, numerically.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch = 3
dim time = 5
dim inside = 4
dim hidden = 6
dim vocab = 7

# A recurrent layer of one example; mapped over the batch.
fn recur(x: f32[time, inside], w: f32[inside, hidden], u: f32[hidden, hidden]) -> (every: f32[time, hidden], last: f32[hidden]) {
  state h: f32[hidden] = 0
  let every = for t in time {
    h <- tanh(x[t] @ w + (h as [hidden']) @[hidden'] (u as [hidden', hidden]))
    emit h
  }
  (every, h)
}
fn loss(x: f32[batch, time, inside], w: f32[inside, hidden], u: f32[hidden, hidden], s: f32[time]) -> f32 {
  let (every, last) = recur(x, w, u)
  let back = for t in reverse(time) { emit (every[t] * s[t], sum(every[t])) }
  state decayed: f32[batch, hidden] = 0
  let before[t: time] = every[t - 1 else 0]
  let sums = for t in 1..time {                       # the loop's value is shorter
    decayed <- 0.5 * decayed + every[t] * before[t]
    emit decayed
  }
  state power: f32 = 1
  for i in 0..3 { power <- power * (1 + 0.1 * mean(last)) }
  let pairs = for t in time { emit for v in vocab { emit s[t] * f32(int(v)) } }
  let (scaled, totals) = back
  sum(scaled^2) + sum(totals) + sum(sums * sums) + power + sum(pairs)
}

task t(x: f32[batch, time, inside], w: f32[inside, hidden], u: f32[hidden, hidden], s: f32[time], dx: f32[batch, time, inside], dw: f32[inside, hidden], du: f32[hidden, hidden], ds: f32[time]) {
  record value = loss(x, w, u, s)
  let gx = grad(loss(x, w, u, s), over: x)
  let gw = grad(loss(x, w, u, s), over: w)
  let gu = grad(loss(x, w, u, s), over: u)
  let gs = grad(loss(x, w, u, s), over: s)
  record slope = sum(gx * dx) + sum(gw * dw) + sum(gu * du) + sum(gs * ds)
  state total: int = 0
  for t in time { for j in 0..t { total <- total + int(j) } }       # below an index are indices
  record total = total
}
"""
SECOND = """
task second(x: f32[batch, time, inside], w: f32[inside, hidden], u: f32[hidden, hidden], s: f32[time], dw: f32[inside, hidden], du: f32[hidden, hidden]) {
  let g = grad(over: u) {
    let gw = grad(loss(x, w, u, s), over: w)
    sum(gw * dw)
  }
  record mixed = sum(g * du)
}
"""


def loss(x, w, u, s):
    h, every = numpy.zeros((3, 6)), []
    for t in range(5):
        h = numpy.tanh(x[:, t] @ w + h @ u)
        every.append(h)
    decayed, sums = numpy.zeros((3, 6)), 0
    for t in range(1, 5):
        decayed = 0.5 * decayed + every[t] * every[t - 1]
        sums += (decayed**2).sum()
    scaled = sum(((every[t] * s[t]) ** 2).sum() for t in range(5))
    power = (1 + 0.1 * h.mean()) ** 3
    return scaled + sum(e.sum() for e in every) + sums + power + s.sum() * 21


random = numpy.random.default_rng(5)
shapes = {"x": (3, 5, 4), "w": (4, 6), "u": (6, 6), "s": (5,)}
values = {name: (0.5 * random.standard_normal(shape)).astype("f4") for name, shape in shapes.items()}
steps = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
(folder / "program.burin").write_text(PROGRAM + SECOND)
given = options(folder, {**values, **{"d" + n: s for n, s in steps.items()}})


def at(**along):
    return loss(*(values[n].astype("f8") + along.get(n, 0) * steps[n].astype("f8") for n in shapes))


everywhere = {
    "value": at(),
    "slope": slope(lambda h: at(x=h, w=h, u=h, s=h)),
    "total": sum(j for t in range(5) for j in range(t)),
}
second = {"mixed": slope(lambda k: slope(lambda h: at(w=h, u=k), 3e-3), 3e-3)}
judge(burin, folder, "t", given, everywhere, 3e-5)
also = options(folder, {**values, "dw": steps["w"], "du": steps["u"]})
judge(burin, folder, "second", also, second, 3e-5, ["-O2", "-O0", "--interpret=grad"])
