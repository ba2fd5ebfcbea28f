"""Bounded axes: another name by `as`, what a branch finds, options that are shorter than the bound, defaults that are lists; beside NumPy, compiled at -O0
and -O2 and interpreted.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy
from burin_judge import options

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim time    <= 8
dim same    <= 8
dim span    <= 8
dim longer  <= 11
dim shorter <= 5
dim row     = 6
dim line    = 3
dim feature = 2
dim glyph   = {a, b, c, stop}

fn mean_of(x: f32[longer]) -> f32 = mean(log(x))
fn found(text: glyph[time], x: f32[glyph], early: bool) -> f32[time] {
  if early { x[text until glyph.b] } else { x[text until glyph.stop] }
}

task names(x: f32[time, feature], text: glyph[line, span], y: f32[row]) {
  save (x as [time -> same]) as [same, feature] to "same.npy"
  save (x as [time -> longer]) as [longer, feature] to "longer.npy"
  save (y as [row -> longer]) as [longer] to "given.npy"
  let k = (text until glyph.stop) as [span -> longer]
  record shares = mean(if k == glyph.a then 1.0 else 0.0)
  record logs = mean_of(x[feature: 0] as [time -> longer])
  record slope = sum(grad(mean_of(x[feature: 0] as [time -> longer]), over: x))
}
task fits(x: f32[time]) {
  save x as [time -> shorter] to "shorter.npy"
}
task line_fits(text: glyph[line, time]) {
  let k = (text until glyph.stop) as [time -> shorter]
  record shares = mean(if k == glyph.a then 1.0 else 0.0)
}
task branch(text: glyph[time], x: f32[glyph], early: bool) {
  let k = if early then text until glyph.b else text until glyph.stop
  save k to "cheap.npy"
  save x[k] to "chosen.npy"
  save found(text, x, early) to "found.npy"
  let (one, two) = if early {
    let k = text until glyph.b
    (k, x[k])
  } else { (text, x[text]) }
  save one to "first.npy"
  save two to "second.npy"
  record both = sum(x[one] * two)
}
task each(text: glyph[line, time], x: f32[glyph], several: bool[line]) {
  let each = if several then text until glyph.b else text until glyph.stop
  record lines = sum(x[each])
}
task given(x: f32[time, feature], n: int[time], w: f32[feature] = [0.5, 2], z: i32[line, feature] = [[1, 2], [3, 4], [-5, 6]], k: f32[time] = 3) -> f32 {
  record rows = f32(sum(n * 0 + 1))
  record z = f32(sum(z[line: 2]) + 10 * z[line: 1, feature: 0])
  sum(x * w) + f32(sum(n)) + sum(k)
}
"""
(folder / "program.burin").write_text(PROGRAM)
random = numpy.random.default_rng(7)
x, y, text = random.uniform(1, 2, (5, 2)).astype("f4"), random.uniform(size=6).astype("f4"), random.integers(0, 4, (3, 8)).astype("u1")
table = random.uniform(size=4).astype("f4")
text[:, 3] = [3, 3, 3]
text[0, 0] = 0
load = lambda name: numpy.load(folder / f"{name}.npy")


def cut(line, stop):
    return line[: numpy.argmax(line == stop)] if (line == stop).any() else line


def records(text):
    return {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if len(line.split()) == 2}


for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
    def run(*task, code=0):
        done = subprocess.run([burin, "run", "program.burin", way, *task], cwd=folder, capture_output=True, text=True)
        assert done.returncode == code, (way, task, done)
        return done.stderr if code else records(done.stdout)

    said = run("names", *options(folder, {"x": x, "text": text, "y": y}))
    assert (load("same") == x).all() and (load("longer") == x).all() and (load("given") == y).all() and load("given").shape == (6,)
    share = numpy.concatenate([cut(line, 3) == 0 for line in text]).mean()
    assert abs(said["shares"] - share) < 1e-6 and abs(said["logs"] - numpy.log(x[:, 0]).mean()) < 1e-6
    assert abs(said["slope"] - (1 / x[:, 0]).mean()) < 1e-5, said
    run("fits", *options(folder, {"x": x[:, 0]}))
    assert (load("shorter") == x[:, 0]).all()
    wrong = run("fits", *options(folder, {"x": numpy.arange(6, dtype="f4")}), code=1)
    if way.startswith("-O"):
        assert wrong.startswith("error[E0296]: more is present along `time` than `shorter` holds, which is at most 5\n"), wrong
        assert "--> program.burin:27:22\n" in wrong and "= help: declare `dim shorter <= 8`, or leave longer values out before\n" in wrong, wrong
    else:
        assert "E0296" in wrong, wrong
    assert abs(run("line_fits", *options(folder, {"text": text}))["shares"] - share) < 1e-6
    longer = text.copy()
    longer[1] = 0
    assert "E0296" in run("line_fits", *options(folder, {"text": longer}), code=1)
    several = numpy.array([True, False, True])
    for early in (True, False):
        said = run("branch", "--text", "acba", "--early", str(early).lower(), *options(folder, {"x": table}))
        whole = numpy.array([0, 2, 1, 0])
        expected = cut(whole, 1) if early else whole
        assert (load("cheap") == expected).all() and (load("chosen") == table[expected]).all() and (load("found") == table[expected]).all()
        assert (load("first") == expected).all() and (load("second") == table[expected]).all()
        assert abs(said["both"] - (table[expected] ** 2).sum()) < 1e-6
    said = run("each", *options(folder, {"text": text, "x": table, "several": several}))
    assert abs(said["lines"] - sum(table[cut(line, 1 if s else 3)].sum() for s, line in zip(several, text))) < 1e-5
    n = numpy.arange(5)
    out = subprocess.run([burin, "run", "program.burin", way, "given", *options(folder, {"x": x, "n": n})], cwd=folder, capture_output=True, text=True, check=True).stdout
    said = records(out)
    assert said["rows"] == 5 and said["z"] == 31, said
    assert abs(float(out.splitlines()[-1]) - ((x * [0.5, 2]).sum() + n.sum() + 15)) < 1e-4, out

subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def refused(code, expected, **given):
    done = subprocess.run(["./program", "given", *options(folder, given)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == code and done.stderr == expected, done


# What does not fit an axis, or another option along it.
refused(1, "error[E0517]: `--x`: 9 along `time`, which holds at most 8\n  --> x.npy\n  = help: shorten it, or declare `dim time <= 9`\n",
        x=numpy.zeros((9, 2), "f4"), n=n)
refused(1, "error[E0518]: `--x`: nothing along `time`\n  --> x.npy\n  = help: give at least one element\n", x=numpy.zeros((0, 2), "f4"), n=n)
refused(2, "error[E0519]: `--n`: 4 elements along `time`, and `--x` has 5\n  = help: what stands along one axis has one length; declare another axis\n", x=x, n=n[:4])
refused(1, "error[E0512]: `--x` has another shape\n  --> x.npy\n  = help: its shape must be the option's, in the order of its axes\n"
           "    expected f32[time 8, feature 2], found (5, 3)\n", x=numpy.zeros((5, 3), "f4"), n=n)
help_ = subprocess.run(["./program", "given", "--help"], cwd=folder, capture_output=True, text=True, check=True).stdout
assert "--w f32[feature]  (default 0.5 2)\n" in help_ and "--z i32[line, feature]  (default 1 2 3 4 -5 6)\n" in help_ and "--k f32[time]  (default 3)\n" in help_, help_
assert "length" not in help_
