"""`repeat`: stacked parameters, composed in order; values and gradients beside NumPy, and it learns. 48 blocks are as much
code as 4 (bench/compile measures how long they are built).

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy
from burin_judge import judge, options, records, slope
from burin_reference import safetensors

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch  = 5
dim hidden = 6
dim layers = 4

model Block[H] {
  let inner = Dense[H, H](tanh)
  param gain: f32[H] = uniform(0.5, 1)
  fn (x: f32[H]) -> f32[H] = x + gain * inner(x)
}
model Net {
  let blocks = repeat n: layers { Block[hidden]() }
  fn (x: f32[hidden]) -> f32[hidden] = blocks(x)
}
let net = Net()
let opt = Adam(lr: 1e-2)

task probe(x: f32[batch, hidden], dx: f32[batch, hidden]) {
  record value = sum(net(x)^2)
  let g = grad(sum(net(x)^2), over: x)
  record slope = sum(g * dx)
  record slope_gain = sum(grad(over: net.blocks.gain) { sum(net(x)^2) } * net.blocks.gain)
  record slope_b = sum(grad(over: net.blocks.inner.b) { sum(net(x)^2) })
  save net to "net.safetensors"
}
task train(x: f32[batch, hidden], dx: f32[batch, hidden]) {
  for step in 0..100 { record loss = minimize { mean((net(x) - dx)^2) } over net with opt }
}
"""
random = numpy.random.default_rng(2)
x, dx = ((0.5 * random.standard_normal((5, 6))).astype("f4") for _ in range(2))
given = options(folder, {"x": x, "dx": dx})
(folder / "program.burin").write_text(PROGRAM)


def expected():
    p = safetensors(folder / "net.safetensors")  # saved by each run
    assert {name: v.shape for name, v in p.items()} == {"blocks.inner.w": (4, 6, 6), "blocks.inner.b": (4, 6), "blocks.gain": (4, 6)}
    assert len({tuple(layer.ravel()) for layer in p["blocks.inner.w"]}) == 4, "layers drew the same"

    def loss(x, **scaled):
        q = {k: v * (1 + scaled.get(k, 0)) for k, v in p.items()}
        for k in range(4):
            x = x + q["blocks.gain"][k] * numpy.tanh(x @ q["blocks.inner.w"][k] + q["blocks.inner.b"][k] + scaled.get("bias", 0))
        return (x**2).sum()

    X = x.astype("f8")
    return {
        "value": loss(X),
        "slope": slope(lambda h: loss(X + h * dx.astype("f8"))),
        "slope_gain": slope(lambda h: loss(X, **{"blocks.gain": h})),
        "slope_b": slope(lambda h: loss(X, bias=h)),
    }


judge(burin, folder, "probe", given, expected, 1e-4, ["-O2", "-O0", "--interpret=graph"])
losses = [value for _, value in records(burin, folder, "-O2", "train", *given)]
assert losses[-1] < 0.1 * losses[0], losses


def lines(layers):
    """Of code, before it is LLVM's: what is left over of tiles is another number of lines."""
    done = subprocess.run([burin, "build", "program.burin", "-D", f"layers={layers}", "--emit=loops"], check=True, cwd=folder, capture_output=True, text=True)
    return done.stdout.count("\n")


few, many = lines(4), lines(48)
assert 100 < many <= 1.02 * few, f"{few} lines for 4 blocks, {many} for 48"
