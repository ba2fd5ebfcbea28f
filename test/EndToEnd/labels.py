"""Sums of axes, lists, axes from files, and numbers that become indices: beside NumPy, compiled and interpreted, with gradients
against differences.

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
dim batch = 3
dim digit = 4
dim class = {background} + digit + {other}
dim char = characters("book.txt")
dim word = {rare} + words("*.txt", least: 2)
dim slot = 5
dim two = 2
dim three = 3

fn features(x: f32, y: f32) -> f32[two] = [x, y * y]
fn scores(b: f32, d: f32[digit], o: f32) -> f32[class] = [b, d, o]
fn loss(b: f32[batch], d: f32[batch, digit], y: class[batch]) -> f32 {
  let s = scores(b, d, 0.5 * b)
  let weight: f32[class] = [1, 2, 3, 4, 5, 6]
  let part = s[class: digit]
  mean(cross_entropy(s, y)) + sum(s^3 * weight) + mean(part^2) + sum(s[class.background] * s[class.other])
}
task t(b: f32[batch], d: f32[batch, digit], y: digit[batch], db: f32[batch], dd: f32[batch, digit], n: int[batch]) {
  let whole: class[batch] = class(y)
  record value = loss(b, d, whole)
  let gb = grad(loss(b, d, whole), over: b)
  let gd = grad(loss(b, d, whole), over: d)
  record slope = sum(gb * db) + sum(gd * dd)
  record clipped = mean(f32(int(clip(n, slot))))
  record wrapped = mean(f32(int(n % slot)))
  record bounded = sum(clip(d, -0.5, 0.5))
  record labels = f32(char("a")) + 10 * f32(char("é")) + 100 * f32(word("ab")) + 1000 * f32(word.rare)
  let f = features(2, 3)
  let q: three[two] = [2, 0]
  let m: f32[two, three] = [[1, 2, 3], [4, 5, 6]]
  record lists = sum(m[q] * f)
}
"""
(folder / "book.txt").write_text("ab ba c\nab é\n")
(folder / "more.txt").write_text("c\tc ba\r\nab x")


def loss(b, d, y):
    s = numpy.concatenate([b[:, None], d, 0.5 * b[:, None]], axis=1)
    m = s.max(1)
    entropy = m + numpy.log(numpy.exp(s - m[:, None]).sum(1)) - s[numpy.arange(3), y]
    return entropy.mean() + (s**3 * numpy.arange(1, 7)).sum() + (d**2).mean() + (s[:, 0] * s[:, 5]).sum()


random = numpy.random.default_rng(3)
values = {"b": random.standard_normal(3).astype("f4"), "d": random.standard_normal((3, 4)).astype("f4")}
steps = {name: random.standard_normal(value.shape).astype("f4") for name, value in values.items()}
y, n = numpy.array([3, 0, 2], "u1"), numpy.array([-7, 3, 12], "i8")
(folder / "program.burin").write_text(PROGRAM)
given = options(folder, {**values, **{"d" + n: s for n, s in steps.items()}, "y": y, "n": n})


def at(h):
    return loss(*(values[k].astype("f8") + h * steps[k].astype("f8") for k in "bd"), y.astype("i8") + 1)


text = sorted(set("ab ba c\nab é\n") | {" "})
expected = {
    "value": at(0),
    "slope": slope(at, 1e-4),
    "clipped": numpy.clip(n, 0, 4).mean(),
    "wrapped": (n % 5).mean(),
    "bounded": numpy.clip(values["d"], -0.5, 0.5).sum(),
    # ab stands three times, c three times, ba twice: `rare`, ab, c, ba
    "labels": text.index("a") + 10 * text.index("é") + 100 * 1,
    "lists": 3 * 2 + 4 * 9,
}
judge(burin, folder, "t", given, expected, 3e-5)

# What is compiled in is part of the source that a program tells of itself.
(folder / "small.burin").write_text('dim char = characters("book.txt")\ntask t(c: char) -> char { c }\n')


def described():
    subprocess.run([burin, "build", folder / "small.burin", "-o", folder / "small"], check=True)
    shown = subprocess.run([folder / "small", "--describe"], check=True, capture_output=True, text=True).stdout
    return shown.split()[2]


before = described()
assert subprocess.run([folder / "small", "t", "--c", "é"], check=True, capture_output=True, text=True).stdout == "é\n"
(folder / "book.txt").write_text("ab")
assert described() != before

# What leads out of the program's folder is not read.
(folder / "small.burin").write_text('dim char = characters("link.txt")\ntask t(c: char) -> char { c }\n')
(folder / "link.txt").unlink(missing_ok=True)
(folder / "link.txt").symlink_to("/etc/passwd")
refused = subprocess.run([burin, "check", folder / "small.burin"], capture_output=True, text=True)
assert refused.returncode == 1 and "E0234" in refused.stderr and "leads out of the program's folder" in refused.stderr, refused.stderr
