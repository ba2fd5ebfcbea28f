"""`top` and `same` beside NumPy: order, ties, infinities and NaNs, products of axes, what is present; gradients of the values against differences.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch = 4
dim beam  = 4
dim glyph = {a, b, c, d, stop}
dim row   = 3
dim time  <= 7

fn score(x: f32[row, glyph]) -> f32 {
  let (_v, (r, g)) = top[beam](x, over: (row, glyph))
  let weight[b: beam] = f32(int(b)) + 1
  sum(weight * (100 * f32(int(r)) + 1000 * f32(int(g))))
}
fn values(x: f32[row, glyph]) -> f32[beam] = top[beam](x, over: (row, glyph)).value
fn loss(x: f32[batch, row, glyph]) -> f32 {
  let weight[b: beam] = f32(int(b)) + 1
  sum(weight * values(x)^3) + sum(top[glyph](x, over: glyph).value^2) + sum(x[top[row](stop(x), over: (row, glyph)).index])
}
fn present(w: glyph[time], p: f32[glyph]) -> f32 {
  let value[t: time] = p[w[t]]
  let (v, t) = top[row](value, over: time)
  sum(v) + f32(sum(int(w[t]))) + 1000 * f32(sum(int(t)))
}
task t(x: f32[batch, row, glyph], dx: f32[batch, row, glyph], n: int[glyph], small: u8[glyph], text: glyph[batch, time], more: glyph[batch, time],
       p: f32[glyph]) {
  record places = sum(score(x))
  record loss = loss(x)
  record slope = sum(dx * grad(loss(x), over: x))
  let by = top[beam](n, over: glyph)
  record ints = f32(sum(int(by.index))) + f32(by.value[beam: 1])
  record bytes = f32(by.value[beam: 3] < 0) + f32(int(top[row](small, over: glyph).index[row: 2]))
  let words = text until glyph.stop
  let others = more until glyph.stop
  record present = sum(present(words, p))
  record same = f32(sum(int(same(words, others, over: time)))) + 10 * mean(same(words, words, over: time))
  record all = (if same(words, others, over: (batch, time)) then 1.0 else 0.0) + (if same(words, words) then 2.0 else 0.0)
  record whole = mean(same(x, x, over: (row, glyph))) + mean(same(text, more, over: time))
}
task odd(x: f32[row, glyph]) -> (value: f32[beam], row: row[beam], glyph: glyph[beam]) {
  let (v, (r, g)) = top[beam](x, over: (row, glyph))
  (v, r, g)
}
task few(text: glyph[time]) -> f32 { present(text, zeros_like(p())) }
fn p() -> f32[glyph] {
  let z: f32[glyph] = 0
  z
}
"""
(folder / "program.burin").write_text(PROGRAM)
random = numpy.random.default_rng(7)
x, dx = (random.standard_normal((4, 3, 5)).astype("f4") for _ in range(2))
x[1, 2, 3] = x[1, 0, 1] = x[1].max() + 1  # the first of both comes first
n, small, p = numpy.array([3, -(2**63), 5, 5, 2**63 - 1]), numpy.array([7, 0, 255, 7, 0], "u1"), random.standard_normal(5).astype("f4")
text = numpy.array([[0, 1, 0, 4, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1], [0, 3, 2, 4, 4, 4, 4], [0, 0, 0, 1, 0, 4, 4]], "u1")
more = numpy.array([[0, 1, 0, 4, 1, 1, 1], [1, 1, 1, 1, 1, 1, 4], [0, 3, 1, 4, 4, 4, 4], [0, 0, 0, 1, 0, 0, 4]], "u1")


def order(values):
    """Flat places, the largest first: NaNs before all, the first of equal ones first."""
    flat = values.ravel()
    return sorted(range(flat.size), key=lambda i: (not numpy.isnan(flat[i]), 0 if numpy.isnan(flat[i]) else -flat[i], i))


def cut(line):
    return line[: list(line).index(4)] if 4 in line else line


weight = numpy.arange(1, 5)
best = [order(one)[:4] for one in x]  # what is decided, is decided at the point
rows = [[order(row) for row in one] for one in x]


def loss(h):
    y = x + h * dx.astype("f8")
    total = 0.0
    for one, places in zip(y, best):
        flat = one.ravel()
        total += (weight * flat[places] ** 3).sum() + (one**2).sum() + flat[places[:3]].sum()
    return total


def present(words):
    values = p[words]
    places = order(values)[:3]
    return values[places].sum() + words[places].sum() + 1000 * sum(places)


equal = [list(cut(a)) == list(cut(b)) for a, b in zip(text, more)]
assert 0 < sum(equal) < 4
given = options(folder, {"x": x, "dx": dx, "n": n, "small": small, "text": text, "more": more, "p": p})
expected = {
    "places": sum((weight * (100 * (numpy.array(places) // 5) + 1000 * (numpy.array(places) % 5))).sum() for places in best),
    "loss": loss(0),
    "slope": slope(loss, 1e-4),
    "ints": 4 + 2 + 3 + 0 + 5,
    "bytes": 0 + 3,
    "present": sum(present(cut(line)) for line in text),
    "same": sum(equal) + 10,
    "all": 2,
    "whole": 1 + (text == more).all(1).mean(),
}
judge(burin, folder, "t", given, expected, 1e-4)

# -inf is found as any number is, each once; a NaN comes first.
odd = numpy.full((3, 5), -numpy.inf, "f4")
odd[1, 2] = odd[2, 2] = 1
for second in (None, numpy.nan, numpy.inf):
    if second is not None:
        odd[2, 4] = second
    given = options(folder, {"x": odd})
    for way in ((), ("-O0",), ("--interpret=graph",)):
        done = subprocess.run([burin, "run", *way, "program.burin", "odd", *given], cwd=folder, capture_output=True, text=True, check=True)
        value, row, glyph = (line.split()[1:] for line in done.stdout.splitlines())
        places = order(odd)[:4]
        assert numpy.array_equal(numpy.array(value, "f8"), odd.ravel()[places], equal_nan=True), (way, done.stdout)
        assert [int(r) * 5 + ["a", "b", "c", "d", "stop"].index(g) for r, g in zip(row, glyph)] == places, (way, done.stdout)

# Fewer are present than are found.
done = subprocess.run([burin, "run", "program.burin", "few", "--text", "ab"], cwd=folder, capture_output=True, text=True)
assert done.returncode == 1 and "error[E0239]: `top` finds 3 here, and fewer are present\n  --> " in done.stderr, done
assert "program.burin:20:16\n  = help: find fewer, or leave short values out before\n" in done.stderr, done
