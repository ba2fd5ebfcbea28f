"""Gradients of gradients: the interpreter at the graph stage, which knows no derivative of a derivative and finds how the inner gradient moves, beside
the one at the grad stage and compiled code: of values, through `stop`, of a penalty on gradients, of an inner step, with draws.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim n = 3
dim batch = 4
dim hid = 5
model Net {
  let a = Dense[n, hid](tanh)
  let b = Dense[hid, ()]()
  state calls: f32 = 0
  fn (x: f32[n]) -> f32 = b(a(x))
  fn counted() { calls <- calls + 1 }
}
let net = Net()
let opt = Sgd(lr: 0.1)
task t() {
  let x: f32[batch, n] = normal(0, 1)
  let y: f32[n] = [0.5, -1, 2]
  let g = grad(sum(grad(sum(x^3 * y), over: x)^2), over: x)
  record own = sum(g * x)
  let h = grad(sum(grad(sum(x^3 * y) + sum(stop(x) * x), over: x)^2), over: y)
  record other = sum(h * y)
  let s = grad(sum(grad(sum(stop(x) * x * x), over: x)^2), over: x)
  record stopped = sum(s * x)
  record penalty = minimize {
    let e = grad(over: x) {
      net.counted()
      sum(net(x))
    }
    mean((sqrt(sum(e^2, over: n)) - 1)^2)
  } over net with opt
  record calls = net.calls
  record after = mean(net(x))
  let meta = grad(over: net) {
    let fast = net - 0.3 * grad(mean(net(x)^2), over: net)
    mean((fast(x) - 1)^2)
  }
  record meta = norm(meta)
  record drawn = sum(grad(sum(grad(sum(tanh(x + uniform[batch, n](0, 1))), over: x) * y), over: x))
}
"""
(folder / "program.burin").write_text(PROGRAM)


def run(way):
    done = subprocess.run([burin, "run", way, "program.burin", "t"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (way, done)
    return done.stdout


# Digits beside the run that rounds nothing: f32's, and those of the nine that are printed which differences of doubles leave.
exact = [line.split() for line in run("--interpret=grad,double").splitlines()]
assert len(exact) == 8
for way, tolerance in (("-O2", 1e-6), ("--interpret=graph", 1e-6), ("--interpret=graph,double", 3e-8)):
    found = [line.split() for line in run(way).splitlines()]
    assert [name for name, _ in found] == [name for name, _ in exact], (way, found)
    for (name, value), (_, expected) in zip(found, exact):
        assert abs(float(value) - float(expected)) <= tolerance * max(1, abs(float(expected))), (way, name, value, expected)
