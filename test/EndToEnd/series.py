"""Windows of a series, beside NumPy: rows that follow each other, in the file's order and shuffled, one at a time and in batches; as many as the file has, of
too few rows none; in every way that a program runs.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import burin_reference as reference
import numpy
from burin_judge import records

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "program.burin").write_text("""
dim time  = 5
dim batch = 3
dim two   = 2
data past = csv("past.csv") {
  level: f32     = 2 * column(0)
  pair: f32[two] = columns(1..3)
  at: two        = column(3)
}
task t() {
  state weight: f32[time] = 0
  for i in time { weight[i] <- f32(i) + 1 }
  for w in past.windows[time] { record one = mean(w.level * weight) + mean(w.pair[w.at] * weight) }
  for w in past.windows[time].shuffle.batches[batch] {
    let each = sum(w.level * weight, over: time) + mean(w.pair, over: (time, two))
    record first = each[batch: 0]
    record mean = mean(each)
  }
  record end = 1
}
""")
random = numpy.random.default_rng(4)
for rows in (19, 5, 4, 1):
    level, pair, at = random.integers(-9, 9, rows), random.integers(0, 9, (rows, 2)), random.integers(0, 2, rows)
    (folder / "past.csv").write_text("".join(f"{a},{b},{c},{d}\n" for a, (b, c), d in zip(level, pair, at)))
    weight, windows = numpy.arange(1, 6), [slice(k, k + 5) for k in range(rows - 4)]
    wanted = [("one", (2 * level[w] * weight).mean() + (pair[w][numpy.arange(5), at[w]] * weight).mean()) for w in windows]
    each = numpy.array([(2 * level[w] * weight).sum() + pair[w].mean() for w in windows])
    if windows:
        order = reference.shuffle(reference.fold_in(reference.fold_in(7, "t"), "past.#2"), len(windows), numpy.arange(len(windows)))
        for places in order[: len(windows) // 3 * 3].reshape(-1, 3):
            wanted += [("first", each[places[0]]), ("mean", each[places].mean())]
    wanted.append(("end", 1))
    seen = set()
    for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
        found = records(burin, folder, way, "t", "--seed", "7")
        assert [name for name, _ in found] == [name for name, _ in wanted], (rows, way, found)
        assert all(abs(a - b) < 1e-4 * max(1, abs(b)) for (_, a), (_, b) in zip(found, wanted)), (rows, way, found, wanted)
        seen.add(tuple(found) if way.startswith("-O") else None)
    assert len(seen) == 2
