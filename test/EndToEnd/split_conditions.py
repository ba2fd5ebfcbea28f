"""Parts of a split by conditions on fields: the first that holds takes the row; shares and numbers are drawn from the rest. Beside Python, compiled and interpreted; conditions that a reader can't compute are refused.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
f32 = numpy.float32
SPLITS = {  # what is written, and what it says in Python
    "font < 40 and not loud": lambda r: r["font"] < 40 and not r["loud"],
    'hand == side.left or sign == glyph("b")': lambda r: r["side"] == "left" or r["glyph"] == "b",
    "font % 7 == 3": lambda r: r["font"] % 7 == 3,
    "(font - 50) / 7 < -2": lambda r: (r["font"] - 50) // 7 < -2,
    "level * 3 >= 0.3": lambda r: f32(r["level"]) / f32(8) * f32(3) >= f32(0.3),
    "wide * 3 >= 0.3": lambda r: r["level"] * 3 >= 0.3,
    "small + 200 > 210": lambda r: (r["small"] + 200) % 256 > 210,
    "short * 100_000 > 0": lambda r: (r["font"] * 100000 + 2**31) % 2**32 - 2**31 > 0,
    "f32(font) / 3 != level": lambda r: f32(r["font"]) / f32(3) != f32(r["level"]) / f32(8),
    "int(number) > 4": lambda r: r["digit"] > 4,
}
PROGRAM = """
dim side = {left, right}
dim glyph = {a, b, c}
dim digit = 10
data d = csv("d.csv") {
  n: int = column(0)
  font: int = column(1)
  loud: bool = column(2)
  hand: side = column(3)
  sign: glyph = column(4)
  level: f32 = column(5) / 8
  wide: f64 = column(5)
  small: u8 = column(6)
  short: i32 = column(1)
  number: digit = column(7)
} split (SPLIT)
task t() {
"""
rows = []
for n in range(60):
    rows.append(dict(n=n, font=n * 37 % 97, loud=n % 3 == 1, side=("left", "right")[n * 5 % 7 % 2], glyph="abc"[n % 3], level=(n * 13 % 29) / 10, small=n * 11 % 100, digit=n * 3 % 10))
(folder / "d.csv").write_text("".join(",".join(str(v).lower() for v in r.values()) + "\n" for r in rows))


def run(split, *words):
    parts = re.findall(r"(?:^|, )(\w+):", split)
    source = PROGRAM.replace("SPLIT", split)
    for part in parts:
        source += f"  for r in d.{part} {{ record {part} = r.n }}\n"
    (folder / "program.burin").write_text(source + "}\n")
    outs = []
    subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)
    for command in (["./program", "t"], [burin, "run", "program.burin", "--interpret=graph", "t"]):
        outs.append(subprocess.run([*command, *words], cwd=folder, capture_output=True, text=True))
    assert (outs[0].returncode, outs[0].stdout, outs[0].stderr) == (outs[1].returncode, outs[1].stdout, outs[1].stderr), outs
    found = {part: [int(n) for n in re.findall(rf"^r \d+/\d+  {part} (\d+)$", outs[0].stdout, re.M)] for part in parts}
    return found, outs[0]


for text, holds in SPLITS.items():
    found, done = run(f"train: {text}, test: rest")
    wanted = [r["n"] for r in rows if holds(r)]
    assert 0 < len(wanted) < len(rows) and found == {"train": wanted, "test": [r["n"] for r in rows if r["n"] not in wanted]}, (text, found, wanted, done)

# The first that holds; shares and numbers of what is left, another for another seed.
draws = set()
for seed in "01":
    found, done = run("old: font < 30, noisy: loud, train: 75%, five: 5, test: rest", "--split-seed", seed)
    left = [r["n"] for r in rows if r["font"] >= 30 and not r["loud"]]
    assert found["old"] == [r["n"] for r in rows if r["font"] < 30] and found["noisy"] == [r["n"] for r in rows if r["font"] >= 30 and r["loud"]], found
    assert len(found["train"]) == len(left) * 3 // 4 and len(found["five"]) == 5 and sorted(found["train"] + found["five"] + found["test"]) == left, (found, left)
    draws.add(tuple(found["train"]))
assert len(draws) == 2
found, done = run("old: font < 30, new: font > 80")  # the others are in no part, and are checked all the same
assert found == {"old": [r["n"] for r in rows if r["font"] < 30], "new": [r["n"] for r in rows if r["font"] > 80]}, found

_, done = run("old: font < 0, new: rest")
assert done.returncode == 1 and "error[E0422]: the part `old` of `d` has none of the file's 60 rows\n  --> d.csv\n  = help: its condition holds in no row" in done.stderr, done
_, done = run("old: font < 1000, new: rest")
assert done.returncode == 1 and "the part `new` of `d` has none" in done.stderr, done
kept = (folder / "d.csv").read_text()
(folder / "d.csv").write_text(kept.replace("59,", "x,"))
_, done = run("old: font < 30, new: font > 80")
assert done.returncode == 1 and "--> d.csv:60:1" in done.stderr, done

(folder / "wrong.burin").write_text("""dim side = {left, right}
dim pixel = 2
dim time <= 3
data a = csv("a.csv") { x: f32[pixel] = columns(0..2); y: f32 = column(3) } split (p: mean(x) < 1, q: rest)
data b = csv("a.csv") { y: f32 = column(3) } split (p: y + 1, q: rest)
data c = csv("a.csv") { y: f32 = column(3) } split (p: sqrt(y) < 1, q: rest)
data d = csv("a.csv") { y: f32 = column(3) } split (p: z < 1, q: rest)
data e = csv("a.csv") { y: f32 = column(3) } split (p: int(y) < 1, q: rest)
data f = csv("a.csv") { y: side = column(3) } split (p: y == 1.5, q: rest)
data g = csv("a.csv") { y: f32 = column(3) } split (p: uniform() < y, q: rest)
data h = csv("a.csv") { y: bf16 = column(3) } split (p: y < 1, q: rest)
data i = csv("a.csv") { y: f32[time] = columns(0..3) } split (p: max(y) < 1, q: rest)
data j = csv("a.csv") { y: f32 = column(3) } split (p: -5, q: rest)
data k = csv("a.csv") { y: f32 = column(3) } split (p: "left", q: rest)
""")
found = subprocess.run([burin, "check", "wrong.burin"], cwd=folder, capture_output=True, text=True).stderr
errors = re.findall(r"error\[(E\d+)\]: .*\n +--> wrong.burin:(\d+):\d+\n", found)
assert errors == [("E0266", "4"), ("E0266", "5"), ("E0266", "6"), ("E0201", "7"), ("E0266", "8"), (errors[5][0], "9"), ("E0266", "10"), ("E0266", "11"), ("E0266", "12"), ("E0266", "13"), ("E0266", "14")], found
assert found.count("  = help: ") == len(errors), found
deep = " and ".join(f"y < {k}" for k in range(80))
(folder / "deep.burin").write_text('data a = csv("a.csv") { y: f32 = column(3) } split (p: ' + deep + ", q: rest)\n")
found = subprocess.run([burin, "check", "deep.burin"], cwd=folder, capture_output=True, text=True).stderr
assert "error[E0266]: a part's condition has at most 200 operations and values" in found, found
