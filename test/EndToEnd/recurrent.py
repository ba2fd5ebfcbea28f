"""The library's Lstm and Gru: their values and gradients beside NumPy, and each learns to say which number it was shown first.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import sys

import numpy
from burin_judge import judge, options, records, slope
from burin_reference import safetensors

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch  = 16
dim time   = 6
dim number = 3
dim hidden = 8

model Reader[K] {
  let layer = LAYER[number, hidden]()
  let head = Dense[hidden, K]()
  fn (xs: f32[time, number]) -> f32[K] = head(layer(xs)[time: 5])
}
let net = Reader[number]()
let opt = Adam(lr: 2e-2)

task train(steps: int = 150) {
  for step in 0..steps {
    let u: f32[batch, time] = uniform(0, 3)
    let mark[b: batch, t: time, n: number] = if int(u[b, t]) == int(n) then 1.0 else 0.0
    let first = argmax(mark[time: 0], over: number)
    record loss = minimize { mean(cross_entropy(net(mark), first)) } over net with opt
  }
}
task probe(xs: f32[batch, time, number], dx: f32[batch, time, number]) {
  load net from "net.safetensors"
  record value = sum(net(xs)^2)
  let gx = grad(sum(net(xs)^2), over: xs)
  record slope = sum(gx * dx)
  record slope_u = sum(grad(over: net.layer.u) { sum(net(xs)^2) } * net.layer.u)
  record slope_w = sum(grad(over: net.layer.w) { sum(net(xs)^2) } * net.layer.w)
}
task save_net() { save net to "net.safetensors" }
"""


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def lstm(p, xs):
    h = c = numpy.zeros((16, 8))
    for t in range(6):
        i, f, o, g = numpy.moveaxis(numpy.einsum("bi,igh->bgh", xs[:, t], p["layer.w"]) + numpy.einsum("bk,kgh->bgh", h, p["layer.u"]) + p["layer.b"], 1, 0)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
        h = sigmoid(o) * numpy.tanh(c)
    return h


def gru(p, xs):
    h = numpy.zeros((16, 8))
    for t in range(6):
        x = numpy.einsum("bi,igh->gbh", xs[:, t], p["layer.w"]) + p["layer.b"][:, None]
        y = numpy.einsum("bk,kgh->gbh", h, p["layer.u"]) + p["layer.d"][:, None]
        keep, reset = sigmoid(x[0] + y[0]), sigmoid(x[1] + y[1])
        h = (1 - keep) * numpy.tanh(x[2] + reset * y[2]) + keep * h
    return h


random = numpy.random.default_rng(2)
xs, dx = (random.standard_normal((16, 6, 3)).astype("f4") for _ in range(2))
given = options(folder, {"xs": xs, "dx": dx})
for name, layer in (("Lstm", lstm), ("Gru", gru)):
    part = "layer.cell" if name == "Gru" else "layer"
    (folder / "program.burin").write_text(PROGRAM.replace("LAYER", name).replace("net.layer.", f"net.{part}."))
    records(burin, folder, "-O2", "save_net")
    p = {name.replace(".cell", ""): value for name, value in safetensors(folder / "net.safetensors").items()}

    def loss(xs, **scaled):
        q = {k: v * (1 + scaled.get(k, 0)) for k, v in p.items()}
        return ((layer(q, xs) @ q["head.w"] + q["head.b"]) ** 2).sum()

    x = xs.astype("f8")
    expected = {
        "value": loss(x),
        "slope": slope(lambda h: loss(x + h * dx.astype("f8"))),
        "slope_u": slope(lambda h: loss(x, **{"layer.u": h})),
        "slope_w": slope(lambda h: loss(x, **{"layer.w": h})),
    }
    judge(burin, folder, "probe", given, expected, 1e-4, ["-O2", "-O0", "--interpret=graph"])
    losses = [value for _, value in records(burin, folder, "-O2", "train")]
    first, last = sum(losses[:10]) / 10, sum(losses[-10:]) / 10
    assert first > 0.9 and last < 0.1, f"{name} does not learn: {first} at first, {last} at last"
