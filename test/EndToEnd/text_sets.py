"""Data sets whose rows are the characters of a text: parts in order, windows, shuffles, counts of pairs, beside Python; compiled, unoptimised and interpreted. Each hostile file is refused where it is wrong.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import collections
import pathlib
import re
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim char = CHARACTERS
dim time = 5
dim pair = 2
dim batch <= 64
dim whole = 3
data book: char = text("book.txt") split (train: 70%, valid: 20, test: rest)
data all: char = text("book.txt")
fn key(c: char) -> f32 = sqrt(f32(c))
task codes() -> (train: int, valid: int, test: int, mean: f32) {
  (sum(int(book.train)), sum(int(book.valid)), sum(int(book.test)), mean(key(all)))
}
task pairs() -> (pairs: int[char, char], chars: int[char], tested: f32[char]) {
  state count: int[char, char] = 0
  for w in book.train.windows[pair].batches[batch] { count[w[b, pair: 0], w[b, pair: 1]] += 1 over b }
  let chars[book.train[t]] += 1 over t
  let tested[book.test[t]] += key(book.test[t]) over t
  (count, chars, tested)
}
task windows() {
  for w in book.valid.windows[time].shuffle.batches[whole] { record w = sum(int(w)) }
  for c in book.test { record c = f32(c) }
  for (w, c) in zip(book.train.windows[time], book.test.shuffle) { record both = sum(int(w)) + int(c) }
}
task first(n: time) -> char { book.train[rows(n)] }
"""
PROGRAM = PROGRAM[:PROGRAM.index("task first")]


def build(text, source=PROGRAM, characters='characters("book.txt")'):
    (folder / "book.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "program.burin").write_text(source.replace("CHARACTERS", characters))
    subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def run(*words, ways=True, cwd=folder):
    out = []
    for command in [["./program", *words]] + ([[burin, "run", "program.burin", way, *words] for way in ("-O0", "--interpret=graph")] if ways else []):
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        out.append((done.returncode, done.stdout, done.stderr))
    assert all(o[0] == out[0][0] and o[2] == out[0][2] for o in out) and all(o[1] == out[0][1] for o in out[:2]), out
    return out[0]


def rows(text):
    return [float(x) for x in text.split()]


text = "The café at dawn —\r\nüber 語 words\n\n" * 9 + "end"
build(text)
labels = sorted(set(text))
codes = [labels.index(c) for c in text]
n = len(codes)
cut = n * 70 // 100
train, valid, test = codes[:cut], codes[cut:cut + 20], codes[cut + 20:]
code, out, err = run("codes")
found = dict(line.split() for line in out.splitlines())
assert code == 0 and [int(found[k]) for k in ("train", "valid", "test")] == [sum(train), sum(valid), sum(test)], (out, err)
assert abs(float(found["mean"]) - numpy.sqrt(codes).mean()) < 1e-5, out

code, out, err = run("pairs")
assert code == 0, err
pairs, chars, tested = (part.strip() for part in re.match(r"pairs\n(.*?)\nchars(.*?)\ntested(.*)", out, re.S).groups())
count = collections.Counter(zip(train, train[1:]))
assert [rows(line) for line in pairs.splitlines()] == [[count[i, j] for j in range(len(labels))] for i in range(len(labels))], out
assert rows(chars) == [train.count(i) for i in range(len(labels))], out
numpy.testing.assert_allclose(rows(tested), [test.count(i) * i**0.5 for i in range(len(labels))], rtol=1e-5)

code, out, err = run("windows", "--seed", "3")
assert code == 0, err
sums = [sum(valid[i:i + 5]) for i in range(16)]
w = [int(float(x)) for x in re.findall(r"^w \d+/5  w (\S+)", out, re.M)]
assert len(w) == 5 and w != [sum(sums[3 * k:3 * k + 3]) for k in range(5)] and sum(w) in {sum(sums) - s for s in sums}, (w, sums)  # a remainder of 1 is dropped
assert [float(x) for x in re.findall(r"^c \d+/\d+  c (\S+)", out, re.M)] == test, out
both = [int(float(x)) for x in re.findall(r"  both (\S+)", out)]
assert len(both) == len(test) and sorted(b - sum(train[i:i + 5]) for i, b in enumerate(both)) == sorted(test), both
assert run("windows", "--seed", "3", "--split-seed", "5", ways=False)[1] == out  # parts are in order, whatever is drawn

# Characters of several bytes lie across the pieces in which a file is read; a mark at the beginning is no character.
long = "".join(chr(0x4E00 + i % 300) if i % 3 else "é" for i in range(100000))
build(b"\xef\xbb\xbfab" + long.encode())
labels = sorted(set("ab" + long))
codes = [labels.index(c) for c in "ab" + long]
cut = len(codes) * 70 // 100
found = dict(line.split() for line in run("codes")[1].splitlines())
assert [int(found[k]) for k in ("train", "valid", "test")] == [sum(codes[:cut]), sum(codes[cut:cut + 20]), sum(codes[cut + 20:])], found

# What the axis lacks is its label `rare`, or an error.
build("abcab" * 20, characters="{rare, a, b}")
assert run("codes")[1].splitlines()[:3] == ["train 84", "valid 24", "test 12"], run("codes")
(folder / "book.txt").write_bytes("ab€ab".encode() * 20)
assert run("codes")[0] == 0


def refused(data, code, where, *said):
    (folder / "book.txt").write_bytes(data)
    status, out, err = run("codes", ways=False)
    assert status == 1 and not out and err.startswith(f"error[{code}]: ") and f"  --> {where}\n  = help: " in err and all(s in err for s in said), (data[:40], err)
    if "rare" in (folder / "program.burin").read_text():  # else the axis is made of the file, when it is compiled again
        assert run("codes")[2] == err


refused(b"a\nb\xff" + b"a" * 90, "E0516", "book.txt:2:2", "the byte 0xff is no character in UTF-8", "convert the file")
refused(b"a" * 90 + b"\xe2\x82", "E0516", "book.txt:1:91", "the byte 0xe2 is no")
refused(b"ab\xed\xa0\x80" * 90, "E0516", "book.txt:1:3", "the byte 0xed")  # half a character
refused(b"ab\xc0\x80" * 90, "E0516", "book.txt:1:3", "the byte 0xc0")  # longer than need be
refused(b"ab\xf4\x90\x80\x80" * 90, "E0516", "book.txt:1:3", "the byte 0xf4")  # beyond U+10FFFF
refused(b"ab" * 50 + b"\0", "E0516", "book.txt:1:101", "the byte 0x00", "is this a text file?")
refused(b"", "E0420", "book.txt", "the file is empty", "a text has at least one character")
refused(b"\xef\xbb\xbf", "E0420", "book.txt", "the file is empty")
refused(b"abababababababababab", "E0422", "book.txt", "the part `valid` of `book` is to have 20 characters, and of the file's 20 it can have 6")
build("ab\n" * 40)
refused(("ab\n" * 40 + "a" * 3000000 + "é").encode(), "E0516", "book.txt:41:3000001", "`é`, U+00E9, is no label of `char`", "`dim char = …`", "`rare`")
refused(b"ab\r\n" * 40, "E0516", "book.txt:1:3", "the control character U+000D is no label of `char`")
(folder / "book.txt").unlink()
status, out, err = run("codes", ways=False)
assert status == 1 and "error[E0420]: can't read the file: No such file" in err and "--> book.txt\n" in err, err
(folder / "book.txt").mkdir()
assert "it is no ordinary file" in run("codes", ways=False)[2]
