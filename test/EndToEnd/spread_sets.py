"""A data set's fields beside what is computed of its rows, shuffled together: each row meets its own values, each once in a round; compiled, unoptimised and interpreted.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import re
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim pair = 2
dim batch = 3
dim rest <= 4
dim T <= 3
dim glyph = {stop, a, b}
data d = csv("d.csv") {
  x: f32[pair] = columns(0..2) / 2
  n: int = column(2)
  text: glyph[T] = column(3) + glyph.stop
} split (train: n < 14, test: rest)
model Scale { param w: f32[pair] = 1;  fn (x: f32[pair]) -> f32 = sum(w * x * x) }
let net = Scale()
let opt = Sgd(lr: 0.01)
task t() {
  let before = net(d.train.x)
  for epoch in 0..2 {
    for b in shuffle((..d.train, before: before, code: f32(d.train.n) / 2), over: d.train).batches[batch] {
      record n = sum(b.n)
      record wrong = sum(abs(b.before - sum(b.x * b.x, over: pair))) + sum(abs(b.code - f32(b.n) / 2))
      record text = sum(int(b.text))
      record loss = minimize { mean(net(b.x)) } over net with opt
    }
  }
  record moved = max(abs(net.w - 1))
}
task u() {
  for r in shuffle((..d.test, k: d.test.n * 2), over: d.test) { record k = r.k - r.n;  record n = r.n }
  for b in shuffle(d.train.n, over: d.train).batches[rest] { record whole = sum(b) }
}
"""
numbers = numpy.random.default_rng(1)
x, texts = numbers.integers(-9, 9, (20, 2)), ["a" * (n % 2) + "b" * (n // 2 % 2) or "a" for n in range(20)]
(folder / "d.csv").write_text("".join(f"{a},{b},{n},{texts[n]}\n" for n, (a, b) in enumerate(x)))
(folder / "program.burin").write_text(PROGRAM)
subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def run(*words):
    out = []
    for command in ["./program"], [burin, "run", "program.burin", "-O0"], [burin, "run", "program.burin", "--interpret=graph"]:
        done = subprocess.run([*command, *words, "--log", "log"], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done
        out.append([(m[1], float(m[2])) for m in re.finditer(r'"name":"(\w+)".*"value":"?([-\w.+]+)"?}', (folder / "log").read_text())])
    for other in out[1:]:
        assert [n for n, _ in other] == [n for n, _ in out[0]], out
        numpy.testing.assert_allclose([v for _, v in other], [v for _, v in out[0]], rtol=1e-5, atol=1e-5)
    assert out[1] == out[0]
    return lambda name: [v for n, v in out[0] if n == name]


found = run("t")
n = found("n")
assert len(n) == 8 and max(found("wrong")) < 1e-4 and found("moved")[0] > 0.1, (n, found("wrong"), found("moved"))  # what was computed before stays, though the net moves
assert n[:4] != n[4:] and all(sum(range(14)) - sum(k) <= 12 + 13 for k in (n[:4], n[4:])), n  # 14 rows: two are dropped
codes = [sum("ab".index(c) + 1 for c in text) for text in texts]
assert all(0 <= sum(codes[:14]) - sum(found("text")[k:k + 4]) <= 2 * max(codes) for k in (0, 4)), (found("text"), codes)
found = run("u")
assert found("k") == found("n") and sorted(found("n")) == [14, 15, 16, 17, 18, 19] != found("n") and sum(found("whole")) == sum(range(14)) and len(found("whole")) == 4, found("n")

(folder / "wrong.burin").write_text("""dim batch = 3
data d = csv("d.csv") { x: f32 = column(0) } split (train: 50%, test: rest)
task a() { for b in shuffle((..d, z: 1), over: d.train) { record x = b.x } }
task b() { for b in shuffle((..d.train.shuffle, z: 1), over: d.train) { record x = b.x } }
task c() { for b in shuffle((..d.train, x: d.train.x), over: d.train) { record x = b.x } }
task e() { for b in shuffle((..d.train, z: d.test.x), over: d.train) { record x = b.x } }
""")
found = subprocess.run([burin, "check", "wrong.burin"], cwd=folder, capture_output=True, text=True).stderr
errors = re.findall(r"error\[(E\d+)\]: .*\n +--> wrong.burin:(\d+:\d+)\n", found)
assert errors == [("E0403", "3:32"), ("E0285", "4:32"), ("E0285", "5:44"), ("E0286", "6:29")], found
assert found.count("  = help: ") == len(errors), found
