"""`which` beside NumPy: the indices at which a bool holds, of one and of many, mapped, along bounded axes, in loops and branches; gradients of what is read there; too many end the run. Compiled, unoptimised and interpreted.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim box = 9
dim batch = 4
dim kept <= 5
dim key = 2
dim glyph = {stop, a, b}
dim T <= 6
fn above(score: f32[box], level: f32) -> box[kept] = which[kept](score > level)
fn best(score: f32[box], x: f32[box, key], level: f32) -> f32[key] = sum(x[which[kept](score > level)], over: kept)
fn places(text: glyph[T]) -> (places: T[kept], marked: f32[kept]) {
  let at = which[kept](text == glyph.a)
  let code[t: T] = f32(int(text[t])) + 1
  (at, code[at])
}
task one(score: f32[box], level: f32) -> (places: box[kept], values: f32[kept], most: f32, doubled: f32[kept]) {
  let w = which[kept](score > level)
  let v = score[w]
  (w, v, sum(v), v + score[w])
}
task many(score: f32[batch, box], x: f32[batch, box, key], level: f32) -> (a: box[batch, kept], b: box[batch, kept], c: f32[batch, key], d: int[batch]) {
  let w = which[kept](score > level, over: box)
  (w, above(score, level), best(score, x, level), sum(int(w), over: kept))
}
task across(score: f32[batch, box], level: f32) -> batch[box, kept] { which[kept](score > level, over: batch) }
task text(text: glyph[T]) -> (places: T[kept], marked: f32[kept]) { places(text) }
task slope(score: f32[batch, box], x: f32[batch, box, key], level: f32) -> f32[batch, box, key] {
  grad(sum(best(score, x, level)^2), over: x)
}
task steps(score: f32[batch, box], level: f32) -> f32 {
  state total: f32 = 0
  for b in batch {
    let w = which[kept](score[b] > level)
    for i in 0..2 { total <- total + f32(i) * sum(score[b][w]) }
  }
  total
}
task masked(score: f32[batch, box], level: f32) -> f32[batch] {
  if max(score, over: box) > 0.9 then sum(score[which[kept](score > level, over: box)], over: kept) else 0
}
"""
(folder / "program.burin").write_text(PROGRAM)
subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def run(*words):
    out = []
    for command in ["./program"], [burin, "run", "program.burin", "-O0"], [burin, "run", "program.burin", "--interpret=graph"], [burin, "run", "program.burin", "--interpret=grad"]:
        done = subprocess.run([*command, *words], cwd=folder, capture_output=True, text=True)
        out.append((done.returncode, done.stdout, re.sub(r"   \|\n.*\n +\|.*\n", "", done.stderr).replace("   =", "  =").rstrip("\n")))  # the interpreter shows the line, too
    assert all(o == out[0] for o in out), out
    return out[0]


def rows(text):
    return [[float(x) for x in line.split()] for line in text.removesuffix("\n").split("\n")]


numbers = numpy.random.default_rng(3)
score = numbers.permutation(36).reshape(4, 9).astype("f4") / 40
score[2] = 0.01
x = numbers.normal(size=(4, 9, 2)).astype("f4")
numpy.save(folder / "one.npy", score[0]), numpy.save(folder / "many.npy", score), numpy.save(folder / "x.npy", x)
lists = lambda level: [numpy.flatnonzero(s > level) for s in score]

for level in (0.5, 0.2, 0.95):
    w = lists(numpy.float32(level))[0]
    code, out, err = run("one", "--score", "one.npy", "--level", str(level))
    if len(w) > 5:
        assert code == 1 and err == "error[E0507]: more hold here than the 5 that `kept` can list\n  --> program.burin:16:11\n  = help: declare `dim kept <= …` larger, or let fewer hold", err
        continue
    found = [[float(t) for t in line.split()[1:]] for line in out.splitlines()]
    assert code == 0 and found[0] == list(w), (out, w)
    for k, wanted in ((1, score[0][w]), (2, [score[0][w].sum()]), (3, 2 * score[0][w])):
        numpy.testing.assert_allclose(found[k], wanted, rtol=1e-6)

level = numpy.float32(0.55)
w = lists(level)
assert max(map(len, w)) <= 5 and min(map(len, w)) == 0, w
code, out, err = run("many", "--score", "many.npy", "--x", "x.npy", "--level", "0.55")
assert code == 0, err
a, b, c, d = re.match(r"a\n(.*)\n\n?b\n(.*)\n\n?c\n(.*)\n\n?d (.*)\n$", out, re.S).groups()
for text in (a, b):
    assert rows(text) == [list(map(float, i)) for i in w], (out, w)
numpy.testing.assert_allclose(rows(c), [x[k][i].sum(0) for k, i in enumerate(w)], rtol=1e-5, atol=1e-6)
assert rows(d) == [[i.sum() for i in w]], out
code, out, err = run("slope", "--score", "many.npy", "--x", "x.npy", "--level", "0.55")
wanted = numpy.zeros_like(x)
for k, i in enumerate(w):
    wanted[k][i] = 2 * x[k][i].sum(0)
numpy.testing.assert_allclose([float(t) for t in out.split()], wanted.ravel(), rtol=1e-5, atol=1e-6)
code, out, err = run("across", "--score", "many.npy", "--level", "0.55")
assert code == 0 and rows(out) == [list(map(float, numpy.flatnonzero(score[:, k] > level))) for k in range(9)], (out, err)
numpy.testing.assert_allclose(float(run("steps", "--score", "many.npy", "--level", "0.55")[1]), sum(s[i].sum() for s, i in zip(score, w)), rtol=1e-5)
for level, fine in ((0.8, True), (0.95, False)):  # nine hold in one that the condition leaves out, or not
    score[1] = level
    numpy.save(folder / "many.npy", score)
    code, out, err = run("masked", "--score", "many.npy", "--level", "0.55")
    if fine:
        numpy.testing.assert_allclose([float(t) for t in out.split()], [s[s > numpy.float32(0.55)].sum() if s.max() > numpy.float32(0.9) else 0 for s in score], rtol=1e-5)
    else:
        assert code == 1 and "error[E0507]" in err and "program.burin:38:49" in err, err

assert run("text", "--text", "abaab")[1] == "places 0 2 3\nmarked 2 2 2\n", run("text", "--text", "abaab")
assert run("text", "--text", "bbb")[1].replace(" \n", "\n") == "places\nmarked\n"
assert "E0507" in run("text", "--text", "aaaaaa")[2]

(folder / "wrong.burin").write_text("""dim box = 9
dim batch = 4
dim kept <= 5
dim size = 5
task a(m: bool[box]) -> box[kept] { which(m) }
task b(m: bool[box]) -> box[size] { which[size](m) }
task c(m: f32[box]) -> box[kept] { which[kept](m) }
task d(m: bool[batch, box]) -> box[batch, kept] { which[kept](m) }
task e(m: bool[batch, box]) -> box[batch, kept] { which[kept](m, over: (batch, box)) }
task f(m: bool) -> box[kept] { which[kept](m) }
task g(m: bool[box]) -> box[kept] { which[kept](m, m) }
task h(m: bool[kept, box]) -> box[kept] { which[kept](m, over: box) }
task i(m: bool[box]) -> box[kept] { which[kept, box](m) }
""")
found = subprocess.run([burin, "check", "wrong.burin"], cwd=folder, capture_output=True, text=True).stderr
errors = re.findall(r"error\[(E\d+)\]: .*\n +--> wrong.burin:(\d+:\d+)\n", found)
assert errors == [("E0267", "5:37"), ("E0267", "6:37"), ("E0205", "7:48"), ("E0267", "8:51"), ("E0267", "9:51"), ("E0267", "10:32"), ("E0214", "11:37"), ("E0204", "12:43"), ("E0267", "13:37")], found
assert found.count("  = help: ") == len(errors), found
