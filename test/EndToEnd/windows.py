"""Windows in numbers, beside NumPy: convolutions of one and two axes with strides, padding and dilation, pooling, Toeplitz, shifts and diagonals;
first and second derivatives beside differences.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch = 2
dim time = 11
dim row = 7
dim col = 6
dim tap = 3
dim kh = 3
dim kw = 2
dim map = 3
dim out = 4
dim lag = 9

fn line(s: f32[time], k: f32[tap]) -> f32 {
  let plain[i: time] = sum[u: tap] s[i + u] * k[u]
  let strided[i: time] = sum[u: tap] s[2 * i + u] * k[u]
  let padded[i: time] = sum[u: tap] s[i + u - 1 else 0] * k[u]
  let both[i: time:6] = sum[u: tap] s[2 * i + u - 1 else 0] * k[u]
  let dilated[i: time] = sum[u: tap] s[i + 3 * u] * k[u]
  let flipped[i: time] = sum[u: tap] s[i - u + 2] * k[u]
  let causal[i: time] = sum[u: tap] s[i - 2 * u else 0] * k[u]
  let shifted[i: time] = s[i - 1 else 0.5] * s[i]
  let picked[i: time] = s[3 * i + 1]^2
  let backwards[i: time] = s[10 - i] * s[i]
  let average[i: time] = mean[u: 3] s[3 * i + u]
  let ends = s[time: 0] * s[time: 10]
  sum(plain^2) + sum(strided^3) + sum(padded^2) + sum(both^3) + sum(dilated^2) + sum(flipped^2) + sum(causal^3) + sum(shifted^2) + sum(picked) + sum(backwards^2) + sum(average^3) + ends
}
fn toeplitz(t: f32[lag], v: f32[tap]) -> f32 {
  let y[i: 7] = sum[j: tap] t[i - j + 2] * v[j]
  let m[i: 4, j: 4] = t[i - j + 3]
  sum(y^2) + sum(m^3)
}
fn plane(x: f32[row, col, map], w: f32[kh, kw, map, out]) -> f32 {
  let plain[i: row, j: col, o] = sum[m: kh, n: kw, c] x[i + m, j + n, c] * w[m, n, c, o]
  let strided[i: row:4, j: col:3, o] = sum[m: kh, n: kw, c] x[i * 2 + m - 1 else 0, j * 2 + n, c] * w[m, n, c, o]
  let dilated[i: row, j: col, o] = sum[m: kh, n: kw, c] x[i + m * 2, j + n * 3, c] * w[m, n, c, o]
  let each[i: row, j: col, c] = sum[m: kh, n: kw] x[i + m, j + n, c] * w[m, n, c, out: 1]
  let turned[o, i: row, j: col] = sum[c, m: kh, n: kw] x[i + m, j + n, c] * w[m, n, c, o]
  let most[i: row, j: col, c] = max[m: 2, n: 2] x[i * 2 + m, j * 2 + n, c]
  let close[i: row, j: col, c] = max[m: 3, n: 3] x[i + m, j + n, c]
  let average[i: row, j: col, c] = mean[m: 2, n: 3] x[i * 2 + m, j * 3 + n, c]
  let least[i: row, c] = min[m: 2, j: col] x[i * 2 + m, j, c]
  let across[i: row, m: 3, c] = x[i, col: i + m - 1 else 0, c]
  let corner[i: 3, c] = x[row: i + 1, col: i + 2, c]
  sum(plain^2) + sum(strided^2) + sum(dilated^2) + sum(each^3) + sum(turned^3) / 50 + sum(most^2) + sum(close^3) + sum(average^2) + sum(least^2) + sum(across^2) + sum(corner^3)
}
fn all(s: f32[time], k: f32[tap], t: f32[lag], x: f32[row, col, map], w: f32[kh, kw, map, out]) -> f32 = line(s, k) + toeplitz(t, k) + plane(x, w)

task t(s: f32[batch, time], k: f32[tap], t: f32[batch, lag], x: f32[batch, row, col, map], w: f32[kh, kw, map, out], ds: f32[batch, time], dk: f32[tap], dt: f32[batch, lag], dx: f32[batch, row, col, map], dw: f32[kh, kw, map, out]) {
  record value = sum(all(s, k, t, x, w))
  record slope = sum(grad(sum(all(s, k, t, x, w)), over: s) * ds) + sum(grad(sum(all(s, k, t, x, w)), over: k) * dk) + sum(grad(sum(all(s, k, t, x, w)), over: t) * dt) + sum(grad(sum(all(s, k, t, x, w)), over: x) * dx) + sum(grad(sum(all(s, k, t, x, w)), over: w) * dw)
  let chosen[i: col, c] = argmax[j: row] x[batch: 0][j, i, c]
  record chosen = mean(f32(int(chosen)))
}
task twice(s: f32[batch, time], k: f32[tap], t: f32[batch, lag], x: f32[batch, row, col, map], w: f32[kh, kw, map, out], ds: f32[batch, time], dk: f32[tap], dx: f32[batch, row, col, map], dw: f32[kh, kw, map, out]) {
  record second_s = sum(grad(sum(grad(sum(all(s, k, t, x, w)), over: s) * ds), over: k) * dk) + sum(grad(sum(grad(sum(all(s, k, t, x, w)), over: s) * ds), over: s) * ds)
  record second_x = sum(grad(sum(grad(sum(all(s, k, t, x, w)), over: x) * dx), over: w) * dw) + sum(grad(sum(grad(sum(all(s, k, t, x, w)), over: x) * dx), over: x) * dx)
  record second_w = sum(grad(sum(grad(sum(all(s, k, t, x, w)), over: w) * dw), over: w) * dw)
}
"""


def at(x, i):
    """x[i] along its first axis, 0 outside."""
    return x[i] if 0 <= i < len(x) else numpy.zeros_like(x[0])


def line(s, k):
    plain = numpy.array([sum(s[i + u] * k[u] for u in range(3)) for i in range(9)])
    strided = numpy.array([sum(s[2 * i + u] * k[u] for u in range(3)) for i in range(5)])
    padded = numpy.array([sum(at(s, i + u - 1) * k[u] for u in range(3)) for i in range(11)])
    both = numpy.array([sum(at(s, 2 * i + u - 1) * k[u] for u in range(3)) for i in range(6)])
    dilated = numpy.array([sum(s[i + 3 * u] * k[u] for u in range(3)) for i in range(5)])
    flipped = numpy.array([sum(s[i - u + 2] * k[u] for u in range(3)) for i in range(9)])
    causal = numpy.array([sum(at(s, i - 2 * u) * k[u] for u in range(3)) for i in range(11)])
    shifted = numpy.append(0.5, s[:-1]) * s
    average = s[:9].reshape(3, 3).mean(1)
    total = (plain**2).sum() + (strided**3).sum() + (padded**2).sum() + (both**3).sum() + (dilated**2).sum() + (flipped**2).sum() + (causal**3).sum()
    return total + (shifted**2).sum() + (s[1::3] ** 2).sum() + ((s[::-1] * s) ** 2).sum() + (average**3).sum() + s[0] * s[10]


def toeplitz(t, v):
    y = numpy.array([sum(t[i - j + 2] * v[j] for j in range(3)) for i in range(7)])
    m = numpy.array([[t[i - j + 3] for j in range(4)] for i in range(4)])
    return (y**2).sum() + (m**3).sum()


def plane(x, w):
    def convolved(rows, cols, row, col):
        """`row(i, m)` and `col(j, n)`: where it reads."""
        zero = numpy.zeros(x.shape[2])
        read = lambda i, j: x[i, j] if 0 <= i < 7 and 0 <= j < 6 else zero
        return numpy.array([[sum(read(row(i, m), col(j, n)) @ w[m, n] for m in range(3) for n in range(2)) for j in range(cols)] for i in range(rows)])

    plain = convolved(5, 5, lambda i, m: i + m, lambda j, n: j + n)
    strided = convolved(4, 3, lambda i, m: 2 * i + m - 1, lambda j, n: 2 * j + n)
    dilated = convolved(3, 3, lambda i, m: i + 2 * m, lambda j, n: j + 3 * n)
    each = sum(x[m : m + 5, n : n + 5] * w[m, n, :, 1] for m in range(3) for n in range(2))
    most = x[:6].reshape(3, 2, 3, 2, 3).max((1, 3))
    close = numpy.max([x[m : m + 5, n : n + 4] for m in range(3) for n in range(3)], axis=0)
    average = x[:6].reshape(3, 2, 2, 3, 3).mean((1, 3))
    least = x[:6].reshape(3, 2, 6, 3).min((1, 2))
    across = numpy.array([[x[i, i + m - 1] if 0 <= i + m - 1 < 6 else numpy.zeros(3) for m in range(3)] for i in range(7)])
    corner = numpy.array([x[i + 1, i + 2] for i in range(3)])
    total = (plain**2).sum() + (strided**2).sum() + (dilated**2).sum() + (each**3).sum() + (plain**3).sum() / 50
    return total + (most**2).sum() + (close**3).sum() + (average**2).sum() + (least**2).sum() + (across**2).sum() + (corner**3).sum()


random = numpy.random.default_rng(7)
shapes = {"s": (2, 11), "k": (3,), "t": (2, 9), "x": (2, 7, 6, 3), "w": (3, 2, 3, 4)}
values = {name: (0.7 * random.standard_normal(shape)).astype("f4") for name, shape in shapes.items()}
steps = {name: (0.5 * random.standard_normal(shape)).astype("f4") for name, shape in shapes.items()}
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {**values, **{"d" + name: step for name, step in steps.items()}})
given_twice = [word for pair in zip(given[::2], given[1::2]) if pair[0] != "--dt" for word in pair]


def moved(h, names="sktxw"):
    s, k, t, x, w = (values[n].astype("f8") + (h if n in names else 0) * steps[n].astype("f8") for n in "sktxw")
    return sum(line(s[b], k) + toeplitz(t[b], k) + plane(x[b], w) for b in range(2))


def second(first, then):
    """The derivative along `first`, and then along `then`."""
    h = 3e-4  # short enough that no maximum changes
    if first == then:
        return (-moved(2 * h, first) + 16 * moved(h, first) - 30 * moved(0) + 16 * moved(-h, first) - moved(-2 * h, first)) / (12 * h * h)

    def both(a, b):
        s, k, t, x, w = (values[n].astype("f8") + (a * (n == first) + b * (n == then)) * steps[n].astype("f8") for n in "sktxw")
        return sum(line(s[i], k) + toeplitz(t[i], k) + plane(x[i], w) for i in range(2))

    return slope(lambda a: slope(lambda b: both(a, b), h), h)


expected = {
    "value": moved(0),
    "slope": slope(moved),
    "chosen": values["x"][0].argmax(0).mean(),
}
judge(burin, folder, "t", given, expected, 2e-4)
expected = {
    "second_s": second("s", "k") + second("s", "s"),
    "second_x": second("x", "w") + second("x", "x"),
    "second_w": second("w", "w"),
}
judge(burin, folder, "twice", given_twice, expected, 2e-4, ("-O2", "-O0", "--interpret=grad"))
