"""What a `while` emits along a bounded axis, as long as it ran: of one sequence, and of each element under a condition with axes; beside Python on each
by itself. What has nothing to choose from ends the run; a mean of nothing under `record` is skipped.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim step <= 20
dim batch = 5
dim pair = 2

fn path(n: int) -> (mean: f32, most: int, steps: f32, last: int) {  # Collatz'
  state m = n
  let seen = while m > 1 max step {
    m <- if m % 2 == 0 then m / 2 else 3 * m + 1
    emit m
  }
  (mean(f32(seen)), max(seen), sum(if seen > 0 then 1.0 else 0.0), m)
}
fn digits(n: int) -> int[step] {  # from the last
  state rest = n
  while rest > 0 max step {
    let digit = rest % 10
    rest <- rest / 10
    emit digit
  }
}
fn halves(x: f32) -> (total: f32, spread: f32) {
  state y: f32 = x
  let both = while y > 1 max step {
    let before = y
    y <- y / 2
    let two: f32[pair] = [before, y]
    emit (two, size: before - y)
  }
  let weight = softmax(both.size, over: step)
  (sum(both.two), weight @ both.size)
}

task t(x: f32[batch]) {
  let one = path(7)
  record one_mean = one.mean
  record one_most = f32(one.most)
  record one_steps = one.steps
  let starts: int[batch] = [2, 3, 9, 20, 8]
  let many = path(starts)
  record mean = mean(many.mean)
  record most = f32(max(many.most))
  record least = f32(min(many.most))
  record steps = sum(many.steps)
  record ends = f32(max(many.last))
  let numbers: int[batch] = [7, 123, 0, 45, 1002]
  let each = digits(numbers)
  record digits = f32(sum(each))
  record sizes = mean(each == each)
  record widest = max(sum(if each == each then 1.0 else 0.0, over: step))
  let h = halves(x)
  record total = sum(h.total)
  record spread = sum(h.spread)
  let g = grad(over: x) {
    let h = halves(x)
    sum(h.total) + sum(h.spread)
  }
  record g0 = g[batch: 0]
  record g1 = g[batch: 1]
  record g2 = g[batch: 2]
  record none = mean(x, where: x > 1000)
  record some = mean(x, where: x > 3)
  record largest = f32(max(starts, where: x > 3))
}
task nothing(x: f32[batch], above: f32 = 0) {
  record at = f32(int(argmax(x, over: batch, where: x > above)))
}
"""


def path(n):
    seen = []
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        seen.append(n)
    return seen


def halves(x):
    two, size = [], []
    while x > 1:
        two.append(x + x / 2), size.append(x / 2)
        x /= 2
    weight = numpy.exp(size) / numpy.exp(size).sum()
    return sum(two), float(weight @ size)


def slope(x, step=1e-5):  # as many steps on either side
    return sum(v * sum(halves(float(x) + v * step)) for v in (1, -1)) / (2 * step)


x = numpy.array([5, 1.5, 30, 3.25, 2], "f4")
numpy.save(folder / "x.npy", x)
starts = [2, 3, 9, 20, 8]
paths = [path(n) for n in starts]
expected = {
    "one_mean": numpy.mean(path(7)), "one_most": max(path(7)), "one_steps": len(path(7)),
    "mean": numpy.mean([numpy.mean(p) for p in paths]), "most": max(max(p) for p in paths), "least": min(max(p) for p in paths),
    "steps": sum(map(len, paths)), "ends": 1,
    "digits": 7 + 6 + 9 + 3, "sizes": 1, "widest": 4,
    "total": sum(halves(float(v))[0] for v in x), "spread": sum(halves(float(v))[1] for v in x),
    "g0": slope(x[0]), "g1": slope(x[1]), "g2": slope(x[2]),
    "some": x[x > 3].mean(), "largest": max(n for n, v in zip(starts, x) if v > 3),
}
(folder / "program.burin").write_text(PROGRAM)


def run(task, *options, ways=("-O2",)):
    return subprocess.run([burin, "run", *ways, "program.burin", task, "--x", "x.npy", *options], cwd=folder, capture_output=True, text=True)


texts = {ways: run("t", ways=ways).stdout for ways in (("-O2",), ("-O0",), ("--interpret",), ("--interpret=grad",))}
assert len(set(texts.values())) == 1, texts
found = {name: float(value) for name, value in (line.split() for line in texts["-O2",].splitlines())}
assert list(found) == list(expected), found
for name, value in expected.items():
    assert abs(found[name] - value) <= 2e-6 * abs(value), (name, found[name], value)

assert run("nothing").stdout == "at 2\n"
for ways in (("-O2",), ("--interpret",)):
    failed = run("nothing", "--above", "30", ways=ways)
    line = 1 + PROGRAM[: PROGRAM.index("argmax(x, over: batch, where")].count("\n")
    assert failed.returncode == 1 and not failed.stdout, failed
    assert failed.stderr.startswith("error[E0259]: `argmax` of nothing: no element is where the condition holds\n") and f"program.burin:{line}:" in failed.stderr, failed
