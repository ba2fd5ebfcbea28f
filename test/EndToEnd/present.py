"""What is last, and indices that are computed, along bounded axes and others: values and gradients beside NumPy on each sequence by itself.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch   = 4
dim glyph   = {a, b, stop}
dim time    <= 7
dim row     = 5
dim feature = 3
dim place   = 7
dim beam    = 3

fn at(x: f32[place, feature], w: glyph[time]) -> f32[time, feature] {
  let y[t: time, d] = x[place: int(t) else 0, d] * (if w[t] == glyph.a then 1.0 else 2.0)
  y
}
fn final(x: f32[time, feature]) -> f32[feature] = tanh(x[time: last])
fn best(x: f32[time, feature], w: glyph[time]) -> f32 {
  let i = argmax(sum(stop(x), over: feature), over: time)
  sum(x[i]^2) * (if w[i] == glyph.a then 1.0 else 10.0)
}
fn ends(x: f32[time, feature]) -> f32[feature] {
  let y[d: feature] = x[time: last, d] * x[time: 0, d]
  y
}
fn guarded(x: f32[time]) -> f32 = x[last else 3]^2
fn beyond(x: f32[time], i: time, n: int) -> f32 = x[i else 0.5] + x[time: n else -1]
fn loss(x: f32[batch, place, feature], words: glyph[batch, time]) -> f32 {
  let y = at(x, words)
  sum(final(y)) + sum(best(y, words)) + sum(ends(y))
}
fn loss_guarded(x: f32[batch, place, feature], words: glyph[batch, time]) -> f32 = sum(guarded(sum(at(x, words), over: feature)))

fn shorter(w: glyph[time]) -> glyph[time] {
  let two: glyph[time] = w until glyph.b
  two
}
struct Pair { first: glyph[time], second: glyph[time] }
fn pair(w: glyph[time]) -> Pair = Pair(first: shorter(w), second: w)
fn counted(n: int) -> glyph[time] {  # nothing that it is given says how long its result is
  state text: glyph[beam, time] = glyph.stop
  state score[b: beam] = if b == 2 then 0 else -inf
  for t in time {
    if int(t) < n { text[t] <- glyph.a }
  }
  text[argmax(score)] until glyph.stop
}

task t(text: glyph[batch, time], x: f32[batch, place, feature], dx: f32[batch, place, feature], empty: glyph[batch, time], z: f32[row, batch],
       i: time[batch], n: int[batch]) {
  let words = text until glyph.stop
  let some = empty until glyph.stop
  record loss = loss(x, words)
  record slope = sum(dx * grad(loss(x, words), over: x))
  record guarded = loss_guarded(x, some)
  record slope_guarded = sum(dx * grad(loss_guarded(x, some), over: x))
  record beyond = sum(beyond(sum(at(x, words), over: feature), i, n))
  let p = pair(words)
  record shorter = sum(sum(int(p.first != glyph.stop), over: time) + 100 * sum(int(p.second != glyph.stop), over: time))
  record beneath = sum(guarded(sum(at(x, shorter(words)), over: feature)))
  let made = counted(n)
  record counted = sum(if n > 0 then mean(if made == glyph.a then 2.0 else 1e9, over: time) else 0) + f32(sum(int(made == glyph.a)))
  record rows = sum(z[row: last]^2) + sum(z[row: n else 3.5])
}
"""
random = numpy.random.default_rng(5)
text = numpy.array([[0, 1, 0, 2, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1], [0, 2, 2, 2, 2, 2, 2], [0, 0, 0, 1, 0, 2, 2]], "u1")
empty = text.copy()
empty[1] = 2
x, dx = (random.standard_normal((4, 7, 3)).astype("f4") for _ in range(2))
z = random.standard_normal((5, 4)).astype("f4")
i, n = numpy.array([1, 6, 1, 6], "u1"), numpy.array([-1, 2, 4, 9])


def cut(text):
    return [line[: list(line).index(2)] if 2 in line else line for line in text]


def along(x, text):
    """Each sequence's values along it."""
    return [line[: len(words)] * numpy.where(words == 0, 1.0, 2.0)[:, None] for line, words in zip(x, cut(text))]


chosen = [y.sum(1).argmax() for y in along(x, text)]  # what is decided, is decided at the point


def loss(h):
    total = 0.0
    for y, words, k in zip(along(x + h * dx.astype("f8"), text), cut(text), chosen):
        total += numpy.tanh(y[-1]).sum() + (y[k] ** 2).sum() * (1 if words[k] == 0 else 10) + (y[-1] * y[0]).sum()
    return total


def guarded(h):
    return sum((y[-1].sum() if len(y) else 3.0) ** 2 for y in along(x + h * dx.astype("f8"), empty))


beyond = sum((y[a].sum() if a < len(y) else 0.5) + (y[b].sum() if 0 <= b < len(y) else -1) for y, a, b in zip(along(x, text), i, n))
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {"text": text, "x": x, "dx": dx, "empty": empty, "z": z, "i": i, "n": n})
expected = {
    "loss": loss(0),
    "slope": slope(loss),
    "guarded": guarded(0),
    "slope_guarded": slope(guarded),
    "beyond": beyond,
    "shorter": sum((list(w) + [1]).index(1) + 100 * len(w) for w in cut(text)),
    "beneath": sum((line[: (list(w) + [1]).index(1)][-1].sum() if (list(w) + [1]).index(1) else 3.0) ** 2 for line, w in zip(x, cut(text))),
    "counted": (n > 0).sum() * 2 + numpy.clip(n, 0, 7).sum(),
    "rows": (z[4] ** 2).sum() + sum(z[k, b] if 0 <= k < 5 else 3.5 for b, k in enumerate(n)),
}
judge(burin, folder, "t", given, expected, 1e-4)
