"""Texts on the command line, and results along bounded axes: given and printed as far as they are present, compiled and interpreted; each mistake is said.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys
import time

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "program.burin").write_text("""
dim batch = 3
dim glyph = {start, stop, a, b} + characters("labels.txt")
dim S <= 5
dim T <= 4
fn follow(text: glyph[S]) -> glyph[S] {
  let next[t: S] = text[t + 1 else glyph.stop]
  next
}
fn codes(text: glyph[S]) -> f32[S] {
  let c[t: S] = f32(text[t]) / 2
  c
}
task echo(text: glyph[S]) -> glyph[S] { text }
task next(text: glyph[S], by: int = 0) -> (size: int, next: glyph[S], codes: f32[S], last: glyph) {
  (sum(int(text) * 0 + 1), follow(text), codes(text) + f32(by), text[S: last])
}
task cut(lines: glyph[batch, T]) -> (lines: glyph[batch, T], odd: bool[batch, T], sizes: int[batch]) {
  let found = lines until glyph.stop
  (found, int(found) % 2 == 1, sum(int(found) * 0 + 1, over: T))
}
task same(a: glyph[S], b: glyph[S]) -> (equal: bool[S], sum: int[S]) { (a == b, int(a) + int(b)) }
task both(a: glyph[S], b: glyph[T]) -> (b: glyph[T], a: glyph[S]) { (b, a) }
task long(text: glyph[S]) -> (total: int, text: glyph[S]) {
  state total: int = 0
  for step in 0..10000000 { total <- total + sum(int(text)) }
  (total, text)
}
""")
(folder / "labels.txt").write_text("é語. ")
glyphs = ["start", "stop", "a", "b"] + sorted("é語. ")
subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def run(*words, ways=True):
    out = []
    for command in [["./program", *words]] + ([[burin, "run", "program.burin", way, *words] for way in ("-O0", "--interpret=graph")] if ways else []):
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        out.append((found.returncode, found.stdout, found.stderr))
    assert all(o == out[0] for o in out), out
    return out[0]


def prints(words, text):
    assert run(*words) == (0, text, ""), (words, run(*words), text)


def fails(words, *said):
    code, out, error = run(*words, ways=False)
    assert code == 2 and not out and all(s in error for s in ("  = help: ", *said)), (words, code, error)


prints(["echo", "--text", "a é語b"], "a é語b\n")
prints(["echo", "--text=."], ".\n")
prints(["next", "--text", "ab"], "size 2\nnext b stop\ncodes 1 1.5\nlast b\n")
prints(["next", "--text", "aab.b", "--by", "1"], "size 5\nnext ab.b stop\ncodes " + " ".join(f"{glyphs.index(c) / 2 + 1:g}" for c in "aab.b") + "\nlast b\n")
prints(["both", "--b", "aaaa", "--a", "bbbbb"], "b aaaa\na bbbbb\n")
prints(["same", "--a", "bab", "--b", "aab"], "equal false true true\nsum 5 4 6\n")
numpy.save(folder / "lines.npy", numpy.array([[2, 3, 1, 2], [0, 2, 2, 0], [1, 2, 2, 2]], "u1"))
prints(["cut", "--lines", "lines.npy"], "lines\nab\nstart aa start\n\nodd\nfalse true\nfalse false false false\n\nsizes 2 4 0\n")

fails(["echo", "--text", "axb"], "error[E0516]: `--text`: `x`, character 2, is no label of `glyph`")
fails(["echo", "--text", "start"], "error[E0516]: `--text`: `s`, character 1")
fails(["echo", "--text", "ababab"], "error[E0517]: `--text`: 6 characters, and `S` holds at most 5")
fails(["echo", "--text", ""], "error[E0518]: `--text`: the text is empty")
fails(["same", "--a", "ab", "--b", "aab"], "error[E0519]: `--b`: 3 elements along `S`, and `--a` has 2")
fails(["echo"], "the task `echo` needs `--text`", "give it a value")
fails(["echo", "--text.length", "3", "--text", "a"], "there is no option `--text.length`")
code, out, _ = run("--help", ways=False)
assert "  echo -> glyph[S]\n    --text glyph[S]  (required: a text)\n" in out and "next -> size int, next glyph[S], codes f32[S], last glyph\n" in out and "length" not in out, out

# What is kept of a run that is interrupted has the text and its length.
process = subprocess.Popen(["./program", "long", "--text", "ab", "--checkpoint", "c", "--checkpoint-every", "0.05"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for _ in range(1000):
    if (folder / "c").exists() or process.poll() is not None:
        break
    time.sleep(0.01)
process.kill()
process.wait()
assert (folder / "c").exists(), "the run was not interrupted"
found = subprocess.run(["./program", "long", "--resume", "--checkpoint", "c"], cwd=folder, capture_output=True, text=True)
assert (found.returncode, found.stdout.splitlines()[-2:]) == (0, [f"total {10000000 * 5}", "text ab"]), found

(folder / "wrong.burin").write_text("""dim batch = 3
dim glyph = {stop, a}
dim T <= 4
task t(lines: glyph[batch, T]) -> glyph[T, batch] { lines until glyph.stop }
task u(text: glyph[T] = glyph.a) -> glyph[T] { text }
""")
found = subprocess.run([burin, "check", "wrong.burin"], cwd=folder, capture_output=True, text=True).stderr
assert "error[E0295]: the length along `T` differs along `batch`, which does not stand before it in glyph[T, batch]\n --> wrong.burin:4:53\n" in found, found
assert "= help: declare the result with `batch` before `T`" in found and "error[E0206]: the default of an option is a number, and a text has none\n --> wrong.burin:5:25\n" in found, found
