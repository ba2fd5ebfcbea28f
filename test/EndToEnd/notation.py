"""Index notation in numbers, beside NumPy: compiled with and without optimisation, and interpreted; gradients too, numerically.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim row = 5
dim col = 4
dim out = 3
dim kh = 2
dim kw = 2
dim time = 6
dim vocab = 7
dim feature = 2

fn everything(x: f32[row, col], w: f32[col, out], k: f32[kh, kw, out], tokens: vocab[time], table: f32[vocab, feature]) -> f32 {
  let product[i: row, o] = sum[c] x[i, c] * w[c, o]
  let window[i: row, j: col, o] = sum[m: kh, n: kw] x[i + m, j + n] * k[m, n, o]
  let half[i: row, j: col] = max[m: 2, n: 2] x[i * 2 + m, j * 2 + n]
  let rises[i: row] = x[i + 1] - x[i]
  let shifted[i: row, j: col] = x[i - 1 else 0.5, j]
  let wide[i: row:3, j: col] = sum[m: 3] x[i * 2 + m - 1 else 0, j]
  let gram[i: row, j: row] = sum[c] x[i, c] * x[j, c]
  let upper[i: row, j: row] = if i <= j then gram[i, j] else 0
  let turned[j: col, i: row] = x[i, j]
  let words[t: time, d] = table[tokens[t], d]
  let flat[p: 20] = x[row: p / col, col: p % col] * f32(p)
  let back[i: row, j: col] = flat[i*col + j]
  let pairs[i: row, d: feature] = sum[t] sum(x[i]) * words[t, d]
  let soft[i: row] = softmax(x[i])
  let cubes = sum[i: row, j: col] x[i, j]^3
  sum(product^2) + sum(window^2) + sum(half^2) + sum(rises^2) + sum(shifted^3) + sum(wide^2) + sum(upper^2) + sum(turned @[col] w) + sum(words^2)
    + sum(flat) + sum(back * x) + sum(pairs^2) + sum(soft^2) + cubes + (sum[i: row] gram[i, i])
}

task t(x: f32[row, col], w: f32[col, out], k: f32[kh, kw, out], tokens: vocab[time], table: f32[vocab, feature], dx: f32[row, col], dw: f32[col, out], dk: f32[kh, kw, out], dt: f32[vocab, feature]) {
  record value = everything(x, w, k, tokens, table)
  let gx = grad(everything(x, w, k, tokens, table), over: x)
  let gw = grad(everything(x, w, k, tokens, table), over: w)
  let gk = grad(everything(x, w, k, tokens, table), over: k)
  let gt = grad(everything(x, w, k, tokens, table), over: table)
  record slope = sum(gx * dx) + sum(gw * dw) + sum(gk * dk) + sum(gt * dt)
  let next[t: time] = tokens[t + 1 else 3]
  let most[i: row] = argmax[c: col] x[i, c]
  record next = mean(f32(int(next)))
  record most = mean(f32(int(most)))
}
"""


def everything(x, w, k, tokens, table):
    window = sum(x[m : m + 4, n : n + 3, None] * k[m, n] for m in range(2) for n in range(2))
    half = x[:4].reshape(2, 2, 2, 2).max(axis=(1, 3))
    shifted = numpy.concatenate([numpy.full((1, 4), 0.5), x[:-1]])
    padded = numpy.concatenate([numpy.zeros((1, 4)), x, numpy.zeros((1, 4))])
    wide = sum(padded[m : m + 5 : 2] for m in range(3))
    gram, words = x @ x.T, table[tokens]
    pairs = numpy.outer(x.sum(1), words.sum(0))
    soft = numpy.exp(x - x.max(1, keepdims=True))
    soft /= soft.sum(1, keepdims=True)
    values = [x @ w, window, half, x[1:] - x[:-1], wide, numpy.triu(gram), words, pairs, soft]
    return sum((v**2).sum() for v in values) + (shifted**3).sum() + (x @ w).sum() + (x.ravel() * numpy.arange(20)).sum() + (x**2 * numpy.arange(20).reshape(5, 4)).sum() + (x**3).sum() + numpy.trace(gram)


random = numpy.random.default_rng(5)
shapes = {"x": (5, 4), "w": (4, 3), "k": (2, 2, 3), "table": (7, 2)}
values = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
steps = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
tokens = random.integers(0, 7, 6).astype("u1")
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {**values, "tokens": tokens, **{"dt" if n == "table" else "d" + n: s for n, s in steps.items()}})


def at(h):
    return everything(*(values[n].astype("f8") + h * steps[n].astype("f8") for n in ("x", "w", "k")), tokens, values["table"].astype("f8") + h * steps["table"])


expected = {
    "value": at(0),
    "slope": slope(at),
    "next": numpy.append(tokens[1:], 3).mean(),
    "most": values["x"].argmax(1).mean(),
}
judge(burin, folder, "t", given, expected, 3e-5)
