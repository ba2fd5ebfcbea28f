"""`repeat`: stacked parameters, composed in order; values and gradients beside NumPy, and it learns. Building 48 blocks takes about as long as 4.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import json
import pathlib
import resource
import subprocess
import sys

import numpy

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
numpy.save(folder / "x.npy", x)
numpy.save(folder / "dx.npy", dx)
(folder / "program.burin").write_text(PROGRAM)


def run(mode, task):
    subprocess.run([burin, "run", "program.burin", mode, task, "--x", "x.npy", "--dx", "dx.npy", "--log", "log.jsonl"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def weights():
    raw = (folder / "net.safetensors").read_bytes()
    size = int.from_bytes(raw[:8], "little")
    found = {}
    for name, about in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = about["data_offsets"]
            found[name] = numpy.frombuffer(raw[8 + size + begin : 8 + size + end], "<f4").reshape(about["shape"]).astype("f8")
    return found


def slope(f, h=1e-3):
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


bits = set()
for mode in ["-O2", "-O0", "--interpret=graph"]:
    found = {record["name"]: record["value"] for record in run(mode, "probe")}
    p = weights()
    assert {name: v.shape for name, v in p.items()} == {"blocks.inner.w": (4, 6, 6), "blocks.inner.b": (4, 6), "blocks.gain": (4, 6)}
    assert len({tuple(layer.ravel()) for layer in p["blocks.inner.w"]}) == 4, "layers drew the same"

    def loss(x, **scaled):
        q = {k: v * (1 + scaled.get(k, 0)) for k, v in p.items()}
        for k in range(4):
            x = x + q["blocks.gain"][k] * numpy.tanh(x @ q["blocks.inner.w"][k] + q["blocks.inner.b"][k] + scaled.get("bias", 0))
        return (x**2).sum()

    X = x.astype("f8")
    expected = {
        "value": loss(X),
        "slope": slope(lambda h: loss(X + h * dx.astype("f8"))),
        "slope_gain": slope(lambda h: loss(X, **{"blocks.gain": h})),
        "slope_b": slope(lambda h: loss(X, bias=h)),
    }
    for key, value in expected.items():
        assert abs(found[key] - value) <= 1e-4 * max(1, abs(value)), f"{mode}: {key} is {found[key]}, and {value} was expected"
    if mode.startswith("-O"):
        bits.add(tuple(found.values()))
assert len(bits) == 1, f"-O0 and -O2 differ: {bits}"
losses = [record["value"] for record in run("-O2", "train")]
assert losses[-1] < 0.1 * losses[0], losses


def seconds(layers):
    """Processor time of a build, the least of a few."""
    best = float("inf")
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([burin, "build", "program.burin", "-D", f"layers={layers}", "-o", "net"], check=True, cwd=folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


few, many = seconds(4), seconds(48)
print(f"4 blocks: {few:.2f} s, 48 blocks: {many:.2f} s")
assert many <= 1.2 * few + 0.05, f"48 blocks take {many:.2f} s to build, 4 take {few:.2f} s"
