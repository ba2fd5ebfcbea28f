"""`precision bf16 { … }`: what is rounded in it and what is not, beside NumPy; and the digits program trained in it learns as well as in f32, with
weights, Adam's states and losses in f32.

RUN: rm -rf %t && mkdir -p %t && cp -r %root/examples/digits/data %t
RUN: %python %s %burin %root %t
"""
import json
import pathlib
import subprocess
import sys

import numpy
from burin_judge import ALL, options, records

burin, root, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def bf16(x):
    bits = numpy.asarray(x, "f4").view("u4").astype("i8")
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype("u4").view("f4")


def f16(x):
    return numpy.asarray(x).astype("f2").astype("f4")


(folder / "program.burin").write_text("""
dim row = 6
dim key = 50
dim col = 7
model Line {
  param w: f32[key] = 0
  fn (x: f32[key]) -> f32 = sum(w * x)
}
let line = Line()
let opt = Sgd(lr: 1)
state kept: f32 = 1
fn third(x: f32) -> f32 = x / 3
task t(x: f32[row, key], w: f32[key, col], one: f32) {
  precision bf16 {
    record product = (x @ w)[row: 2, col: 3]
    record notation = (sum[k: key] x[row: 1, key: k] * w[key: k, col: 5])
    record quotient = third(one)
    record sum = sum(x)
    record mean = mean(x, where: x > 0)
    record most = max(x)
    record chosen = if one > 0 then one else third(one)
    record gelu = gelu(one)
    kept <- kept + third(one) * 0.001
    record wide = f32(f64(one) / 3)
    precision f32 { record exact = one / 3 }
    let loss = minimize { mean(line(x) * third(x[key: 0])) } over line with opt
    record loss = loss
    record slope = grad(third(one)^2, over: one)
    state local: f32 = 0
    for i in row { local <- local + third(x[i, key: 1]) }
    record inside = local
  }
  precision f16 { record half = third(one) }
  record outside = third(one)
  record kept = kept
  record weight = line.w[key: 4]
}
task more() -> f32 { precision bf16 { third(1) } }
""".replace("  param w: f32[key] = 0\n", "  param w: f32[key] = 0.5\n").replace("(sum[k: key] x[row: 1, key: k] * w[key: k, col: 5])", "sum[k: key] x[row: 1, key: k] * w[key: k, col: 5]"))
random = numpy.random.default_rng(3)
x, w, one = random.standard_normal((6, 50)).astype("f4"), random.standard_normal((50, 7)).astype("f4"), numpy.float32(0.7)
b, three, f = lambda v: bf16(numpy.asarray(v, "f4")), numpy.float32(3), numpy.float32
third = lambda v: b(b(v) / three)
erf = __import__("math").erf
losses = third(x[:, 0])
outputs = (b(b(0.5) * b(x))).astype("f8").sum(1).astype("f4")
dline = (losses.astype("f8") / 6).astype("f4")
local = f(0)
for i in range(6):
    local = b(b(local) + third(x[i, 1]))
expected = {
    "product": b((b(x).astype("f8") @ b(w).astype("f8"))[2, 3]), "notation": b((b(x).astype("f8") @ b(w).astype("f8"))[1, 5]),
    "quotient": third(one), "sum": x.astype("f8").sum(), "mean": x[x > 0].astype("f8").mean(), "most": x.max(), "chosen": one,
    "gelu": 0.5 * one * (1 + erf(one * 0.70710678)), "wide": one.astype("f8") / 3, "exact": one / three,
    "loss": (b(b(outputs) * b(losses))).astype("f8").mean(), "slope": b(b(2 * third(one)) * b(1 / three)), "inside": local,
    "half": f16(f16(one) / three), "outside": one / three, "kept": f(1) + one / three * f(0.001),
}
seen = {}


def close(name, value, tolerance):
    assert abs(seen[name] - value) <= tolerance * max(1, abs(value)), (name, seen[name], value)


bits = set()
for way in ALL:
    found = records(burin, folder, way, "t", *options(folder, {"x": x, "w": w}), "--one", "0.7")
    seen = dict(found)
    if way.startswith("-O"):
        bits.add(tuple(found))
    for name, value in expected.items():
        close(name, value, 2.0**-8 if name == "slope" else 1e-6)  # a gradient rounds in an order of its own
    # The weights are f32: 0.5 less a gradient that is a sum in f32, rounded to bf16 where it passes the rounding of `w`.
    gradient = (0.5 - seen["weight"])
    exact = (b(b(losses) * b(1 / f(6))) [:, None] * b(x)).astype("f8").sum(0)[4]
    assert abs(gradient - exact) <= 2.0**-6 * abs(exact) + 1e-3, (way, gradient, exact)
assert len(bits) == 1, bits
done = subprocess.run([burin, "run", "program.burin", "more"], cwd=folder, capture_output=True, text=True)
assert float(done.stdout) == float(third(f(1))), done

# What digits learns: a step of training in each precision, all else as it is.
source = (root / "examples/digits/digits.burin").read_text()
accuracies = {}
for kind in ("f32", "bf16", "f16"):
    text = source.replace("      record loss = minimize", f"      precision {kind} {{\n      record loss = minimize").replace("over net with opt\n", "over net with opt\n      }\n")
    assert text != source
    (folder / "digits.burin").write_text(text)
    subprocess.run([burin, "build", "digits.burin"], cwd=folder, check=True)
    runs = []
    for seed in range(3):
        done = subprocess.run(["./digits", "train", "--epochs", "12", "--seed", str(seed), "--log", "log.jsonl"], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done
        lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        runs.append([line["value"] for line in lines if line.get("name") == "accuracy"][-1])
    accuracies[kind] = numpy.mean(runs)
    header = (folder / "digits.safetensors").read_bytes()[8:2000].split(b"}}")[0].decode(errors="replace")
    assert '"dtype":"F32"' in header and "F16" not in header, header
print(accuracies)
assert accuracies["f32"] > 0.955 and all(accuracies[k] > accuracies["f32"] - 0.01 for k in accuracies), accuracies
