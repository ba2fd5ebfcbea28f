"""Tasks with several results: each is printed behind its name, in the order in which they are declared; compiled and interpreted the same text.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "program.burin").write_text("""
dim row  = 2
dim col  = 3
dim push = {left, right}
struct Cart { x: f32, age: int }
state count: int     = 5
state kept: f32[col] = 2

fn both(x: f32) -> (low: f32, high: f32) = (x - 1, x + 1)

task many(n: int, x: f32 = 0.5) -> (mean: f32, n: int, twice: int, table: f32[row, col], best: push, all: bool[push], given: f32, kept: f32[col], m: int) {
  let t: f32[row, col] = x
  kept <- kept + 1
  let m = n
  (mean(t), n, 2 * n, t + 1, push.right, [true, false], x, kept, m)
}
task pair(x: f32 = 3) -> (low: f32, high: f32) { both(x) }
task struct_of(x: f32 = 3) -> Cart[row] {
  let s: Cart[row] = Cart(x: x, age: 4)
  s
}
task nested(x: f32 = 3) -> (at: (low: f32, high: f32), cart: Cart) { (both(x), Cart(x: x, age: 1)) }
task named(x: f32 = 3) -> (only: f32) { (x,) }
task numbers() -> (a: int, b: int) {
  count <- count + 1
  (count, 7)
}
task one(x: f32 = 3) -> f32[row, col] {
  let t: f32[row, col] = x
  t
}
task constant() -> f32[push] { [1, 2] }
""")
expected = {
    "many --n 3": "mean 0.5\nn 3\ntwice 6\ntable\n1.5 1.5 1.5\n1.5 1.5 1.5\nbest right\nall true false\ngiven 0.5\nkept 3 3 3\nm 3\n",
    "pair": "low 2\nhigh 4\n",
    "struct_of": "x 3 3\nage 4 4\n",
    "nested": "at.low 2\nat.high 4\ncart.x 3\ncart.age 1\n",
    "named": "only 3\n",
    "numbers": "a 6\nb 7\n",
    "one": "3 3 3\n3 3 3\n",
    "constant": "1 2\n",
}
for way in ("-O2", "-O0", "--interpret=graph", "--interpret=grad"):
    for task, text in expected.items():
        found = subprocess.run([burin, "run", "program.burin", way, *task.split()], cwd=folder, capture_output=True, text=True)
        assert found.returncode == 0 and found.stdout == text, (way, task, found)

subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)
run = lambda *words: subprocess.run(["./program", *words], cwd=folder, check=True, capture_output=True, text=True).stdout
assert "  pair -> low f32, high f32\n    --x f32  (default 3)\n" in run("--help") and "  one -> f32[row, col]\n" in run("--help")
assert run("nested", "--help").startswith("program nested -> at.low f32, at.high f32, cart.x f32, cart.age int\n")
assert run("many", "--n", "3", "--poison") == expected["many --n 3"]
