"""Models as values in numbers, beside NumPy: copies, averages, steps within a loss and through it, ensembles, gradients of each example and of parts;
compiled with and without optimisation, and interpreted.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy
from burin_judge import judge, options, slope
from burin_reference import safetensors

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim episode = 3
dim shot = 4
dim query = 5
dim input = 2
dim hidden = 3
dim fold = 2

model Net {
  let a = Dense[input, hidden](tanh)
  let b = Dense[hidden, hidden](tanh)
  param w: f32[hidden] = normal(0, 1)
  state calls: f32 = 2
  fn (x: f32[input]) -> f32 = sum(b(a(x)) * w) + 0 * calls
}
model Line { param w: f32[input] = normal(0, 1);  fn (x: f32[input]) -> f32 = tanh(sum(w * x)) }

let net = Net()
let lines[k: fold] = Line()
state target = net
let plain = Sgd(lr: 0.1)

fn set(t: Net, x: f32[query, input]) -> f32[query] = t(x)

# One step of learning each episode, within the loss; `net` is trained through it.
fn meta(sx: f32[shot, input], sy: f32[shot], qx: f32[query, input], qy: f32[query], rate: f32) -> f32 {
  state fast = net
  fast <- fast - rate * grad(mean((fast(sx) - sy)^2), over: fast)
  let last = fast - rate * grad(mean((fast(sx) - sy)^2), over: fast)
  mean((set(last, qx) - qy)^2)
}
fn each(x: f32[input], y: f32) -> f32 = norm(grad(over: net) { (net(x) - y)^2 })
fn first(x: f32[input], y: f32) -> f32[hidden] {
  let g = grad(over: net) { (net(x) - y)^2 }
  g.w
}

task t(sx: f32[episode, shot, input], sy: f32[episode, shot], qx: f32[episode, query, input], qy: f32[episode, query]) {
  let x = sx[episode: 0]
  let y = sy[episode: 0]
  record norms = sum(each(x, y))
  record firsts = sum(first(x, y)^2)
  let old = net
  record loss = minimize { mean((set(net, qx[episode: 0]) - qy[episode: 0])^2) } over net with plain
  target <- 0.75 * target + 0.25 * net
  record moved = sum(target(x) - old(x))
  let both = old + net / 2
  record sums = sum(both.w) + norm(both.a)
  update net.a.w by grad(mean(net(x)^2), over: net.a.w) with plain
  record part = sum(net(x))
  state one = net
  update net by grad(over: one) { mean(one(x)) } with plain
  record copied = sum(net(x))
  record ensemble = minimize { mean((lines(x) - 1)^2) } over lines with plain
  lines <- 0.5 * lines
  record lines = sum(lines(x)^2) + sum(lines.w)
  save target to "WEIGHTS"
  target <- -target
  load target from "WEIGHTS"
  record loaded = sum(target(x))
}
task through(sx: f32[episode, shot, input], sy: f32[episode, shot], qx: f32[episode, query, input], qy: f32[episode, query]) {
  record meta = minimize { mean(meta(sx, sy, qx, qy, 0.3)) } over net with plain
  record learnt = sum(net(sx[episode: 0]))
}
task weights() {
  save net to "NET"
  save lines to "LINES"
}
"""
program = folder / "program.burin"
program.write_text(PROGRAM.replace("WEIGHTS", str(folder / "t.safetensors")).replace("NET", str(folder / "net.safetensors")).replace("LINES", str(folder / "lines.safetensors")))
random = numpy.random.default_rng(3)
shapes = {"sx": (3, 4, 2), "sy": (3, 4), "qx": (3, 5, 2), "qy": (3, 5)}
data = {name: random.standard_normal(shape).astype("f4") for name, shape in shapes.items()}
given = options(folder, data)


def forward(p, x):
    h1 = numpy.tanh(x @ p["a.w"] + p["a.b"])
    h2 = numpy.tanh(h1 @ p["b.w"] + p["b.b"])
    return h1, h2, h2 @ p["w"]


def backward(p, x, dy):
    """Gradients of sum(dy * net(x)), written out."""
    h1, h2, _ = forward(p, x)
    g = {"w": h2.T @ dy}
    d2 = numpy.outer(dy, p["w"]) * (1 - h2**2)
    d1 = d2 @ p["b.w"].T * (1 - h1**2)
    return g | {"b.w": h1.T @ d2, "b.b": d2.sum(0), "a.w": x.T @ d1, "a.b": d1.sum(0)}


def step(p, g, rate):
    return {name: value - rate * g[name] if name in g else value for name, value in p.items()}


def inner(p, x, y):
    return backward(p, x, 2 * (forward(p, x)[2] - y) / len(y))


def meta(p, rate=numpy.float64(numpy.float32(0.3))):
    total = 0
    for sx, sy, qx, qy in zip(*(data[n].astype("f8") for n in ("sx", "sy", "qx", "qy"))):
        fast = step(p, inner(p, sx, sy), rate)
        fast = step(fast, inner(fast, sx, sy), rate)
        total += ((forward(fast, qx)[2] - qy) ** 2).mean()
    return total / 3


def differences(f, p):
    out = {}
    for name in ("a.w", "a.b", "b.w", "b.b", "w"):
        out[name] = numpy.zeros_like(p[name])
        for i in numpy.ndindex(p[name].shape):
            def at(h):
                q = {k: v.copy() for k, v in p.items()}
                q[name][i] += h
                return f(q)
            out[name][i] = slope(at)
    return out


subprocess.run([burin, "run", program, "weights"], check=True, stdout=subprocess.DEVNULL)
net, lines = safetensors(folder / "net.safetensors"), safetensors(folder / "lines.safetensors")
assert net.keys() == {"a.w", "a.b", "b.w", "b.b", "w", "calls"} and net["calls"] == 2, net.keys()
assert lines["w"].shape == (2, 2) and (lines["w"][0] != lines["w"][1]).all(), lines
x, y = data["sx"][0].astype("f8"), data["sy"][0].astype("f8")
grads = [backward(net, x[i : i + 1], 2 * (forward(net, x[i : i + 1])[2] - y[i])) for i in range(4)]
expected = {
    "norms": sum(numpy.sqrt(sum((v**2).sum() for v in g.values())) for g in grads),
    "firsts": sum((g["w"] ** 2).sum() for g in grads),
}
qx, qy = data["qx"][0].astype("f8"), data["qy"][0].astype("f8")
error = forward(net, qx)[2] - qy
expected["loss"] = (error**2).mean()
through = {"meta": meta(net), "learnt": forward(step(net, differences(meta, net), 0.1), x)[2].sum()}
old, net = net, step(net, backward(net, qx, 2 * error / 5), 0.1)
target = {name: 0.75 * old[name] + 0.25 * net[name] for name in net}
expected["moved"] = (forward(target, x)[2] - forward(old, x)[2]).sum()
both = {name: old[name] + net[name] / 2 for name in net}
expected["sums"] = both["w"].sum() + numpy.sqrt((both["a.w"] ** 2).sum() + (both["a.b"] ** 2).sum())
net = step(net, {"a.w": backward(net, x, 2 * forward(net, x)[2] / 4)["a.w"]}, 0.1)
expected["part"] = forward(net, x)[2].sum()
net = step(net, backward(net, x, numpy.full(4, 0.25)), 0.1)
expected["copied"] = forward(net, x)[2].sum()
w = lines["w"]
values = numpy.tanh(x @ w.T)
expected["ensemble"] = ((values - 1) ** 2).mean()
w = 0.5 * (w - 0.1 * (2 * (values - 1) / 8 * (1 - values**2)).T @ x)
expected["lines"] = (numpy.tanh(x @ w.T) ** 2).sum() + w.sum()
expected["loaded"] = forward(target, x)[2].sum()
judge(burin, folder, "t", given, expected, 3e-5)
judge(burin, folder, "through", given, through, 3e-5, ["-O2", "-O0", "--interpret=grad"])  # a gradient of a gradient is interpreted when it has become ops
