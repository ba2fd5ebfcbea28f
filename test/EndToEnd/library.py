"""The library's layers, losses, activations and optimisers beside NumPy, with their gradients by differences.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy
from burin_judge import judge, options, slope

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim batch = 3
dim time  = 5
dim wide  = 8
dim head  = 2
dim key   = 4
dim inner = 6
dim word  = 7
dim class = 4

model Given[D, H, K] {
  let causal = Attention[D, H, K](causal: true)
  let open   = Attention[D, H, K]()
  let layer  = LayerNorm[D]()
  let size   = RmsNorm[D]()
  let line   = Rnn[D, D]()
  let bent   = Dense[D, D](Prelu())
  let table  = Embedding[word, D]()
}
let net = Given[wide, head, key]()
let block = Transformer[wide, head, key, inner](causal: true)

fn set(w: f32[wide, wide'], rows: f32[word, wide]) {
  let a[i: wide, h: head, k: key] = w[i, wide': h*4 + k]
  let b[h: head, k: key, i: wide] = w[wide: i, wide': h*4 + k]
  net.causal.query <- a;  net.causal.key <- 2 * a;  net.causal.value <- a + 0.5;  net.causal.out <- b
  net.open.query <- a;  net.open.key <- 2 * a;  net.open.value <- a + 0.5;  net.open.out <- b
  net.line.w <- w;  net.line.u <- 0.5 * w as [wide', wide];  net.line.b <- w[wide': 0]
  net.bent.w <- w;  net.layer.gain <- w[wide': 1];  net.layer.bias <- w[wide': 2];  net.size.gain <- w[wide': 3]
  net.table.table <- rows
}
fn layers(x: f32[batch, time, wide]) -> f32 {
  sum(net.causal[time](x)^2) + sum(net.open[time](x)^3) + sum(net.layer(x)^3) + sum(net.size(x)^3) + sum(net.line[time](x)^2) + sum(net.bent(x)^2)
}
fn losses(x: f32[batch, class], y: f32[batch, class], k: class[batch]) -> f32 {
  sum(hinge(x, k)) + sum(smooth_l1(x, y)) + sum(absolute_error(x, y)) + sum(binary_cross_entropy(x, sigmoid(y)))
    + sum(normal_divergence(x, y)) + sum(entropy(x, over: class)) + sum(leaky_relu(x, 0.2))
}
task layer_values(w: f32[wide, wide'], rows: f32[word, wide], x: f32[batch, time, wide], dx: f32[batch, time, wide], at: word[batch]) {
  set(w, rows)
  record value = layers(x)
  record slope = sum(grad(layers(x), over: x) * dx)
  record rows = sum(net.table(at)^2 * f32(int(at)))
}
task loss_values(x: f32[batch, class], y: f32[batch, class], k: class[batch], dx: f32[batch, class]) {
  record value = losses(x, y, k)
  record slope = sum(grad(losses(x, y, k), over: x) * dx)
}

model One { param w: f32[class] = 1 }
model Five { let a = One();  let b = One();  let c = One();  let d = One() }
let five = Five()
let nesterov = Nesterov(lr: 0.1, momentum: 0.5, decay: 0.01)
let adagrad = Adagrad(lr: 0.1)
let rms = RmsProp(lr: 0.1)
let adam = Adam(lr: 0.1, decay: 0.2)
task steps(g: f32[class]) {
  for i in 0..5 {
    record loss = minimize { sum(g * five.a.w^2) } over five.a with nesterov
    record loss = minimize { sum(g * five.b.w^2) } over five.b with adagrad
    record loss = minimize { sum(g * five.c.w^2) } over five.c with rms
    record loss = minimize { sum(g * five.d.w^2) } over five.d with adam
  }
  record loss = 0
  record nesterov = sum(g * five.a.w)
  record adagrad = sum(g * five.b.w)
  record rms = sum(g * five.c.w)
  record adam = sum(g * five.d.w)
}

test "a block keeps the place: what comes later changes nothing before" {
  let x: f32[time, wide] = normal(0, 1)
  let other[t: time, i: wide] = if t == 4 then 2 - x[t, i] else x[t, i]
  let (a, b) = (block(x), block(other))
  let same[t: time, i: wide] = a[t, i] == b[t, i] or t == 4
  assert all(same)
  assert any(a[time: 4] != b[time: 4])
}
test "the columns of `orthogonal` are, and so are a recurrent layer's" {
  let u = net.line.u
  let gram[i: wide, j: wide] = sum[k: wide] u[wide': k, wide: i] * u[wide': k, wide: j]
  for i in wide { for j in wide { assert abs(gram[i, j] - (if i == j then 1.0 else 0.0)) < 1e-5 } }
}
"""


def softmax(s):
    e = numpy.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention(x, w, causal):
    a = w.reshape(8, 2, 4)
    q, k, v = (numpy.einsum("bti,ihk->bhtk", x, p) for p in (a, 2 * a, a + 0.5))
    s = q @ k.swapaxes(-1, -2) / 2
    s = numpy.where(numpy.triu(numpy.ones((5, 5)), 1) * causal > 0, -numpy.inf, s)
    return numpy.einsum("bhtk,ihk->bti", softmax(s) @ v, a)


def layers(x, w):
    h, line = numpy.zeros((3, 8)), []
    for t in range(5):
        h = numpy.tanh(x[:, t] @ w + h @ (0.5 * w.T).T + w[:, 0])
        line.append(h)
    centred = x - x.mean(-1, keepdims=True)
    layer = centred / numpy.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w[:, 1] + w[:, 2]
    size = x / numpy.sqrt((x**2).mean(-1, keepdims=True) + 1e-6) * w[:, 3]
    bent = x @ w
    bent = numpy.where(bent > 0, bent, 0.25 * bent)
    return (attention(x, w, 1) ** 2).sum() + (attention(x, w, 0) ** 3).sum() + (layer**3).sum() + (size**3).sum() + (numpy.array(line) ** 2).sum() + (bent**2).sum()


def losses(x, y, k):
    rows = numpy.arange(3)
    short = 1 + x - x[rows, k][:, None]
    short[rows, k] = 0
    d, p = abs(x - y), 1 / (1 + numpy.exp(-y))
    q = softmax(x)
    return (
        short.max(1).sum() + numpy.where(d < 1, 0.5 * d**2, d - 0.5).sum() + d.sum()
        + (-p * numpy.log(1 / (1 + numpy.exp(-x))) - (1 - p) * numpy.log(1 - 1 / (1 + numpy.exp(-x)))).sum()
        + (0.5 * (x**2 + numpy.exp(y) - 1 - y)).sum() - (q * numpy.log(q)).sum() + numpy.where(x > 0, x, 0.2 * x).sum()
    )  # fmt: skip


def steps(g):
    a = b = c = d = numpy.ones(4)
    m, vb, vc, md, vd = (numpy.zeros(4) for _ in range(5))
    for t in range(1, 6):
        s = 2 * g * a + 0.01 * a
        m = 0.5 * m + s
        a = a - 0.1 * (s + 0.5 * m)
        s = 2 * g * b
        vb = vb + s * s
        b = b - 0.1 * s / (numpy.sqrt(vb) + 1e-10)
        s = 2 * g * c
        vc = 0.99 * vc + 0.01 * s * s
        c = c - 0.1 * s / (numpy.sqrt(vc) + 1e-8)
        s = 2 * g * d
        md, vd = 0.9 * md + 0.1 * s, 0.999 * vd + 0.001 * s * s
        d = d - 0.1 * 0.2 * d - 0.1 * md / (1 - 0.9**t) / (numpy.sqrt(vd / (1 - 0.999**t)) + 1e-8)
    return {"nesterov": g @ a, "adagrad": g @ b, "rms": g @ c, "adam": g @ d, "loss": 0}


random = numpy.random.default_rng(11)
normal = lambda *shape: random.standard_normal(shape).astype("f4")
w, rows, x, dx, at = normal(8, 8) / 2, normal(7, 8), normal(3, 5, 8), normal(3, 5, 8), numpy.array([6, 0, 3], "u1")
(folder / "program.burin").write_text(PROGRAM)
wide, far = w.astype("f8"), x.astype("f8")
along = lambda h: layers(far + h * dx, wide)
expected = {"value": along(0), "slope": slope(along), "rows": (rows[at].astype("f8") ** 2 * at[:, None]).sum()}
judge(burin, folder, "layer_values", options(folder, {"w": w, "rows": rows, "x": x, "dx": dx, "at": at}), expected, 1e-4)

x, y, dx, k = normal(3, 4), normal(3, 4), normal(3, 4), numpy.array([2, 0, 3], "u1")
along = lambda h: losses(x.astype("f8") + h * dx, y.astype("f8"), k)
judge(burin, folder, "loss_values", options(folder, {"x": x, "y": y, "k": k, "dx": dx}), {"value": along(0), "slope": slope(along)}, 1e-4)

g = numpy.abs(normal(4)) + 0.1
judge(burin, folder, "steps", options(folder, {"g": g}), steps(g.astype("f8")), 1e-5)


said = subprocess.run([burin, "test", "program.burin"], cwd=folder, capture_output=True, text=True)
assert said.returncode == 0 and "2 passed, 0 failed" in said.stdout, said
