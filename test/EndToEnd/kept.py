"""What a loop keeps for the way back: `burin plan` says it, a program that requires less memory keeps less and computes its steps again, to the same
bits, and one that requires still less is refused. A loop takes as long to build whatever its length.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import resource
import subprocess
import sys

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
    subprocess.run([burin, "run", "program.burin", level, "train", "--log", "log.jsonl"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    return (folder / "log.jsonl").read_text()


write()
much, kept = plan()
first = log("-O2")
assert kept >= 40 * 8 * (16 + 64) * 4, kept
write(much - 1)
less, kept_then = plan()
assert kept_then == 40 * 8 * 16 * 4 and less < much, (much, kept, less, kept_then)
assert log("-O2") == first and log("-O0") == first, "other bits"
write(less - 1)
refused, _ = plan()
assert "E0606" in str(refused), refused
print(f"{much} bytes with {kept} kept, {less} with {kept_then}")


def seconds(time):
    """Processor time of a build, the least of a few."""
    best = float("inf")
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([burin, "build", "program.burin", "-D", f"time={time}", "-o", "net"], check=True, cwd=folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


write()
few, many = seconds(10), seconds(10_000)
print(f"10 steps: {few:.2f} s, 10,000 steps: {many:.2f} s")
assert many <= 1.2 * few + 0.05, f"10,000 steps take {many:.2f} s to build, 10 take {few:.2f} s"
