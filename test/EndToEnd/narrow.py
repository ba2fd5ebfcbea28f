"""bf16 and f16: every number and every border between two, converted from f32, f64 and whole numbers, kept in files, printed and read again;
arithmetic, sums and products; beside NumPy (f16) and arithmetic on the bits of f32 (bf16). Compiled at -O0 and -O2 and interpreted: the same bits.
The programs depend on libc and libm alone.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import json
import os
import pathlib
import subprocess
import sys

import numpy
from burin_judge import records

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
WAYS = ("-O2", "-O0", "--interpret=graph", "--interpret=grad")
numpy.seterr(all="ignore")


def nearest(x):
    """f32 to the nearest bf16, as f32: by its bits."""
    bits = numpy.asarray(x, "f4").view("u4").astype("i8")
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype("u4").view("f4")


def bf16(x):
    """The same; numbers below the least normal one are zero, as everywhere, and a NaN is one."""
    up = numpy.where(numpy.abs(numpy.asarray(x, "f4")) < numpy.float32(2.0**-126), numpy.copysign(numpy.float32(0), x), nearest(x))
    return numpy.where(numpy.isnan(x), numpy.float32("nan"), up).astype("f4")


def from_double(x):
    """f64 to bf16: the f32 beside it that is odd, if it is none itself, lies on the same side of every border."""
    near = x.astype("f4")
    bits = near.view("u4").astype("i8")
    back = near.astype("f8")
    step = numpy.where(numpy.abs(back) < numpy.abs(x), 1, -1)
    odd = numpy.where((back != x) & (bits % 2 == 0) & ~numpy.isnan(x), bits + step, bits).astype("u4").view("f4")
    return numpy.where(numpy.abs(near) < numpy.float32(2.0**-126), numpy.copysign(numpy.float32(0), near), numpy.where(numpy.isnan(x), near, nearest(odd))).astype("f4")


def f16(x):
    return numpy.asarray(x).astype("f2").astype("f4")


def save(name, values):
    numpy.save(folder / f"{name}.npy", values)
    return name


def build(text):
    (folder / "program.burin").write_text(text)
    for level in WAYS[:2]:
        subprocess.run([burin, "build", level, "program.burin", "-o", f"./program{level}"], cwd=folder, check=True)


def run(way, *arguments):
    command = [f"./program{way}"] if way in WAYS[:2] else [burin, "run", way, "program.burin"]
    done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (way, arguments, done.stderr)
    return done.stdout


def kept(name="out.safetensors"):
    """The numbers of a file, as f32."""
    data = (folder / name).read_bytes()
    length = int.from_bytes(data[:8], "little")
    out = {}
    for key, t in json.loads(data[8 : 8 + length]).items():
        if key != "__metadata__":
            body = data[8 + length + t["data_offsets"][0] : 8 + length + t["data_offsets"][1]]
            bits = numpy.frombuffer(body, "<u2")
            out[key] = (bits.astype("u4") << 16).view("f4") if t["dtype"] == "BF16" else bits.view("f2").astype("f4")
            assert t["dtype"] in ("BF16", "F16"), t
    return out


def same(found, expected, what):
    wrong = ~((found == expected) & (numpy.signbit(found) == numpy.signbit(expected)) | (numpy.isnan(found) & numpy.isnan(expected)))
    assert not wrong.any(), (what, int(wrong.sum()), [(found[i], expected[i]) for i in numpy.flatnonzero(wrong)[:5]])


# Conversions: all numbers of both, and what lies between.
every = numpy.arange(65536, dtype="u4")
brains, halves = (every << 16).view("f4"), every.astype("u2").view("f2").astype("f4")
brains = brains[~((numpy.abs(brains) < 2.0**-126) & (brains != 0))]  # no number of bf16
near = numpy.concatenate([brains.view("u4")[:, None] + numpy.array([0, 0x7FFF, 0x8000, 0x8001], "u4"), halves.view("u4")[:, None] + numpy.array([0, 0x0FFF, 0x1000, 0x1001], "u4")])
near = near.reshape(-1).view("f4")
tiny = (numpy.arange(1, 2050) * 2.0**-25).astype("f4")  # f16's subnormal numbers, and the borders between
singles = numpy.concatenate([near, tiny, -tiny, numpy.nextafter(tiny, numpy.float32(1)), numpy.nextafter(tiny, numpy.float32(0))])
doubles = singles.astype("f8")
doubles = numpy.concatenate([doubles, doubles * (1 + 2.0**-40), doubles * (1 - 2.0**-40), [1e300, -1e300, 1e-300, 65519.999999, 65520, 3.3961e38]])
wholes = numpy.array([s * (n + d) for n in (0, 257, 2049, 4097, 65519, 65520, 2**24 + 2**16, 2**53 + 2**45, 2**62 + 2**54) for d in (-1, 0, 1, 2) for s in (1, -1)] + [2**63 - 1, -(2**63)], "i8")
given = {"s": (singles, "f32"), "d": (doubles, "f64"), "n": (wholes, "int"), "b": (brains, "bf16"), "h": (halves, "f16")}
text = "".join(f"dim axis_{k} = {len(x)}\n" for k, (x, _) in given.items())
for k, (_, element) in given.items():
    text += f"model M{k} {{ state y: bf16[axis_{k}] = 0; state z: f16[axis_{k}] = 0 }}\nlet m{k} = M{k}()\n"
    text += f"task {k}(x: {element}[axis_{k}]) {{ m{k}.y <- bf16(x); m{k}.z <- f16(x); save m{k} to \"out.safetensors\" }}\n"
text += "task shown(x: bf16[axis_b]) -> bf16[axis_b] { x }\ntask also(x: f16[axis_h]) -> f16[axis_h] { x }\n"
text += "task one(x: bf16, y: f16, z: bf16 = 3.3e38, w: f16 = 0.1) -> f64 { record x = x; record y = y; f64(z) / 1e38 + 1000 * f64(w) }\n"
text += 'task again() -> f64 { load mb from "out.safetensors"; f64(sum(if mb.y < 1 then abs(mb.y) else 0.0)) }\n'.replace("else 0.0", "else 0")
build(text)
for k, (x, _) in given.items():
    save(k, x)
    for way in WAYS[: 4 if k in "nh" else 2]:
        run(way, k, "--x", f"{k}.npy")
        found = kept()
        if k == "n":
            exact = [float(numpy.float64(int(v))) for v in x]  # up to 2^53; beyond, by what is left over
            expected = from_double(numpy.array([float(int(v) - int(v) % 2048 + (1024 if int(v) % 2048 else 0)) if abs(int(v)) > 2**53 else e for v, e in zip(x, exact)]))
        else:
            expected = from_double(x) if k == "d" else bf16(x)
        same(found["y"], expected, (k, way, "bf16"))
        same(found["z"], f16(x), (k, way, "f16"))
run("-O2", "b", "--x", "b.npy")
for task, k, rounded in (("shown", "b", nearest), ("also", "h", f16)):
    printed = numpy.array([float(w) for w in run("-O0", task, "--x", f"{k}.npy").split()])
    same(rounded(printed.astype("f4")), given[k][0], ("printed", task))
numpy.save(folder / "half.npy", halves.astype("f2"))  # NumPy's own
assert run("-O2", "also", "--x", "half.npy") == run("-O2", "also", "--x", "h.npy")
for way in WAYS:
    assert run(way, "one", "--x", "0.1", "--y", "0.1").split() == ["x", "0.100097656", "y", "0.0999755859", str(eval("float(bf16([3.3e38])[0]) / 1e38 + 1000 * float(f16([0.1])[0])"))], run(way, "one", "--x", "0.1", "--y", "0.1")
for element, text, why in (("--x", "1e39", "bf16"), ("--y", "65520", "f16")):
    failed = subprocess.run(["./program-O2", "one", "--x", "1", "--y", "1", element, text], cwd=folder, capture_output=True, text=True)
    assert failed.returncode == 2 and f"a number that {why} can hold" in failed.stderr, failed

# What a program is linked with.
libraries = subprocess.run(["ldd", "./program-O0"], cwd=folder, capture_output=True, text=True).stdout
assert os.environ["BURIN_CC"] != "cc" or all(word in ("linux-vdso.so.1", "libc.so.6", "libm.so.6") or word.startswith("/lib") for word in (line.split()[0] for line in libraries.splitlines())), libraries
for level in WAYS[:2]:
    subprocess.run([burin, "build", level, "--cpu=x86-64", "--emit=obj", "program.burin", "-o", "program.o"], cwd=folder, check=True)
    undefined = subprocess.run(["nm", "-u", "program.o"], cwd=folder, capture_output=True, text=True).stdout
    assert not any(name in undefined for name in ("hf2", "hfsf", "bf2", "extendh", "truncsf")), undefined

# Arithmetic: each operation of f32, rounded once more.
random = numpy.random.default_rng(5)
N = 2000
a = numpy.concatenate([random.standard_normal(N), random.standard_normal(N) * 10.0 ** random.integers(-7, 5, N)]).astype("f4")
b = numpy.concatenate([random.standard_normal(N), random.standard_normal(N) * 10.0 ** random.integers(-7, 5, N)]).astype("f4")
OPS = {"a + b": lambda a, b: a + b, "a - b": lambda a, b: a - b, "a * b": lambda a, b: a * b, "a / b": lambda a, b: a / b,
       "sqrt(abs(a))": lambda a, b: numpy.sqrt(numpy.abs(a)), "max(a, b)": numpy.maximum, "-a": lambda a, b: -a, "floor(a)": lambda a, b: numpy.floor(a),
       "if a < b then a else b": numpy.minimum, "a * b + a": None, "exp(-abs(a))": lambda a, b: numpy.exp(-numpy.abs(a.astype("f8"))), "a % b": None}
text = f"dim n = {2 * N}\n"
for element in ("bf16", "f16"):
    names = "; ".join(f"state y{i}: {element}[n] = 0" for i in range(len(OPS)))
    text += f"model M_{element} {{ {names} }}\nlet m_{element} = M_{element}()\n"
    text += f"task {element}_ops(x: f32[n], y: f32[n]) {{\n  let a = {element}(x)\n  let b = {element}(y)\n"
    text += "".join(f"  m_{element}.y{i} <- {op}\n" for i, op in enumerate(OPS)) + f'  save m_{element} to "out.safetensors"\n}}\n'
build(text)
save("x", a), save("y", b)
for element, rounded in (("bf16", bf16), ("f16", f16)):
    x, y = rounded(a), rounded(b)
    bytes_ = set()
    for way in WAYS:
        run(way, f"{element}_ops", "--x", "x.npy", "--y", "y.npy")
        found = kept()
        for i, (op, reference) in enumerate(OPS.items()):
            value = found[f"y{i}"]
            if op == "a * b + a":
                same(value, rounded(rounded(x * y) + x), (element, way, op))
            elif op == "exp(-abs(a))":  # the function's own error is far below a unit here; on a border it may decide
                exact = reference(x, y)
                assert (numpy.abs(value - exact) <= 0.502 * numpy.abs(exact) * (2.0**-7 if element == "bf16" else 2.0**-10) + 2.0**-25).all(), (element, way, op)
            elif reference is not None:
                same(value, rounded(reference(x, y).astype("f4")), (element, way, op))
        if way in WAYS[:2]:
            bytes_.add((folder / "out.safetensors").read_bytes())
    assert len(bytes_) == 1, element

# Sums and products are made in f32 and rounded once; gradients have the type of what they are of.
(folder / "program.burin").write_text("""
dim row = 40
dim key = 300
dim col = 20
fn loss(w: bf16[key, col], x: bf16[row, key]) -> bf16 = mean(tanh(x @ w) * 0.5)
fn many(w: bf16) -> f32 {  # what adds up over the steps of a loop, in its gradient
  state s: f32 = 0
  for i in 0..600 { s <- s + f32(w * bf16(1 + 0 * s)) }
  s
}
task sums(x: f32[row, key], w: f32[key, col]) {
  let a = bf16(x)
  let b = bf16(w)
  let h = f16(x)
  record sum = sum(a)
  record mean = mean(h)
  record prod = prod(1 + a[row: 0] / 16)
  record most = max(a) + f32(argmax(h[row: 3]).int_()) * 0 + min(h)
  record lse = logsumexp(h)
  record product = f32((a @ b)[row: 3, col: 4])
  record notation = f32(sum[i: row, k: key] a[i, k] * a[i, k])
  let g = grad(loss(b, a), over: b)
  record slope = sum(f32(g) * f32(g))
  record dot = f32(g[key: 7, col: 3])
  let counts[k % col] += a[row: 0, key: k] over k: key
  record counted = counts[col: 5]
  let v: bf16 = 0.5
  record steps = grad(many(v), over: v)
}
""".replace("max(a) + f32(argmax(h[row: 3]).int_()) * 0 + min(h)", "f32(max(a)) + f32(min(h)) + f32(int(argmax(h[row: 3])))"))
x, w = random.standard_normal((40, 300)).astype("f4"), (random.standard_normal((300, 20)) / 17).astype("f4")
save("x", x), save("w", w)
A, B, H = bf16(x).astype("f8"), bf16(w).astype("f8"), f16(x).astype("f8")
y = bf16((A @ B).astype("f4")).astype("f8")
t = bf16(numpy.tanh(y).astype("f4")).astype("f8")
dt = bf16(numpy.full((40, 20), 1 / 800 * 0.5).astype("f4"))
dy = bf16(dt * bf16(1 - bf16((t * t).astype("f4")))).astype("f8")
g = bf16((A.T @ dy).astype("f4")).astype("f8")
expected = {"sum": (A.sum(), bf16), "mean": (H.mean(), f16), "prod": (numpy.prod(bf16(1 + bf16((A[0] / 16).astype("f4"))).astype("f8")), bf16),
            "most": (A.max() + H.min() + H[3].argmax(), None), "lse": (numpy.log(numpy.exp(H).sum()), f16), "product": ((A @ B)[3, 4], bf16),
            "notation": ((A * A).sum(), bf16), "slope": ((g * g).sum(), None), "dot": (g[7, 3], bf16), "counted": (A[0, 5::20].sum(), bf16), "steps": (600, bf16)}
seen = set()
for way in WAYS:
    found = records(burin, folder, way, "sums", "--x", "x.npy", "--w", "w.npy")
    seen.add(tuple(found)) if way in WAYS[:2] else None
    for name, value in found:
        exact, rounded = expected[name]
        # A sum in f32 is exact to 2^-20 here; rounded, to half a unit of the narrow type, or on a border to the other side.
        unit = {None: 2.0**-20, bf16: 2.0**-7, f16: 2.0**-10}[rounded]
        # A gradient is rounded where its rules say, which the interpreter's tape has of its own: a unit or two.
        allowed = 2 * unit if name == "dot" else 0.51 * unit if rounded else 2.0**-6
        assert abs(value - exact) <= allowed * abs(exact), (way, name, value, exact)
        assert rounded is None or rounded([value])[0] == numpy.float32(value), (way, name, value)
assert len(seen) == 1, seen
