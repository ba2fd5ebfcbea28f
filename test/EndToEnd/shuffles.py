"""Values gone through in random order, beside NumPy: which elements a batch has, from the keyed permutation itself; another order in each epoch and under
each seed; the remainder dropped; the same bits with and without optimisation, on threads, and as interpreted; a gradient through batches.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import itertools
import pathlib
import subprocess
import sys

import burin_reference as reference
import numpy
from burin_judge import options, records

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "program.burin").write_text("""
dim time  = 7
dim env   = 5
dim mini  = 8
dim mark  = 3
dim three = 3
dim epoch = 2
struct Step { seen: f32[mark], at: env }
model Scale { param w: f32 = 2;  fn (x: f32) -> f32 = w * x }
let net = Scale()

fn worth(s: Step) -> f32 = mean(s.seen) + f32(s.at)
fn walk(x: f32[time]) -> f32 {
  state last: f32 = 0
  for e in shuffle(x, over: time) { last <- 0.5 * last + e }
  last
}

task t(place: env[time, env], x: f32[time, env, mark], y: f32[time, env], z: f32[time]) {
  let steps: Step[time, env] = Step(seen: x, at: place)
  state kept: f32[time, env] = y
  for k in epoch {
    let pairs = shuffle((..steps, kept), over: (time, env))
    for b in pairs.batches[mini] {
      kept <- kept + 1  # what is gone through stays what it was
      record first = b.kept[mini: 0]
      record mean = mean(b.kept * worth(Step(seen: b.seen, at: b.at)))
    }
    for (place, y) in shuffle((int(steps.at), y), over: (env, time)) { record single = y + f32(place) }
    for s in shuffle(steps, over: env).batches[three] { record whole = sum(worth(s), where: place[env: 0] < env(4)) }
  }
  record walk = walk(z)
  let g = grad(over: net) {
    state total: f32 = 0
    for b in shuffle((v: net(y)^2, z: x), over: (time, env)).batches[mini] { total <- total + mean(b.v * mean(b.z, over: mark)) }
    total
  }
  record slope = g.w
  state total: f32 = 0
  for b in shuffle((v: net(y)^2, z: x), over: (time, env)).batches[mini] { total <- total + mean(b.v * mean(b.z, over: mark)) }
  record total = total
}
""")
random = numpy.random.default_rng(3)
x, y, z = (random.uniform(0, 1, shape).astype("f4") for shape in ((7, 5, 3), (7, 5), 7))
place = random.integers(0, 5, (7, 5)).astype("i4")
given = options(folder, {"place": place, "x": x, "y": y, "z": z})
worth = x.mean(2) + place


def order(key, n, path):
    places = reference.shuffle(reference.fold_in(key, path), n, numpy.arange(n))
    assert sorted(places) == list(range(n))
    return places


def expected(seed):
    task, kept = reference.fold_in(seed, "t"), y.astype("f8")
    for epoch in range(2):
        key = reference.fold_in(reference.fold_in(task, "t#0"), epoch)
        batches = order(key, 35, "t.shuffle#1")[:32].reshape(4, 8)
        for b in batches:
            t, e = b // 5, b % 5
            yield "first", kept[t[0], e[0]]
            yield "mean", (kept[t, e] * worth[t, e]).mean()
        kept = kept + 4
        for p in order(key, 35, "t.shuffle#4"):
            yield "single", y[p % 7, p // 7] + place[p % 7, p // 7]
        for e in order(key, 5, "t.shuffle#6")[:3].reshape(1, 3):
            yield "whole", worth[:, e][place[:, 0] < 4].sum()


seen = set()
walks = {float(numpy.float32(sum(v * 0.5 ** (6 - k) for k, v in enumerate(p)))) for p in itertools.permutations(z.astype("f8"))}
for seed in (0, 5):
    for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
        found = records(burin, folder, way, "t", *given, "--seed", str(seed))
        wanted = list(expected(seed))
        for (name, value), (asked, number) in zip(found, wanted):
            assert name == asked and abs(value - number) < 1e-4 * max(1, abs(number)), (way, seed, name, value, asked, number)
        rest = dict(found[len(wanted) :])
        assert list(rest) == ["walk", "slope", "total"]
        assert min(abs(rest["walk"] - w) for w in walks) < 1e-5
        assert 0 < rest["slope"] and abs(rest["slope"] - rest["total"]) < 0.5 * rest["total"]  # w = 2, and the loss has w²: but for the order the same
        if way.startswith("-O"):
            seen.add((seed, tuple(found)))
assert len(seen) == 2

subprocess.run([burin, "build", "program.burin", "--pieces=all", "-o", "program"], cwd=folder, check=True)
logs = []
for threads in (1, 3):
    subprocess.run(["./program", "t", *given, "--threads", str(threads), "--log", "log.jsonl", "--poison"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    logs.append((folder / "log.jsonl").read_text())
assert logs[0] == logs[1]
