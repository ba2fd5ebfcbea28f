"""What is checked when a program runs, in functions that are called under conditions with axes: only where the conditions hold. Compiled and
interpreted alike.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim slot = 3
dim n = 5
dim batch = 2
fn inner(k: int) -> slot = slot(k)
fn held(k: int) -> f32 = f32(int(inner(k))) + 0.5
fn best(x: f32[n], least: f32) -> f32 = x[argmax(x, over: n, where: x > least)]
fn once(k: int) -> f32 = f32(int(slot(k)))
task t(off: int = 0, least: f32 = 0.5) {
  let v[i: n] = int(i) + off
  record held = sum(if v < 3 then held(v) else 9.0)
  let x[b: batch, i: n] = f32(int(i)) * f32(int(b))
  let y = if max(x, over: n) > 0 then best(x, least) else -1
  record none = y[batch: 0]
  record best = y[batch: 1]
  state k: f32[n] = 0
  if v < 3 { k <- once(1 + off) }
  record once = sum(k)
}
"""
(folder / "program.burin").write_text(PROGRAM)
RUNS = {
    (): ("held 22.5\nnone -1\nbest 4\nonce 3\n", None),
    ("--off", "1"): ("held 31\nnone -1\nbest 4\nonce 4\n", None),
    ("--off", "2"): ("held 38.5\nnone -1\nbest 4\n", ("E0232", "once(k: int) -> f32 = f32(int(slot(k)))")),  # counts for one element
    ("--off", "9"): ("held 45\nnone -1\nbest 4\nonce 0\n", None),  # for none
    ("--off", "-1"): ("", ("E0232", "inner(k: int) -> slot = slot(k)")),
    ("--least", "7"): ("held 22.5\n", ("E0259", "best(x: f32[n], least: f32)")),
}
for options, (printed, wrong) in RUNS.items():
    for way in ("-O0", "-O2", "--interpret"):
        done = subprocess.run([burin, "run", way, "program.burin", "t", *options], cwd=folder, capture_output=True, text=True)
        assert done.stdout == printed, (options, way, done)
        assert done.returncode == (1 if wrong else 0), (options, way, done)
        if wrong:
            line = PROGRAM[: PROGRAM.index(wrong[1])].count("\n") + 1
            assert f"error[{wrong[0]}]" in done.stderr and f"program.burin:{line}:" in done.stderr, (options, way, done)
