"""Fields along bounded axes, beside NumPy on each row by itself: texts as labels of their characters, with labels around them, and series; rows one at a time,
in batches whose last is shorter, shuffled, and a whole set; gradients against differences; in every way that a program runs.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import burin_reference as reference
import numpy
from burin_judge import judge, options, records, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch <= 4
dim glyph = {start, stop} + characters("pairs.csv")
dim S <= 9
dim T <= 7
dim U <= 5
dim E = 3
dim H = 4
dim kind = {low, high}
dim item = 6
data pairs = csv("pairs.csv") {
  src: glyph[S] = column(1)
  tgt: glyph[T] = glyph.start + column(0) + glyph.stop
  level: f32[U] = columns(2..7) / 2
  kind: kind[U] = columns(7..11)
}

fn encode(table: f32[glyph, E], w: f32[E, H], u: f32[H', H], src: glyph[S]) -> f32[H] {
  state h: f32[H] = 0
  for t in S { h <- tanh(table[src[t]] @ w + (h as [H']) @ u) }
  h
}
fn follow(text: glyph[T]) -> glyph[T] {
  let next[t: T] = text[t + 1 else glyph.stop]
  next
}
fn loss(table: f32[glyph, E], w: f32[E, H], u: f32[H', H], out: f32[H, glyph], src: glyph[S], tgt: glyph[T]) -> f32 {
  state h: f32[H] = encode(table, w, u, src)
  let logits = for t in T {
    h <- tanh(table[tgt[t]] @ w + (h as [H']) @ u)
    emit h @ out
  }
  mean(cross_entropy(logits, follow(tgt)))
}
fn high(level: f32[U], of: kind[U]) -> f32 = sum(if of == kind.high then level else 0.0) + 10 * max(level)

task each(table: f32[glyph, E], w: f32[E, H], u: f32[H', H], out: f32[H, glyph], dtable: f32[glyph, E], dw: f32[E, H], du: f32[H', H], dout: f32[H, glyph]) {
  for r in pairs { record row = loss(table, w, u, out, r.src, r.tgt) + high(r.level, r.kind) }
  for b in pairs.batches[batch] {
    record loss = mean(loss(table, w, u, out, b.src, b.tgt))
    record level = mean(b.level)
    record largest = max(high(b.level, b.kind))
    let gt = grad(mean(loss(table, w, u, out, b.src, b.tgt)), over: table)
    let gw = grad(mean(loss(table, w, u, out, b.src, b.tgt)), over: w)
    let gu = grad(mean(loss(table, w, u, out, b.src, b.tgt)), over: u)
    let go = grad(mean(loss(table, w, u, out, b.src, b.tgt)), over: out)
    record slope = sum(gt * dtable) + sum(gw * dw) + sum(gu * du) + sum(go * dout)
  }
}
task shuffled(table: f32[glyph, E], w: f32[E, H], u: f32[H', H], out: f32[H, glyph]) {
  for b in pairs.shuffle.batches[batch] { record loss = mean(loss(table, w, u, out, b.src, b.tgt)) + sum(high(b.level, b.kind)) }
}
task memory(x: f32[item]) {
  for b in shuffle(x, over: item).batches[batch] {
    record mean = mean(b)
    record most = sum(b^2)
  }
}
task whole(table: f32[glyph, E], w: f32[E, H], u: f32[H', H], out: f32[H, glyph]) {
  record loss = mean(loss(table, w, u, out, pairs.src, pairs.tgt))  # loops for every row of a tile
  record level = mean(pairs.level)
  record high = mean(high(pairs.level, pairs.kind))
  record starts = mean(if pairs.tgt == glyph.start then 1.0 else 0.0)
}
model Net {
  param table: f32[glyph, E] = normal(0, 0.3)
  param w: f32[E, H]         = normal(0, 0.3)
  param u: f32[H', H]        = normal(0, 0.3)
  param out: f32[H, glyph]   = normal(0, 0.3)
  fn (src: glyph[S], tgt: glyph[T]) -> f32 = loss(table, w, u, out, src, tgt)
}
let net = Net()
let opt = Adam(lr: 2e-2)
task learn() {
  for epoch in 0..30 {
    for b in pairs.shuffle.batches[batch] { record loss = minimize { mean(net(b.src, b.tgt)) } over net with opt }
  }
}
"""
ROWS = 10
random = numpy.random.default_rng(3)
letters = numpy.array(list("ab,é\"語 c"))


def text(most):
    while not (made := "".join(random.choice(letters, random.integers(1, most + 1)))).strip():
        pass
    return made


sources, targets = [text(9) for _ in range(ROWS)], [text(5) for _ in range(ROWS)]
lengths = random.integers(1, 5, ROWS)
levels = [numpy.round(random.standard_normal(n) * 8) for n in lengths]
kinds = [random.integers(0, 2, n) for n in lengths]
quote = lambda t: '"' + t.replace('"', '""') + '"'
lines = []
for s, t, l, k in zip(sources, targets, levels, kinds):
    lines.append([quote(t), quote(s)] + [f"{x:g}" for x in l] + [""] * (5 - len(l)) + [["low", "high"][x] for x in k] + [""] * (4 - len(k)))
(folder / "pairs.csv").write_text("".join(",".join(line) + "\r\n" for line in lines))
(folder / "program.burin").write_text(PROGRAM)

glyphs = ["start", "stop"] + sorted(set("".join(sources + targets)))
number = {g: k for k, g in enumerate(glyphs)}
src = [[number[c] for c in s] for s in sources]
tgt = [[0] + [number[c] for c in t] + [1] for t in targets]
shapes = {"table": (len(glyphs), 3), "w": (3, 4), "u": (4, 4), "out": (4, len(glyphs))}
values = {n: random.standard_normal(s).astype("f4") * 0.7 for n, s in shapes.items()}
steps = {"d" + n: random.standard_normal(s).astype("f4") for n, s in shapes.items()}


def loss(table, w, u, out, s, t):
    h, total = numpy.zeros(4), 0
    for c in s:
        h = numpy.tanh(table[c] @ w + h @ u)
    for c, following in zip(t, t[1:] + [1]):
        h = numpy.tanh(table[c] @ w + h @ u)
        logits = h @ out
        total += numpy.log(numpy.exp(logits).sum()) - logits[following]
    return total / len(t)


def at(h, rows):
    moved = [values[n].astype("f8") + h * steps["d" + n].astype("f8") for n in shapes]
    return numpy.mean([loss(*moved, src[r], tgt[r]) for r in rows])


half = [l / 2 for l in levels]
high = [h[k == 1].sum() + 10 * h.max() for h, k in zip(half, kinds)]
batches = [range(k, min(k + 4, ROWS)) for k in range(0, ROWS, 4)]
wanted = [("row", at(0, [r]) + high[r]) for r in range(ROWS)]
for rows in batches:
    wanted += [("loss", at(0, rows)), ("level", numpy.concatenate([half[r] for r in rows]).mean()), ("largest", max(high[r] for r in rows)),
               ("slope", slope(lambda h: at(h, rows), 1e-3))]
order = reference.shuffle(reference.fold_in(reference.fold_in(7, "shuffled"), "pairs.#0"), ROWS, numpy.arange(ROWS))
shuffled = [("loss", at(0, order[k : k + 4]) + sum(high[r] for r in order[k : k + 4])) for k in range(0, ROWS, 4)]

x = random.standard_normal(6).astype("f4")
order = reference.shuffle(reference.fold_in(reference.fold_in(7, "memory"), "memory.shuffle#0"), 6, numpy.arange(6))
memory = [pair for rows in (order[:4], order[4:]) for pair in (("mean", x[rows].mean()), ("most", (x[rows] ** 2).sum()))]

given = options(folder, values)
for task, options_, expected in (("each", given + options(folder, steps), wanted), ("shuffled", given + ["--seed", "7"], shuffled),
                                 ("memory", options(folder, {"x": x}) + ["--seed", "7"], memory)):
    seen = set()
    for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
        found = records(burin, folder, way, task, *options_)
        assert [name for name, _ in found] == [name for name, _ in expected], (way, found)
        for (name, a), (_, b) in zip(found, expected):
            assert abs(a - b) < 2e-4 * max(1, abs(b)), (way, name, a, b)
        seen.add(tuple(found) if way.startswith("-O") else None)
    assert len(seen) == 2, task
judge(burin, folder, "whole", given, {
    "loss": at(0, range(ROWS)), "level": numpy.concatenate(half).mean(), "high": numpy.mean(high), "starts": ROWS / sum(len(t) for t in tgt),
}, 1e-5)
curve = [value for _, value in records(burin, folder, "-O2", "learn")]
assert curve == [value for _, value in records(burin, folder, "-O0", "learn")]
assert len(curve) == 90 and sum(curve[-3:]) < 0.6 * sum(curve[:3]), curve
