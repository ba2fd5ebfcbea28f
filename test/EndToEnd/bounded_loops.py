"""Loops over bounded axes, beside NumPy on each sequence by itself: a recurrent encoder, its last state, backwards, from 1 on, nested, with draws; the
gradient through them against differences. What stands beyond a sequence's end changes nothing.

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
dim hidden = 3

fn encode(w: f32[glyph, hidden], u: f32[hidden, hidden'], text: glyph[time]) -> f32[time, hidden] {
  state s: f32[hidden] = 0
  for t in time {
    s <- tanh(w[text[t]] + ((s @[hidden] u) as [hidden]))
    emit s
  }
}
fn last(w: f32[glyph, hidden], u: f32[hidden, hidden'], text: glyph[time]) -> f32[hidden] {
  state s: f32[hidden] = 0
  for t in time { s <- tanh(w[text[t]] + ((s @[hidden] u) as [hidden])) }
  s
}
fn backwards(w: f32[glyph, hidden], text: glyph[time]) -> f32[time] {
  state s: f32 = 1
  for t in reverse(time) {
    s <- 0.5 * s + sum(w[text[t]])
    emit s
  }
}
fn repeats(text: glyph[time]) -> f32 {
  state n: f32 = 0
  state before = glyph.stop
  for t in time {
    if text[t] == before { n <- n + 1 }
    before <- text[t]
  }
  for t in 1..time { n <- n + 100 }
  n
}
fn pairs(x: f32[time]) -> f32 { # of earlier and later ones
  state n: f32 = 0
  for t in time {
    for s in 0..t { n <- n + x[s] * x[t] }
  }
  n
}
fn steps(text: glyph[time]) -> f32 {
  state n: f32 = 0
  for t in time { n <- n + (if uniform(1, 2) >= 1 then 1.0 else 0.0) }
  n
}
fn written(text: glyph[time]) -> glyph[time] {
  state out: glyph[time] = glyph.stop
  for t in time { out[t] <- text[t] }
  out
}
fn loss(w: f32[glyph, hidden], u: f32[hidden, hidden'], text: glyph[batch, time]) -> f32 {
  let words = text until glyph.stop
  let e = encode(w, u, words)
  mean(softmax(e, over: time)^2) + mean(last(w, u, words)) + sum(backwards(w, words))
}
task t(w: f32[glyph, hidden], u: f32[hidden, hidden'], text: glyph[batch, time], dw: f32[glyph, hidden], du: f32[hidden, hidden']) {
  record value = loss(w, u, text)
  record slope = sum(grad(loss(w, u, text), over: w) * dw) + sum(grad(loss(w, u, text), over: u) * du)
  let words = text until glyph.stop
  record repeats = sum(repeats(words))
  record pairs = sum(pairs(backwards(w, words)))
  record steps = sum(steps(words))
  record count = f32(sum(written(words) == glyph.a))
}
"""


def encode(w, u, words):
    s, out = numpy.zeros(3), []
    for word in words:
        s = numpy.tanh(w[word] + s @ u)
        out.append(s)
    return numpy.array(out)


def backwards(w, words):
    s, out = 1, []
    for word in words[::-1]:
        s = 0.5 * s + w[word].sum()
        out.insert(0, s)
    return numpy.array(out)


random = numpy.random.default_rng(5)
text = numpy.array([[0, 1, 2, 3, 0, 0, 0], [2, 2, 0, 1, 1, 0, 2], [1, 3, 3, 0, 0, 0, 0], [0, 0, 1, 2, 0, 1, 3]], "u1")
cut = [line[: list(line).index(3)] if 3 in line else line for line in text]
shapes = {"w": (4, 3), "u": (3, 3)}
values = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
steps = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}


def loss(w, u):
    encoded = [encode(w, u, words) for words in cut]
    weights = [numpy.exp(e) / numpy.exp(e).sum(0) for e in encoded]
    return (numpy.concatenate([x**2 for x in weights]).mean() + numpy.mean([e[-1] for e in encoded])
            + sum(backwards(w, words).sum() for words in cut))


def at(h):
    return loss(*(values[k].astype("f8") + h * steps[k].astype("f8") for k in ("w", "u")))


sums = [backwards(values["w"].astype("f8"), words) for words in cut]
expected = {
    "value": at(0),
    "slope": slope(at, 1e-4),
    "repeats": sum((words[1:] == words[:-1]).sum() + 100 * (len(words) - 1) for words in cut),
    "pairs": sum(((x.sum() ** 2) - (x**2).sum()) / 2 for x in sums),
    "steps": sum(map(len, cut)),
    "count": sum((words == 0).sum() for words in cut),
}
(folder / "program.burin").write_text(PROGRAM)
judge(burin, folder, "t", options(folder, {**values, **{"d" + n: s for n, s in steps.items()}, "text": text}), expected, 1e-4)
