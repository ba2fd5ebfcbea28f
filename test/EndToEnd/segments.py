"""What loops keep for the way back, as a program requires: all products, what is carried, or about √n steps of it. Each needs less memory than the one
before and computes the same: the first loss to the bit, what is learned beside the interpreter's tape. Loops forwards and in reverse, in one another,
with draws and values that are emitted, of 103 steps, which are no whole number of segments.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import json
import pathlib
import re
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim time = 103
dim inner = 12
dim hidden = 8
dim batch = 16
model Cell {
  param w: f32[hidden, hidden'] = normal(0, 0.3)
  param u: f32[hidden] = normal(0, 0.5)
  fn (x: f32[time]) -> f32[time] {
    state h: f32[hidden] = 0.1
    for t in time {
      let noise: f32[hidden] = uniform(-0.1, 0.1)
      h <- tanh(((h @[hidden] w) as [hidden]) + u * x[t] + noise)
      emit mean(h * h)
    }
  }
  fn back(x: f32[time]) -> f32[time] {
    state h: f32[hidden] = 0
    for t in reverse(time) {
      for i in inner { h <- 0.9 * h + 0.1 * sin(u * x[t] + h) }
      emit sum(h)
    }
  }
}
let net = Cell()
let opt = Sgd(lr: 0.05)
task train(steps: int = 4) {
  for i in 0..steps {
    let x: f32[batch, time] = normal(0, 1)
    record loss = minimize { mean(net(x)) + mean(net.back(x)^2) } over net with opt
  }
  save net to "net.safetensors"
}
"""


def write(allowed):
    (folder / "p.burin").write_text(PROGRAM + f"require memory(train) <= {allowed / 1024:.5f} KiB\n")


def planned(allowed):
    write(allowed)
    done = subprocess.run([burin, "plan", "p.burin", "train"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        return done.stderr
    return int(re.search(r"^  memory ([\d,]+) bytes", done.stdout, re.M)[1].replace(",", "")), re.findall(r"([\d,]+) bytes kept", done.stdout)


def trained(*ways):
    subprocess.run([burin, "run", *ways, "p.burin", "train", "--log", "log.jsonl"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return [json.loads(line)["value"] for line in (folder / "log.jsonl").read_text().splitlines()], (folder / "net.safetensors").read_bytes()[-320:]


memories, allowed, losses, kept = [], 1 << 30, [], []
while not isinstance(plan := planned(allowed), str):
    memories.append(plan[0]), kept.append(plan[1])
    optimised, plain = trained("-O2"), trained("-O0")
    assert optimised == plain, "the same bits at each level"
    losses.append(optimised[0])
    allowed = plan[0] - 1
print(memories, kept, losses)
assert len(memories) == 3 and memories[1] < 0.8 * memories[0] and memories[2] < 0.5 * memories[1], memories
assert f"`train` needs {memories[2]:,} bytes of memory" in plan and "error[E0606]" in plan, plan
write(1 << 30)
interpreted = trained("--interpret=graph")[0]
for each in losses:
    assert each[0] == losses[0][0], "what is computed forwards is the same"
    assert all(abs(a - b) <= 2e-6 * abs(b) for a, b in zip(each, interpreted)), (each, interpreted)
assert abs(interpreted[0] - interpreted[-1]) > 1e-3 * interpreted[0], "it learns"
