"""Structs, and writes at indices, in numbers beside NumPy: compiled with and without optimisation and on many threads, and interpreted; gradients too,
numerically.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim time = 9
dim vocab = 4
dim feature = 3
dim env = 6
dim slot = 4
dim cell = 5
dim push = 2

struct Seen { image: f32[feature], reward: f32, count: i32 }
struct Place { c: cell, p: push }

fn sums(x: f32[time], tokens: vocab[time], table: f32[vocab, feature], image: f32[env, feature], w: f32[vocab, vocab], v: f32[slot, feature]) -> f32 {
  let table_of[tokens[t], tokens[t + 1]] += x[t] * x[t] over t       # equal pairs add up
  let rows[tokens[t]] += x[t] * table[tokens[t]] over t              # whole rows
  state kept: f32[vocab, feature] = table
  kept[tokens[t]] += x[t] * table[tokens[t]] over t
  state last: f32[slot, feature] = v
  last[(e + 2) % slot] <- image[e] * image[e] over e: env            # the last of equal slots is kept
  state both: Seen[slot] = Seen(image: v, reward: 0.5, count: 1)
  both[e % slot] <- Seen(image: image[e], reward: sum(image[e]), count: 2) over e: env
  let here = tokens[time: 3]
  state one: f32[vocab, vocab] = w
  one[here, here] += 0.1 * (x[time: 2] - one[here, here])
  one[vocab: 1, vocab': 2] <- x[time: 0]
  sum(table_of * table_of * w) + sum(rows * table) + sum(kept * kept) + sum(last * last * v) + sum(both.image * both.image) + sum(both.reward^3) +
    sum(one * one * w) + sum(f32(both.count))
}

task t(x: f32[time], tokens: vocab[time], table: f32[vocab, feature], image: f32[env, feature], w: f32[vocab, vocab], v: f32[slot, feature],
       dx: f32[time], dtable: f32[vocab, feature], dimage: f32[env, feature], dw: f32[vocab, vocab], dv: f32[slot, feature],
       cells: cell[env], pushes: push[env]) {
  record value = sums(x, tokens, table, image, w, v)
  let gx = grad(sums(x, tokens, table, image, w, v), over: x)
  let gt = grad(sums(x, tokens, table, image, w, v), over: table)
  let gi = grad(sums(x, tokens, table, image, w, v), over: image)
  let gw = grad(sums(x, tokens, table, image, w, v), over: w)
  let gv = grad(sums(x, tokens, table, image, w, v), over: v)
  record slope = sum(gx * dx) + sum(gt * dtable) + sum(gi * dimage) + sum(gw * dw) + sum(gv * dv)
  let at: Place[env] = Place(c: cells, p: pushes)                    # a struct of indices stands for its fields
  state q: f32[cell, push] = 0
  for i in 0..3 { q[at[e]] += 0.5 * image[e, feature: 0] over e: env }
  let visits[at[e]] += 1 over e: env
  record q = sum(q * q)
  record visits = f32(sum(visits * visits))
  record found = sum(q[at])
  state order: i32[slot] = 0
  order[f % slot] <- i32(f) over f: env
  record order = f32(order[slot: 0]) + 10 * f32(order[slot: 1]) + 100 * f32(order[slot: 2]) + 1000 * f32(order[slot: 3])
  let large[tokens[time: 0]] += if t == 0 then 1e8 else if t == 1 then -1e8 else 1.0 over t: time    # in order, whatever the threads do
  record large = sum(large)
}
"""


def sums(x, tokens, table, image, w, v):
    table_of, rows, kept = numpy.zeros((4, 4)), numpy.zeros((4, 3)), table.copy()
    numpy.add.at(table_of, (tokens[:-1], tokens[1:]), x[:-1] ** 2)
    numpy.add.at(rows, tokens, x[:, None] * table[tokens])
    numpy.add.at(kept, tokens, x[:, None] * table[tokens])
    last, seen, reward, count = v.copy(), v.copy(), numpy.full(4, 0.5), numpy.ones(4)
    for e in range(6):
        last[(e + 2) % 4] = image[e] ** 2
        seen[e % 4], reward[e % 4], count[e % 4] = image[e], image[e].sum(), 2
    one, here = w.copy(), tokens[3]
    one[here, here] += 0.1 * (x[2] - one[here, here])
    one[1, 2] = x[0]
    return (table_of**2 * w).sum() + (rows * table).sum() + (kept**2).sum() + (last**2 * v).sum() + (seen**2).sum() + (reward**3).sum() + (one**2 * w).sum() + count.sum()


random = numpy.random.default_rng(11)
shapes = {"x": 9, "table": (4, 3), "image": (6, 3), "w": (4, 4), "v": (4, 3)}
values = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
steps = {"d" + name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
integers = {"tokens": random.integers(0, 4, 9), "cells": random.integers(0, 2, 6), "pushes": random.integers(0, 2, 6)}
integers = {name: value.astype("u1") for name, value in integers.items()}
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {**values, **steps, **integers})


def at(h):
    return sums(*(values[n].astype("f8") + h * steps["d" + n].astype("f8") if n in values else integers[n] for n in ("x", "tokens", "table", "image", "w", "v")))


q, visits, order = numpy.zeros((5, 2)), numpy.zeros((5, 2)), numpy.zeros(4)
for _ in range(3):
    numpy.add.at(q, (integers["cells"], integers["pushes"]), 0.5 * values["image"][:, 0])
numpy.add.at(visits, (integers["cells"], integers["pushes"]), 1)
for e in range(6):
    order[e % 4] = e
expected = {
    "value": at(0),
    "slope": slope(at),
    "q": (q**2).sum(),
    "visits": (visits**2).sum(),
    "found": q[integers["cells"], integers["pushes"]].sum(),
    "order": order @ [1, 10, 100, 1000],
    "large": 7,  # in any other order 1 would be lost in 1e8
}
plain = judge(burin, folder, "t", given, expected, 5e-5)
assert judge(burin, folder, "t", ["--threads", "3", *given], expected, 5e-5, ["-O2 --pieces=all"]) == plain
