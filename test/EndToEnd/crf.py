"""A linear-chain conditional random field, beside the enumeration of all sequences of tags: its log partition by `logsumexp` as a function that is given, its
marginals as the gradient of that, the best sequence as the gradient of the same chain with `max`, and the gradient of its loss, numerically.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import itertools
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim word = 5
dim tag = {n, v, d}
model Crf[G] {
  param step: f32[G, G'] = normal(0, 1)
  param first: f32[G]    = normal(0, 1)
  fn chain[T](e: f32[T, G], join: fn) -> f32 {
    state a = first + e[T: 0]
    for t in 1..T { a <- (join(a + step, over: G) as [G]) + e[t] }
    join(a, over: G)
  }
  fn score[T](e: f32[T, G], y: G[T]) -> f32 = first[y[T: 0]] + (sum[t] e[t, y[t]]) + (sum[t] step[y[t], y[t + 1]])
  fn nll[T](e: f32[T, G], y: G[T]) -> f32 = chain(e, logsumexp) - score(e, y)
  fn marginals[T](e: f32[T, G]) -> f32[T, G] = grad(chain(e, logsumexp), over: e)
  fn viterbi[T](e: f32[T, G]) -> G[T] = argmax(grad(chain(e, max), over: e), over: G)
}
let crf = Crf[tag]()
fn both(f: fn, x: f32[word]) -> f32 = f(x) + f[word](2 * x)

task t(e: f32[word, tag], y: tag[word], step: f32[tag, tag'], first: f32[tag], de: f32[word, tag], weight: f32[word, tag]) {
  crf.step <- step
  crf.first <- first
  record nll = crf.nll(e, y)
  record marginals = sum(weight * crf.marginals(e))
  let best = crf.viterbi(e)
  record best = sum[t: word] f32(int(best[t])) * f32(t)
  record slope = sum(de * grad(crf.nll(e, y), over: e))
  record both = both(mean, e[tag: 0]) + both(max, e[tag: 1])
}
"""
(folder / "program.burin").write_text(PROGRAM)
random = numpy.random.default_rng(3)
e, step, first, de, weight = (random.standard_normal(shape).astype("f4") for shape in ((5, 3), (3, 3), (3,), (5, 3), (5, 3)))
y = random.integers(0, 3, 5).astype("u1")
sequences = numpy.array(list(itertools.product(range(3), repeat=5)))


def scores(e):
    places = numpy.arange(5)
    return first.astype("f8")[sequences[:, 0]] + e[places, sequences].sum(1) + step.astype("f8")[sequences[:, :-1], sequences[:, 1:]].sum(1)


def nll(e):
    s = scores(e)
    return numpy.log(numpy.exp(s).sum()) - s[(sequences == y).all(1)][0]


wide = e.astype("f8")
p = numpy.exp(scores(wide))
p /= p.sum()
marginals = numpy.array([[p[sequences[:, t] == g].sum() for g in range(3)] for t in range(5)])
expected = {
    "nll": nll(wide),
    "marginals": (weight * marginals).sum(),
    "best": (sequences[scores(wide).argmax()] * numpy.arange(5)).sum(),
    "slope": slope(lambda h: nll(wide + h * de)),
    "both": 3 * e[:, 0].mean() + 3 * e[:, 1].max(),
}
judge(burin, folder, "t", options(folder, {"e": e, "y": y, "step": step, "first": first, "de": de, "weight": weight}), expected, 3e-5)
