"""Elementary functions of compiled programs beside NumPy in a wider format: the largest error in units of the last place, and special
values. Subnormal numbers count as zero.

RUN: %python %s %burin %t
"""
import json, os, pathlib, shutil, subprocess, sys

import numpy as np

burin, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
N = 20000
erf = np.vectorize(__import__("math").erf)
inf, nan = np.inf, np.nan


def spread(rng, low, high):  # uniform, and uniform in the exponent, of both signs where the range has both; all that are positive: more near 1
    if low > 0:
        return np.concatenate([np.exp2(rng.uniform(np.log2(low), np.log2(high), N // 2)), rng.uniform(0.5, 2, N - N // 2)])
    u = rng.uniform(low, high, N // 2)
    top = max(abs(low), abs(high))
    e = np.exp2(rng.uniform(np.log2(top) - 40, np.log2(top), N - N // 2))
    sign = np.where(rng.integers(0, 2, e.size) == 0, -1.0, 1.0)
    return np.concatenate([u, np.clip(e * sign, low, high)])


# name: judge, range, largest error in ulp, of f32; the same of f64; arguments and values that are exact
functions = {
    "exp": (np.exp, (-87, 88.7), 2.5, (-708, 709.7), 2, [(0, 1), (-0.0, 1), (inf, inf), (-inf, 0), (nan, nan), (800, inf), (-800, 0)]),
    "log": (np.log, (1e-37, 1e38), 2.5, (1e-300, 1e300), 2, [(1, 0), (0, -inf), (-0.0, -inf), (inf, inf), (-1, nan), (-inf, nan), (nan, nan), (1e-310, -inf)]),
    "tanh": (np.tanh, (-12, 12), 2.5, (-22, 22), 2, [(0, 0), (-0.0, -0.0), (inf, 1), (-inf, -1), (nan, nan), (1000, 1), (-1000, -1)]),
    "sin": (np.sin, (-1e6, 1e6), 2.5, (-1e6, 1e6), 2, [(1e20, 0), (-3e38, 0), (0, 0), (-0.0, -0.0), (inf, nan), (-inf, nan), (nan, nan)]),
    "cos": (np.cos, (-1e6, 1e6), 2.5, (-1e6, 1e6), 2, [(1e20, 1), (-3e38, 1), (0, 1), (-0.0, 1), (inf, nan), (-inf, nan), (nan, nan)]),
    "erf": (erf, (-6, 6), 2.5, (-6.5, 6.5), 6, [(0, 0), (-0.0, -0.0), (inf, 1), (-inf, -1), (nan, nan), (100, 1), (-100, -1)]),
}
powers = [(2, 10, 1024), (-2, 3, -8), (-2, 2, 4), (-2, 0.5, nan), (5, 0, 1), (0, 0, 1), (nan, 0, 1), (1, nan, 1), (0, 2, 0), (-0.0, 3, -0.0), (0, -1, inf), (inf, 2, inf), (inf, -2, 0), (-inf, 3, -inf), (0.5, inf, 0), (2, inf, inf), (2, -inf, 0), (-1, inf, 1), (nan, 1, nan), (-inf, 0.5, inf), (4, 0.5, 2)]


def compiled(name, element, arguments):
    """The function's values by a program that takes its arguments as .npy files and saves what it computes."""
    n = arguments[0].size
    t = f"!burin.tensor<{element}[i {n}]>"
    letters = "xy"[: len(arguments)]
    options = ", ".join(f'{{name = "{a}"}}' for a in letters)
    types = ", ".join(t for _ in letters)
    text = f"""task.axis "i" {n}
task.slot @z "state" : {t}
task.task @run(%seed: !burin.tensor<i64>, {", ".join(f"%{a}: {t}" for a in letters)}) attributes {{options = [{options}]}} {{
  %z = burin.{name} {", ".join("%" + a for a in letters)} : ({types}) -> {t}
  task.set @z, %z : {t}
  task.save "z.safetensors" [@z] names ["z"]
  task.return
}}
"""
    (folder / "f.mlir").write_text(text)
    found = []
    for level in ("-O2", "-O0"):
        subprocess.run([burin, "build", "f.mlir", level, "-o", "f"], cwd=folder, check=True)
        command = ["./f", "run"]
        for a, values in zip(letters, arguments):
            np.save(folder / f"{a}.npy", values)
            command += [f"--{a}", f"{a}.npy"]
        subprocess.run(command, cwd=folder, check=True)
        data = (folder / "z.safetensors").read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        found.append(data[start:])
    assert found[0] == found[1], f"{name} {element}: -O0 and -O2 differ"
    return np.frombuffer(found[0], arguments[0].dtype)


def error(found, exact, dtype):
    """In units of the last place of the exact value, rounded to dtype."""
    exact = exact.astype(np.longdouble)
    smallest = np.finfo(dtype).tiny
    unit = np.spacing(np.maximum(np.abs(exact).astype(dtype), smallest)).astype(np.longdouble)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(exact) < smallest, np.where(np.abs(found) <= 2 * smallest, 0, inf), np.abs(found - exact) / unit)


def same(found, expected, tolerance=0):
    if tolerance and np.isfinite(expected) and expected:
        return abs(found - expected) <= tolerance * abs(expected)
    return (np.isnan(found) and np.isnan(expected)) or (found == expected and np.signbit(found) == np.signbit(np.asarray(expected, float)))


wrong = []
np.seterr(all="ignore")
for name, (judge, range32, limit32, range64, limit64, special) in functions.items():
    for element, dtype, bounds, limit in (("f32", np.float32, range32, limit32), ("f64", np.float64, range64, limit64)):
        rng = np.random.default_rng(1)
        exacts = [s for s in special if not (dtype == np.float32 and 0 < abs(s[0]) < 1e-300)]
        x = np.concatenate([spread(rng, *bounds), [s[0] for s in exacts]]).astype(dtype)
        y = compiled(name, element, [x])
        wider = x.astype(np.float64 if element == "f32" or judge is erf else np.longdouble)
        worst = error(y[:N], judge(wider[:N]), dtype)
        print(f"{name} {element}: {worst.max():.2f} ulp at {x[:N][worst.argmax()]!r}")
        if not worst.max() <= limit:
            wrong.append(f"{name} {element}: {worst.max():.2f} ulp at {x[:N][worst.argmax()]!r}, at most {limit}")
        wrong += [f"{name}({a}) {element} is {found}, not {e}" for (a, e), found in zip(exacts, y[N:]) if not same(found, e)]
for element, dtype, limit in (("f32", np.float32, 2.5), ("f64", np.float64, 16)):
    rng = np.random.default_rng(2)
    x = np.exp2(rng.uniform(-20, 20, N))
    x[N // 2 :] = np.exp2(rng.uniform(-1, 1, N - N // 2))
    y = rng.uniform(-1, 1, N) * (83 if element == "f32" else 690) / np.abs(np.log(x))  # to the ends of the range
    y[::2] = rng.uniform(-4, 4, len(y[::2]))
    x = np.concatenate([x, [p[0] for p in powers]]).astype(dtype)
    y = np.concatenate([y, [p[1] for p in powers]]).astype(dtype)
    z = compiled("pow", element, [x, y])
    wide = np.float64 if element == "f32" else np.longdouble
    worst = error(z[:N], np.power(x[:N].astype(wide), y[:N].astype(wide)), dtype)
    print(f"pow {element}: {worst.max():.2f} ulp at {x[:N][worst.argmax()]!r}, {y[:N][worst.argmax()]!r}")
    if not worst.max() <= limit:
        wrong.append(f"pow {element}: {worst.max():.2f} ulp, at most {limit}")
    wrong += [f"pow({a}, {b}) {element} is {found}, not {e}" for (a, b, e), found in zip(powers, z[N:]) if not same(found, e, 0 if element == "f32" else 1e-15)]
assert not wrong, "\n".join(wrong)
