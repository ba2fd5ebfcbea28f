"""Axes in numbers, beside NumPy: extents that types bind, `..`, products and `()`; compiled with and without optimisation, and
interpreted; gradients against differences.

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
dim row = 6
dim col = 5
dim colour = 2
dim kh = 2
dim kw = 2
dim map = 3
dim unit = 4

fn conv(x: f32[row:h, col:w, colour], k: f32[kh, kw, colour, map]) -> f32[row:h - 1, col:w - 1, map] {
  let y[i: row, j: col, o] = sum[m: kh, n: kw, c] x[i + m, j + n, c] * k[m, n, c, o]
  y * f32(h * w)
}
fn pool[H, W](x: f32[H, W], size: int = 2) {
  let y[i: H, j: W] = max[m: size, n: size] x[i * size + m, j * size + n]
  y
}
fn norm(x: f32[.., map]) -> f32[.., map] {
  let m = mean(x, over: ..)
  (x - m) / sqrt(mean((x - m)^2, over: ..) + 0.01)
}
fn each(x: f32[row, col, colour], k: f32[kh, kw, colour, map]) -> f32[row:2, col:2, map] = pool[row, col](norm(conv(x, k)))
fn project[I, O](x: f32[I], w: f32[I, O]) -> f32[O] = x @ w

fn loss(x: f32[batch, row, col, colour], k: f32[kh, kw, colour, map], w: f32[row:2, col:2, map, unit], v: f32[unit]) -> f32 {
  let h = tanh(project[(row:2, col:2, map), unit](each(x, k), w))
  let s = project[unit, ()](h, v)
  let back = project[(), unit](s, v)
  mean(s) + mean(back^2) + mean(softmax(h, over: (batch, unit))^2) + h @[(batch, unit)] h
}
model Net {
  param k: f32[kh, kw, colour, map] = normal(0, 1)
  let normal_of = BatchNorm[map]()
  fn (x: f32[row, col, colour]) -> f32[row:5, col:4, map] = normal_of(conv(x, k))
}
let net = Net()
let opt = Sgd(lr: 0)

task t(x: f32[batch, row, col, colour], k: f32[kh, kw, colour, map], w: f32[row:2, col:2, map, unit], v: f32[unit],
       dx: f32[batch, row, col, colour], dk: f32[kh, kw, colour, map], dw: f32[row:2, col:2, map, unit], dv: f32[unit]) {
  record value = loss(x, k, w, v)
  let gx = grad(loss(x, k, w, v), over: x)
  let gk = grad(loss(x, k, w, v), over: k)
  let gw = grad(loss(x, k, w, v), over: w)
  let gv = grad(loss(x, k, w, v), over: v)
  record slope = sum(gx * dx) + sum(gk * dk) + sum(gw * dw) + sum(gv * dv)
  let best = argmax(x, over: (row, col, colour))
  record best = mean(f32(best.row * 100 + best.col * 10) + f32(int(best.colour)))
  let least = argmin[i: row, c: colour] x[i, c]
  record least = mean(f32(least.row * 10) + f32(int(least.colour)))
  net.k <- k
  for i in 0..2 { record trained = minimize { mean(net(x)^3) } over net with opt }
  record rests = mean(net(x)^3)
}
"""


def conv(x, k):
    return sum(x[:, m : m + 5, n : n + 4, None, :] @ k[m, n] for m in range(2) for n in range(2))[:, :, :, 0] * 30


def loss(x, k, w, v):
    y = conv(x, k)
    m = y.mean((0, 1, 2))
    y = (y - m) / numpy.sqrt(((y - m) ** 2).mean((0, 1, 2)) + 0.01)
    y = y[:, :4, :4].reshape(3, 2, 2, 2, 2, 3).max((2, 4))
    h = numpy.tanh(numpy.einsum("bijm,ijmu->bu", y, w))
    s = h @ v
    e = numpy.exp(h - h.max())
    return s.mean() + (numpy.outer(s, v) ** 2).mean() + ((e / e.sum()) ** 2).mean() + (h * h).sum()


random = numpy.random.default_rng(7)
shapes = {"x": (3, 6, 5, 2), "k": (2, 2, 2, 3), "w": (2, 2, 3, 4), "v": (4,)}
values = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
steps = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {**values, **{"d" + n: s for n, s in steps.items()}})


def at(h):
    return loss(*(values[n].astype("f8") + h * steps[n].astype("f8") for n in "xkwv"))


x, k = values["x"].astype("f8"), values["k"].astype("f8")
best = [numpy.unravel_index(one.argmax(), one.shape) for one in x]
turned = x.transpose(0, 2, 1, 3)  # for each column of each example
least = [numpy.unravel_index(one.argmin(), one.shape) for example in turned for one in example]
y = conv(x, k)
m, v = y.mean((0, 1, 2)), y.var((0, 1, 2))
running = 0.19 * m, 0.81 + 0.19 * v  # after two steps of 0.9
expected = {
    "value": at(0),
    "slope": slope(at, 1e-4),
    "best": numpy.mean([i * 100 + j * 10 + c for i, j, c in best]),
    "least": numpy.mean([i * 10 + c for i, c in least]),
    "trained": (((y - m) / numpy.sqrt(v + 1e-5)) ** 3).mean(),
    "rests": (((y - running[0]) / numpy.sqrt(running[1] + 1e-5)) ** 3).mean(),
}
judge(burin, folder, "t", given, expected, 1e-4)
