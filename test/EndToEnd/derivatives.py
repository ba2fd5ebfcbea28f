"""Derivatives in numbers, beside NumPy in doubles: along directions, of higher order, of a gradient inside of a loss, and functions with a gradient of
their own; compiled with and without optimisation, and interpreted.

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
dim batch = 5
dim input = 3
dim hidden = 4

model Critic {
  let a = Dense[input, hidden](tanh)
  param w: f32[hidden] = normal(0, 1)
  fn (x: f32[input]) -> f32 = sum(a(x) * w)
}
let critic = Critic()
let plain = Sgd(lr: 0.1)

# Wasserstein's critic with a penalty of its slope, one for each example.
fn penalty(x: f32[input]) -> f32 {
  let g = grad(critic(x), over: x)
  (sqrt(sum(g * g) + 1e-6) - 1)^2
}
fn field(x: f32[input]) -> f32[hidden] = softmax(critic.a(x) * 2) + max(critic.a(x), 0.1) * prod(x)
fn third(x: f32) -> f32 = grad(grad(grad(exp(2 * x) * sin(x), over: x), over: x), over: x)
fn curvature(x: f32[input], v: f32[input]) -> f32 = sum(v * jvp(grad(critic(x), over: x), over: x, along: v))

fn rounded(x: float) -> float = floor(x + 0.5)
  grad (d) = d
fn bounded(x: f32, y: f32) -> f32 {
  min(x, y)
} grad (d) {
  let half = 0.5 * d
  (half * y, half * x)
}
fn levels(x: f32[input], scale: f32) -> f32 = sum(rounded(scale * x)^2) + sum(bounded(x, scale))

task t(x: f32[batch, input], y: f32[batch, input], z: f32[batch], v: f32[batch, input]) {
  record field = sum(jvp(field(x), over: x, along: v)^2)
  let straight = jvp(over: x, along: v) {
    let s = field(x)
    s * s
  }
  record straight = sum(straight)
  let old = critic
  record model = sum(jvp(critic(x), over: critic, along: critic - 2 * old)^2)
  record part = sum(jvp(critic(x), over: critic.w, along: critic.w * critic.w))
  record levels = sum(levels(x, 1.7))
  record by_x = sum(grad(sum(levels(x, 1.7) * z), over: x) * v)
  let scale = z^2 + 1
  record by_scale = sum(grad(sum(levels(x, scale)), over: scale) * z)
}
task second(x: f32[batch, input], y: f32[batch, input], z: f32[batch], v: f32[batch, input]) {
  record third = sum(third(z))
  record curvature = sum(curvature(x, v))
  record rule = sum(grad(sum(grad(sum(bounded(x, y)^2), over: x) * v), over: y) * x)
  record slope = minimize { mean(critic(x)) - mean(critic(y)) + 10 * mean(penalty(x)) } over critic with plain
  record learnt = sum(critic(x))
}
task weights() { save critic to "CRITIC" }
"""
program = folder / "program.burin"
program.write_text(PROGRAM.replace("CRITIC", str(folder / "critic.safetensors")))
random = numpy.random.default_rng(11)
data = {name: random.standard_normal(shape).astype("f4") for name, shape in {"x": (5, 3), "y": (5, 3), "z": (5,), "v": (5, 3)}.items()}
given = options(folder, data)
x, y, z, v = (value.astype("f8") for value in data.values())


def hidden(p, x):
    return numpy.tanh(x @ p["a.w"] + p["a.b"])


def critic(p, x):
    return hidden(p, x) @ p["w"]


def field(p, x):
    h = hidden(p, x)
    e = numpy.exp(2 * h)
    return e / e.sum(-1, keepdims=True) + numpy.maximum(h, 0.1) * x.prod(-1, keepdims=True)


def slopes(p, x):
    return ((1 - hidden(p, x) ** 2) * p["w"]) @ p["a.w"].T


def loss(p):
    penalty = (numpy.sqrt((slopes(p, x) ** 2).sum(-1) + 1e-6) - 1) ** 2
    return critic(p, x).mean() - critic(p, y).mean() + 10 * penalty.mean()


def moved(p, direction, h):
    return {name: value + h * direction.get(name, 0) for name, value in p.items()}


def gradient(f, p):
    out = {name: numpy.zeros_like(value) for name, value in p.items()}
    for name, value in p.items():
        for i in numpy.ndindex(value.shape):
            one = numpy.zeros_like(value)
            one[i] = 1
            out[name][i] = slope(lambda h: f(moved(p, {name: one}, h)))
    return out


subprocess.run([burin, "run", program, "weights"], check=True, stdout=subprocess.DEVNULL)
p = safetensors(folder / "critic.safetensors")
steps = lambda s, x: (numpy.floor(s * x + 0.5) ** 2).sum(-1) + numpy.minimum(x, s).sum(-1)
s = z**2 + 1
first = {
    "field": (slope(lambda h: field(p, x + h * v)) ** 2).sum(),
    "straight": slope(lambda h: field(p, x + h * v) ** 2).sum(),
    "model": (slope(lambda h: critic(moved(p, {n: -w for n, w in p.items()}, h), x)) ** 2).sum(),
    "part": slope(lambda h: critic(moved(p, {"w": p["w"] ** 2}, h), x)).sum(),
    "levels": steps(1.7, x).sum(),
    "by_x": (z[:, None] * (2 * numpy.floor(1.7 * x + 0.5) * 1.7 + 0.5 * 1.7) * v).sum(),
    "by_scale": (((2 * numpy.floor(s[:, None] * x + 0.5) * x).sum(-1) + 0.5 * x.sum(-1)) * z).sum(),
}
m = numpy.minimum(x, y)
# d/dx sum(min(x, y)^2) is 2 min * y / 2 by the rule; its derivative by y: through y itself, and through min by the rule.
g = gradient(loss, p)
second = {
    "third": (numpy.exp(2 * z) * (2 * numpy.sin(z) + 11 * numpy.cos(z))).sum(),
    "curvature": slope(lambda h: (slopes(p, x + h * v) * v).sum()),
    "rule": ((m + y * 0.5 * x) * v * x).sum(),
    "slope": loss(p),
    "learnt": critic({name: value - 0.1 * g[name] for name, value in p.items()}, x).sum(),
}
judge(burin, folder, "t", given, first, 5e-5, ["-O2", "-O0", "--interpret=grad"])  # a derivative of a derivative is interpreted when it has become ops
judge(burin, folder, "second", given, second, 5e-5, ["-O2", "-O0", "--interpret=grad"])
