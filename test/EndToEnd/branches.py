"""`if` and `while` in numbers, beside NumPy: compiled with and without optimisation, and interpreted; gradients too, numerically.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch = 4

fn root(x: f32) -> f32 {                    # of one number: mapped, each goes on for itself
  state r: f32 = max(x, 1)
  while abs(r * r - x) > 1e-6 * x max 100 { r <- 0.5 * (r + x / r) }
  r
}
fn branchy(x: f32[batch], w: f32[batch], go: bool) -> f32 {
  state s: f32[batch] = x
  if go {
    for i in 0..3 { s <- s * w + 0.1 }
  } else {
    s <- sum(s * w) * w
    s <- exp(s)
  }
  if mean(s) > 0 {
    let z = s @ w
    z * z
  } else { sum(s^3) }
}
fn masked(x: f32[batch]) -> f32 {           # a state that is set where the condition holds, in a loop and a branch in it
  state y: f32[batch] = x
  for i in 0..3 {
    if y > 0.2 {
      let half = 0.5 * y
      y <- y * half
      if half > 0.3 { y <- y + sin(half) }
    } else { y <- y + 0.4 }
  }
  sum(y * y)
}
fn both(x: f32[batch], w: f32[batch]) -> f32 {
  branchy(x, w, mean(x) > -100) + branchy(x, w, mean(x) > 100) + branchy(-x, w, mean(x) > -100) + masked(x) + masked(w)
}

task t(x: f32[batch], w: f32[batch], dx: f32[batch], dw: f32[batch]) {
  record value = both(x, w)
  let g = grad(both(x, w), over: x)
  let h = grad(both(x, w), over: w)
  record slope = sum(g * dx) + sum(h * dw)
  record roots = sum(root(exp(x)))
  let r = grad(sum(root(exp(x))), over: x)
  record root_slope = sum(r * dx)
  state peak: f32[batch] = 0
  state n: int[batch] = 0
  for i in 0..3 {
    if x > 0 { peak <- peak + x; n <- n + 1 } else { n <- n - 1 }
  }
  record peak = sum(peak)
  record n = sum(n)
  if sum(n) > 0 { record more = sum(n) } else { record less = sum(n) }
}
task second(x: f32[batch], w: f32[batch], dx: f32[batch], dw: f32[batch]) {
  let m = grad(over: x) {
    let g = grad(both(x, w), over: w)
    sum(g * dw)
  }
  record mixed = sum(m * dx)
}
"""


def branchy(x, w, go):
    s = x
    if go:
        for _ in range(3):
            s = s * w + 0.1
    else:
        s = numpy.exp((s * w).sum() * w)
    return (s @ w) ** 2 if s.mean() > 0 else (s**3).sum()


def masked(x):
    y = x
    for _ in range(3):
        inner = 0.5 * y
        larger = y * inner
        larger = numpy.where(inner > 0.3, larger + numpy.sin(inner), larger)
        y = numpy.where(y > 0.2, larger, y + 0.4)
    return (y * y).sum()


random = numpy.random.default_rng(3)
values = {name: (0.5 * random.standard_normal(4)).astype("f4") for name in ("x", "w", "dx", "dw")}
X, W, DX, DW = (v.astype("f8") for v in values.values())


def at(a=0.0, b=0.0):
    x, w = X + a * DX, W + b * DW
    return branchy(x, w, True) + branchy(x, w, False) + branchy(-x, w, True) + masked(x) + masked(w)


n = int((X > 0).sum()) * 3 - int((X <= 0).sum()) * 3
first = {
    "value": at(),
    "slope": slope(lambda h: at(h, h)),
    "roots": numpy.exp(X / 2).sum(),
    "root_slope": (0.5 * numpy.exp(X / 2) * DX).sum(),
    "peak": 3 * X[X > 0].sum(),
    "n": n,
    "more" if n > 0 else "less": n,
}
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, values)
judge(burin, folder, "t", given, first, 1e-4)
second = {"mixed": slope(lambda a: slope(lambda b: at(a, b), 3e-3), 3e-3)}
judge(burin, folder, "second", given, second, 1e-4, ["-O2", "-O0", "--interpret=grad"])
