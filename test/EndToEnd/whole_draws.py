"""Draws for each row of a whole data set: the same in tiles, at one row alone and in the interpreter, which has the set whole; other ones
for each row; in the bodies of loops, too. All that is compared is exact, or a mean of many.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import json
import pathlib
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim pixel = 5
dim step  = 3
data d = csv("d.csv") { x: f32[pixel] = columns(0..5) } split (train: 300, test: rest)

fn noisy(x: f32[pixel]) -> f32[pixel] = x + uniform[pixel]()
fn walk(x: f32[pixel]) -> f32 {
  state at: f32 = 0
  for t in step { at <- at + uniform() * x[pixel: 0] }
  at
}
fn tried(x: f32[pixel]) -> f32 = x[categorical[pixel](x)]
fn first(x: f32[pixel]) -> f32 = noisy(x)[pixel: 0]
task t() {
  let v = first(d.test.x)
  let walked = walk(d.test.x)
  let seen = noisy(d.test.x) - d.test.x
  record largest = max(v)
  record there = v[argmax(v)]
  record walked = max(walked)
  record walked_there = walked[argmax(walked)]
  record far = min(walked)
  record mean = mean(seen)
  record square = mean(seen^2)
  record along = mean(mean(seen, over: pixel)^2)
  let best: f32[pixel] = d.test.x[argmax(tried(d.test.x + noisy(d.test.x)), over: d.test)]  # other draws for each of `pixel`
  record best = sum(best)
  record low = min(seen)
  record high = max(seen)
  record chosen = mean(bernoulli(0.25 + 0 * d.test.x))
  record whole = mean(dropout(d.test.x, 0.5))
}
"""
rows = 1000
numpy.savetxt(folder / "d.csv", numpy.ones((rows, 5)), delimiter=",", fmt="%g")
(folder / "program.burin").write_text(PROGRAM)


def run(name, command):
    done = subprocess.run([*command, "--directory", str(folder), "--log", f"{name}.jsonl"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
    return {line["name"]: line["value"] for line in lines}


found = []
for level in ("-O0", "-O2"):
    program = folder / f"program{level}"
    done = subprocess.run([burin, "build", str(folder / "program.burin"), level, "-o", str(program)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found += [run(f"{level}.{threads}", [str(program), "t", "--threads", threads]) for threads in ("1", "3")]
expected = run("interpreted", [burin, "run", str(folder / "program.burin"), "--interpret", "t"])
names = ["largest", "there", "walked", "walked_there", "far", "mean", "square", "along", "low", "high", "chosen", "whole", "best"]
value = {name: expected[name] for name in names}
for other in found:
    assert all(other[name] == found[0][name] for name in names), (other, found[0])
for name in names:
    assert abs(found[0][name] - value[name]) <= (0 if name in ("largest", "there", "walked", "low", "high") else 1e-6), (name, found[0][name], value[name])
assert value["largest"] == value["there"] and value["walked"] == value["walked_there"], value
# 3,500 draws, and means of 5: within five standard deviations; the rows differ.
assert abs(value["mean"] - 1 / 2) < 5 * (1 / 12 / 3500) ** 0.5 and abs(value["square"] - 1 / 3) < 0.03, value
assert abs(value["along"] - (1 / 4 + 1 / 12 / 5)) < 0.03, value
assert 0 <= value["low"] < 0.003 and 0.997 < value["high"] < 1 and value["far"] < 0.5 and value["walked"] > 2.5, value
assert abs(value["chosen"] - 0.25) < 0.04 and value["whole"] == 1 and value["best"] == 5, value
