"""Bounded axes in numbers, beside NumPy on each sequence by itself: what is absent counts nowhere, whatever stands there; gradients
against differences.

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
dim glyph = {a, b, c, stop}
dim time <= 7
dim feature = 3
dim place = 7

fn embed(table: f32[glyph, feature], words: glyph[time]) -> f32[time, feature] {
  let e[t: time, d] = table[words[t], d]
  e
}
fn follow(words: glyph[time]) -> glyph[time] {
  let next[t: time] = words[t + 1 else glyph.stop]
  next
}
fn attend(x: f32[time, feature], q: f32[feature]) -> f32[feature] = softmax(x @ q, over: time) @ x
fn at_places(x: f32[time, feature], p: f32[place, feature]) -> f32[time, feature] {
  let y[t: time, d] = x[t, d] + p[place: int(t) else 0, d]
  y
}
fn share(x: f32[time]) -> f32[time] = x / time
fn noisy(x: f32[time]) -> f32 {
  let noise: f32[time] = uniform(1, 2)
  sum(noise * 0 + x) + (if all(noise >= 1) then 0.0 else 100.0)
}

fn each(table: f32[glyph, feature], q: f32[feature], p: f32[place, feature], words: glyph[time]) -> f32 {
  let x = at_places(embed(table, words), p)
  let logits = x @ (table as [glyph, feature])
  let kernel[i: feature, j: feature] = sum[t: time] x[t, i] * x[t, j]
  let most = max(x, over: time)
  mean(cross_entropy(logits, follow(words))) + sum(attend(x, q)^2) + sum(kernel^2) * 0.01 + sum(most) + logsumexp(mean(x, over: feature))
    + sum(share(sum(x, over: feature))) + prod(1 + 0.1 * mean(x, over: feature))
}
fn loss(table: f32[glyph, feature], q: f32[feature], p: f32[place, feature], text: glyph[batch, time]) -> f32 {
  let words = text until glyph.stop
  let x = embed(table, words)
  mean(each(table, q, p, words)) + mean(sum(x, over: feature)) + (x @[(batch, time, feature)] x) * 0.1
}
task t(table: f32[glyph, feature], q: f32[feature], p: f32[place, feature], text: glyph[batch, time], dtable: f32[glyph, feature],
       dq: f32[feature], dp: f32[place, feature]) {
  record value = loss(table, q, p, text)
  let gt = grad(loss(table, q, p, text), over: table)
  let gq = grad(loss(table, q, p, text), over: q)
  let gp = grad(loss(table, q, p, text), over: p)
  record slope = sum(gt * dtable) + sum(gq * dq) + sum(gp * dp)
  let words = text until glyph.stop
  record count = f32(sum(words == glyph.a))
  record best = mean(f32(int(argmax(sum(embed(table, words), over: feature), over: time))))
  record all = f32(sum(text == glyph.a))
  record noisy = mean(noisy(sum(embed(table, words), over: feature)))
}
"""


def each(table, q, p, words):
    n = len(words)
    x = table[words] + p[:n]
    logits, following = x @ table.T, numpy.append(words[1:], 3)
    entropy = numpy.log(numpy.exp(logits).sum(1)) - logits[numpy.arange(n), following]
    weight = numpy.exp(x @ q)
    attended = (weight / weight.sum()) @ x
    m = x.mean(1)
    return entropy.mean() + (attended**2).sum() + ((x.T @ x) ** 2).sum() * 0.01 + x.max(0).sum() + numpy.log(numpy.exp(m).sum()) + (x.sum(1) / n).sum() + (1 + 0.1 * m).prod()


def loss(table, q, p, text):
    cut = [line[: list(line).index(3)] if 3 in line else line for line in text]
    x = [table[words] for words in cut]
    together = numpy.concatenate(x)
    return numpy.mean([each(table, q, p, words) for words in cut]) + together.sum(1).mean() + (together**2).sum() * 0.1


random = numpy.random.default_rng(11)
text = numpy.array([[0, 1, 2, 3, 0, 0, 0], [2, 2, 0, 1, 1, 0, 2], [1, 3, 3, 0, 0, 0, 0], [0, 0, 1, 2, 0, 1, 3]], "u1")
shapes = {"table": (4, 3), "q": (3,), "p": (7, 3)}
values = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
steps = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {**values, **{"d" + n: s for n, s in steps.items()}, "text": text})


def at(h):
    return loss(*(values[k].astype("f8") + h * steps[k].astype("f8") for k in ("table", "q", "p")), text)


cut = [line[: list(line).index(3)] if 3 in line else line for line in text]
expected = {
    "value": at(0),
    "slope": slope(at, 1e-4),
    "count": sum((words == 0).sum() for words in cut),
    "best": numpy.mean([values["table"][words].sum(1).argmax() for words in cut]),
    "all": (text == 0).sum(),
    "noisy": numpy.mean([values["table"][words].sum() for words in cut]),
}
judge(burin, folder, "t", given, expected, 1e-4)
