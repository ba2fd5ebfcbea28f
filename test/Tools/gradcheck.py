"""`gradcheck` holds the gradients of a program against its losses: right ones pass, of every kind. With a rule that is wrong, of an op that is on the
way, it says by which parameter the gradient is wrong, and the line of the op; an op that is not on the way changes nothing. The first of several
wrong derivatives is named, where it was written or, of a function of the library, called; at kinks, too. A loss that is no number can't be held.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root/test/Tools/Inputs/gradients.burin %burin %t
"""
import pathlib
import shutil
import subprocess
import sys

program, burin, folder = sys.argv[1:]
shutil.copy(program, folder)
folder = pathlib.Path(folder)


def test(*options, file="gradients.burin"):
    return subprocess.run([burin, "test", file, *options], cwd=folder, capture_output=True, text=True)


right = test()
assert right.returncode == 0 and right.stdout.endswith("6 passed, 0 failed\n") and right.stderr == "", right
assert test("--interpret=grad").stdout == right.stdout
assert test("--wrong-rule=erf").stdout == right.stdout


def place(of):
    lines = (folder / "gradients.burin").read_text().splitlines()
    return next(f"gradients.burin:{n}:" for n, line in enumerate(lines, 1) if of in line)


MODEL, PART = "a model's gradient", "a part's, by a value, with draws, loops and what is stopped"
for op, only, line in (("exp", MODEL, "y * y + exp(-y)"), ("tanh", MODEL, "let y = outer(inner(x))"), ("log", MODEL, "fn loss(x"),
                       ("contract", MODEL, "let y = outer(inner(x))"), ("sqrt", PART, "sum(sqrt(v))"), ("tanh", PART, "let h = net.inner("),
                       ("cos", "derivatives in the loss, of the second order and along a direction", "let h = grad(over: x)")):
    wrong = test(f"--wrong-rule={op}", "--only", only)
    assert wrong.returncode == 1, (op, wrong)
    assert "error[E0536]: the derivative of this operation is wrong, and with it the gradient by `" in wrong.stdout, wrong.stdout
    assert f"--> {place(line)}" in wrong.stdout, (op, wrong.stdout)
    assert "it is at a kink, or the compiler's rule for it is wrong" in wrong.stdout, wrong.stdout

(folder / "own.burin").write_text("""dim time = 4
fn rounded(x: float) -> float = floor(x + 0.5)
grad (d) = d
fn cube(x: float) -> float = x^3
grad (d) = 2 * x^2 * d
fn twice(x: f32, y: f32) -> f32 { x * y } grad (d) { (d * y, 1.001 * d * x) }

test "in a loop" {
  let x: f32[time] = normal()
  gradcheck(over: x) {
    state h: f32 = 0
    for t in time { h <- tanh(h + cube(exp(x[time: t]))) }
    rounded(1.2 * h)
  }
}
test "by a hair" {
  let x: f32 = 3
  gradcheck(over: x) { twice(sin(x), exp(x)) }
}
test "a kink in the library" {
  let x: f32[time] = 0
  gradcheck(over: x) { sum(exp(x)) + sum(relu(x)) }
}
test "a kink that does not count" {
  let x: f32[time] = 0
  gradcheck(over: x) { sum(x * relu(x)) }
}
test "no number" {
  let x: f32 = 0
  gradcheck(over: x) { log(x) }
}
test "not too small" {
  let x: f32 = 1e-9
  gradcheck(over: x) { relu(x) + log(1e3 * x) }
}
""")
for name, line, message in (
    ("in a loop", "5:1", "the derivative given here is wrong, and with it the gradient by `x` that line 10 checks"),
    ("by a hair", "6:43", "the derivative given here is wrong, and with it the gradient by `x` that line 18 checks"),
    ("a kink in the library", "22:42", "the derivative of this operation is wrong, and with it the gradient by `x` that line 22 checks"),
    ("no number", "30:3", "the gradient by `x` can't be held against a loss that is not finite")):
    wrong = test("--only", name, file="own.burin")
    assert wrong.returncode == 1 and f"error[E0536]: {message}\n  --> own.burin:{line}\n  = help: " in wrong.stdout, wrong.stdout
for name in ("a kink that does not count", "not too small"):
    assert test("--only", name, file="own.burin").returncode == 0, test("--only", name, file="own.burin")

(folder / "where.burin").write_text("task t(x: f32) { gradcheck(over: x) { x * x } }\n")
where = subprocess.run([burin, "check", "where.burin"], cwd=folder, capture_output=True, text=True)
assert "error[E0264]: `gradcheck` stands in a test" in where.stderr and "where.burin:1:18\n" in where.stderr and "= help: " in where.stderr, where
