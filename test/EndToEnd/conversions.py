"""Numbers that become other numbers by name: checked, the nearest, counted around; beside NumPy, compiled at -O0 and -O2 and interpreted, to the
bit; what a type does not hold ends the run with an error at the user's line, where it counts and only there.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
WAYS = ("-O2", "-O0", "--interpret=graph", "--interpret=grad")
INTEGERS = {"u8": numpy.uint8, "i32": numpy.int32, "int": numpy.int64}
FLOATS = {"f32": numpy.float32, "f64": numpy.float64}
numpy.seterr(all="ignore")


def write(text):
    (folder / "program.burin").write_text(text)
    for level in WAYS[:2]:
        subprocess.run([burin, "build", level, "program.burin", "-o", f"./program{level}"], cwd=folder, check=True)


def run(way, task, *arguments):
    command = [f"./program{way}"] if way in WAYS[:2] else [burin, "run", way, "program.burin"]
    return subprocess.run([*command, task, *arguments], cwd=folder, capture_output=True, text=True)


# Numbers around every border, and what is no number.
borders = [0, 0.5, 1, 127, 128, 255, 255.5, 255.99, 256, 1000.75, 2**24 + 1, 2**31 - 129, 2**31 - 1, 2**31, 2**32, 2.0**52, 2.0**63, 2.0**64, 1e30, numpy.inf]
reals = numpy.array([s * x for x in borders for s in (1, -1)] + [numpy.nan, 2**31 - 0.5, -(2.0**31) - 0.5, -0.99])
wholes = numpy.array([s * n + d for n in (0, 1, 127, 255, 256, 2**16, 2**31, 2**32) for s in (1, -1) for d in (-1, 0, 1)] + [2**63 - 1, -(2**63)], "i8")
bytes_ = numpy.arange(256, dtype="u1")
given = {"r": (reals, "f64"), "s": (reals.astype("f4"), "f32"), "n": (wholes, "int"), "m": (wholes.astype("i4"), "i32"), "b": (bytes_, "u8")}


def nearest(x, to):
    low, high = int(numpy.iinfo(to).min), int(numpy.iinfo(to).max)
    return [0 if v != v else high if v >= high + 1 else low if v < low else min(max(int(v), low), high) for v in x.tolist()]


def around(x, to):
    bits = numpy.iinfo(to).bits
    low = int(numpy.iinfo(to).min)
    return [(int(v) - low) % 2**bits + low for v in x.tolist()]


lines, tasks = [f"dim axis_{k} = {len(x)}" for k, (x, _) in given.items()], {}
for k, (x, name) in given.items():
    for to in INTEGERS:
        tasks[f"clip_{k}_{to}"] = (k, to, f"clip(x, {to})", nearest(x, INTEGERS[to]))
        if name not in FLOATS:
            tasks[f"wrap_{k}_{to}"] = (k, to, f"wrap(x, {to})", around(x, INTEGERS[to]))
    for to in FLOATS:
        tasks[f"to_{k}_{to}"] = (k, to, f"{to}(x)", x.astype(FLOATS[to]).tolist())
for task, (k, to, formula, _) in tasks.items():
    lines.append(f"task {task}(x: {given[k][1]}[axis_{k}]) -> {to}[axis_{k}] {{ {formula} }}")
lines += [f"task checked_{name}_{to}(x: {name}) -> {to} {{ {to}(x) }}" for name in (*FLOATS, *INTEGERS) for to in INTEGERS]
write("\n".join(lines) + "\n")
for k, (x, _) in given.items():
    numpy.save(folder / f"{k}.npy", x)
for task, (k, to, _, expected) in tasks.items():
    for way in WAYS[: 4 if task in ("clip_s_i32", "clip_r_int", "wrap_n_u8", "to_n_f32") else 2]:
        done = run(way, task, "--x", f"{k}.npy")
        assert done.returncode == 0, (task, way, done.stderr)
        found = [FLOATS[to](w) if to in FLOATS else int(w) for w in done.stdout.split()]
        assert numpy.array_equal(found, expected, equal_nan=to in FLOATS), (task, way, [p for p in zip(given[k][0], found, expected) if p[1] != p[2]])

# One at a time: what a type holds passes, cut to a whole number; all else is E0290 at the conversion.
cases = [("f64", "u8", ["0", "255.99", "-0.99"], ["256", "-1", "1e30"]), ("f64", "i32", ["2147483647.5", "-2147483648.5"], ["2147483648", "-2147483649"]),
         ("f32", "i32", ["2147483520", "-2147483648"], ["2147483648", "-2147483904"]), ("f32", "int", ["9223371487098961920", "-9223372036854775808"], ["9223372036854775808"]),
         ("f64", "int", ["-9223372036854775808"], ["9223372036854775808", "-9223372036854777856"]),
         ("int", "u8", ["0", "255"], ["-1", "256", "4294967296"]), ("int", "i32", ["2147483647", "-2147483648"], ["2147483648", "-9223372036854775808"]),
         ("i32", "u8", ["255"], ["256", "-2147483648"]), ("i32", "int", ["-2147483648"], []), ("u8", "int", ["255"], [])]
text = (folder / "program.burin").read_text().splitlines()
for name, to, right, wrong in cases:
    task = f"checked_{name}_{to}"
    line = next(n for n, row in enumerate(text, 1) if row.startswith(f"task {task}("))
    for x in right:
        assert run("-O2", task, "--x", x).stdout == f"{int(x.split('.')[0])}\n", (task, x)
    for x in wrong:
        for way in WAYS[: 4 if x in ("256", "9223372036854775808") else 2]:
            failed = run(way, task, "--x", x)
            column = text[line - 1].index(f"{{ {to}(x)") + 3
            assert failed.returncode == 1 and f"error[E0290]: this is no {to}, which goes from " in failed.stderr, (task, x, way, failed)
            help_ = f"`clip(x, {to})` takes the nearest" + ("" if name in FLOATS else f", `wrap(x, {to})` counts around")
            assert f"program.burin:{line}:{column}\n" in failed.stderr and f"= help: {help_}\n" in failed.stderr, (task, x, way, failed)

# Where it counts: mapped, in loops, under conditions, of a NaN; an index and a bool are numbers, too.
write("""dim batch = 4
dim wide = 300
fn byte(x: f32) -> u8 = u8(100 * x)
task t(x: f32[batch], b: bool[batch], w: wide[batch]) {
  record mapped = sum(f32(byte(x)))
  record masked = sum(if x < 3 then f32(u8(100 * x)) else -1.0)
  record lazy = if sum(x) > 1e9 { f32(u8(1000 * x[batch: 0])) } else { 7.0 }
  record bools = sum(u8(b)) + sum(i32(b))
  record index = sum(i32(w)) + i32(byte(0.125)) + i32(u8(7)) + wrap(300, u8) + clip(-3.5, u8)
}
task each(w: wide[batch]) -> u8[batch] { u8(w) }
""".replace("sum(u8(b)) + sum(i32(b))", "f32(sum(i32(u8(b)))) + f32(sum(i32(b)))").replace(
    "sum(i32(w)) + i32(byte(0.125)) + i32(u8(7)) + wrap(300, u8) + clip(-3.5, u8)",
    "f32(sum(i32(w)) + i32(byte(0.125)) + i32(u8(7)) + i32(wrap(300, u8)) + i32(clip(-3.5, u8)))"))
numpy.save(folder / "b.npy", numpy.array([True, False, True, True]))
numpy.save(folder / "w.npy", numpy.array([0, 255, 3, 255], "u2").astype("i4"))


def given_x(values):
    numpy.save(folder / "x.npy", numpy.array(values, "f4"))
    return ("--x", "x.npy", "--b", "b.npy", "--w", "w.npy")


for way in WAYS:
    done = run(way, "t", *given_x([0.5, 1.25, 2.5, 0.009]))
    assert done.stdout.split() == "mapped 425 masked 425 lazy 7 bools 6 index 576".split(), (way, done)
    failed = run(way, "t", *given_x([0.5, 1.25, numpy.nan, 0]))
    assert failed.returncode == 1 and "error[E0290]: this is no u8" in failed.stderr and "program.burin:3:25\n" in failed.stderr, (way, failed)
write((folder / "program.burin").read_text().replace("  record mapped = sum(f32(byte(x)))\n", ""))
for way in WAYS:  # 9000 is no u8, where it is not asked for
    assert "masked 173\n" in run(way, "t", *given_x([0.5, 1.25, 90, numpy.nan])).stdout, way
numpy.save(folder / "w.npy", numpy.array([0, 256, 3, 255], "i4"))
failed = run("-O2", "each", "--w", "w.npy")
assert failed.returncode == 1 and "error[E0290]: this is no u8, which goes from 0 to 255\n" in failed.stderr, failed
