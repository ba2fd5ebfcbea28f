"""What a loop keeps for the way back: `burin plan` says it, a program that requires less memory keeps less and computes its steps again, to the same
bits, and one that requires less than the least is refused. A loop is as much code whatever its length (bench/compile measures how long it is built).

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import subprocess
import sys

from burin_judge import records

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch  = 8
dim time   = 40
dim input  = 4
dim hidden = 16
dim wide   = 64

model Net {
  param w: f32[input, hidden] = normal(0, 0.3)
  param u: f32[hidden, wide]  = normal(0, 0.1)
  param v: f32[wide, hidden]  = normal(0, 0.1)
  fn (xs: f32[time, input]) -> f32 {
    state h: f32[hidden] = 0
    for t in time { h <- tanh(xs[t] @ w + tanh(h @ u) @ v) }
    mean(h)
  }
}
let net = Net()
let opt = Adam(lr: 1e-2)

task train() {
  for step in 0..5 {
    let xs: f32[batch, time, input] = normal(0, 1)
    record loss = minimize { mean((net(xs) - mean(xs))^2) } over net with opt
  }
}
"""


def write(require=None):
    text = PROGRAM + (f"require memory(train) <= {require // 1024} KiB\n" if require else "")
    (folder / "program.burin").write_text(text)


def plan():
    done = subprocess.run([burin, "plan", "program.burin", "train"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        return done.stderr, None
    memory = int(re.search(r"memory ([\d,]+) bytes", done.stdout)[1].replace(",", ""))
    kept = re.search(r"40 times, ([\d,]+) bytes kept for the way back", done.stdout)
    return memory, int(kept[1].replace(",", "")) if kept else 0


def log(level):
    return records(burin, folder, level, "train")


write()
much, kept = plan()
first = log("-O2")
assert kept >= 40 * 8 * (16 + 64) * 4, kept
write(much - 1)
less, kept_then = plan()
assert kept_then == 40 * 8 * 16 * 4 and less < much, (much, kept, less, kept_then)
assert log("-O2") == first and log("-O0") == first, "other bits"
write(less - 1)
least, _ = plan()  # segments of the loop: segments.py
assert least < less, (less, least)
write(least - 1)
refused, _ = plan()
assert "E0606" in str(refused), refused
print(f"{much} bytes with {kept} kept, {less} with {kept_then}")


def lines(time):
    """Of code, before it is LLVM's: what is left over of tiles is another number of lines."""
    done = subprocess.run([burin, "build", "program.burin", "-D", f"time={time}", "--emit=loops"], check=True, cwd=folder, capture_output=True, text=True)
    return done.stdout.count("\n")


write()
few, many = lines(10), lines(10_000)
assert 100 < many <= 1.02 * few, f"{few} lines for 10 steps, {many} for 10,000"
