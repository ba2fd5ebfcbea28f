"""Words as labels: of a text whose rows they are, and of columns as sequences, beside Python; compiled, unoptimised and interpreted. Each mistake is refused where it stands.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import collections
import pathlib
import re
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
dim word = {LABELS} + words("book.txt", least: 2)
dim told = {rare, stop} + words("reviews.csv", least: 2)
dim token <= 6
dim batch <= 2
data book: word = words("book.txt") split (train: 60%, test: rest)
data reviews = csv("reviews.csv") {
  stars: int = column(0)
  text: told[token] = words(column(1)) + told.stop
}
task count_book() -> (train: int[word], test: int[word]) {
  let train[book.train[t]] += 1 over t
  let test[book.test[t]] += 1 over t
  (train, test)
}
task count_reviews() -> int[told] {
  state count: int[told] = 0
  for r in reviews { count[r.text[t]] += 1 over t }
  for b in reviews.batches[batch] { record sum = sum(int(b.text)) }
  let whole[reviews.text[r, t]] += 1 over r: reviews, t: token
  assert all(whole == count)
  count
}
"""
BOOK = "the cat\tsat  on the\r\nmat The é cat\n stop mat é\n"
REVIEWS = '5,good film good\n1,"bad ""film"", bad  stop\nfilm"\n3,   film bad\t\n'


def write(name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def build(labels="rare, stop"):
    write("program.burin", PROGRAM.replace("LABELS", labels))
    subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def run(*words, ways=True):
    out = []
    for command in [["./program", *words]] + ([[burin, "run", "program.burin", way, *words] for way in ("-O0", "--interpret=graph")] if ways else []):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        out.append((done.returncode, done.stdout, done.stderr))
    assert all(o == out[0] for o in out), out
    return out[0]


write("book.txt", BOOK), write("reviews.csv", REVIEWS)
build()
words = BOOK.split()
known = sorted((w for w, n in collections.Counter(words).items() if n >= 2), key=lambda w: (-words.count(w), w))
labels = ["rare", "stop", *known]
cut = len(words) * 60 // 100
wanted = [[0] * len(labels), [0] * len(labels)]
for i, w in enumerate(words):
    wanted[i >= cut][labels.index(w) if w in known else 0] += 1  # the word `stop` is not the label of that name
code, out, err = run("count_book")
assert code == 0 and [[int(n) for n in line.split()[1:]] for line in out.splitlines()] == wanted, (out, wanted, err)

# Fields' words are those of the column that is read so: neither the numbers nor what quotes and separates.
texts = ["good film good", 'bad "film", bad  stop\nfilm', "film bad"]
known = sorted((w for w, n in collections.Counter(" ".join(texts).split()).items() if n >= 2), key=lambda w: (-" ".join(texts).split().count(w), w))
labels = ["rare", "stop", *known]
code, out, err = run("count_reviews")
rows = [[labels.index(w) if w in known else 0 for w in t.split()] + [1] for t in texts]
assert code == 0, err
assert [float(x) for x in re.findall(r"  sum (\S+)", out)] == [sum(map(sum, rows[:2])), sum(rows[2])], out
assert [int(n) for n in out.splitlines()[-1].split()] == [sum(rows, []).count(i) for i in range(len(labels))], (out, rows)


def refused(task, name, text, code, where, *said):
    kept = (folder / name).read_bytes()
    write(name, text)
    status, out, err = run(task, ways=False)
    assert status == 1 and not out and err.startswith(f"error[{code}]: ") and f"  --> {where}\n  = help: " in err and all(s in err for s in said), (text[:40], err)
    write(name, kept)


refused("count_book", "book.txt", "the \n\t\r\n", "E0422", "book.txt", "the part `train` of `book` has none of the file's 1 words")
refused("count_book", "book.txt", " \n\t\r\n", "E0420", "book.txt", "the file has no word")
refused("count_book", "book.txt", "", "E0420", "book.txt", "the file is empty")
refused("count_book", "book.txt", "the cat\nthe " + "x" * 256 + " the", "E0516", "book.txt:2:5", "a word of more than 255 bytes")
refused("count_book", "book.txt", "the cat\n" + "x" * 3000000, "E0516", "book.txt:2:1", "a word of more than 255 bytes")
refused("count_book", "book.txt", b"the cat\n a\xff the", "E0516", "book.txt:2:3", "the byte 0xff is no character in UTF-8")
refused("count_book", "book.txt", b"the cat a\0 the", "E0516", "book.txt:1:10", "the byte 0x00")
refused("count_reviews", "reviews.csv", "1,good\n2,a b c d e f\n", "E0517", "reviews.csv:2:3", "field `text`, column 1: 6 words, and labels around, and `token` holds at most 6")
refused("count_reviews", "reviews.csv", "1,good\n2," + "a" * 200 + " " * 5000 + "b\n", "E0517", "reviews.csv:2:3", "longer than as many words")
refused("count_reviews", "reviews.csv", '1,good\n2," \n"\n', "E0518", "reviews.csv:2:3", "the text has no word")
refused("count_reviews", "reviews.csv", "1,good\n2,a " + "b" * 300 + "\n", "E0516", "reviews.csv:2:3", "word 2 has more than 255 bytes")
refused("count_reviews", "reviews.csv", b"1,good\n2,a \xc3\n", "E0516", "reviews.csv:2:3", "word 2 holds a byte that is no character")

# Without `rare` each word is a label, or refused; words that lie across the pieces in which a file is read are whole.
build("stop")
refused("count_book", "book.txt", "the cat\nthe bird", "E0516", "book.txt:2:5", "`bird` is no label of `word`", "{rare} + words(")
refused("count_book", "book.txt", "the stop", "E0516", "book.txt:1:5", "`stop` is no label")
long = " " * 65533 + "the " * 40000
write("book.txt", long)
found = [sum(int(n) for n in line.split()[1:]) for line in run("count_book", ways=False)[1].splitlines()]
assert found == [24000, 16000], found

(folder / "wrong.burin").write_text("""dim digit = 10
dim word = {rare, ab}
dim token <= 6
data x = csv("x.csv") { text: word = words(column(0)) }
data y = csv("y.csv") { text: digit[token] = words(column(0)) }
data z: digit = words("z.txt")
data w = words("z.txt")
data v: word[token] = words("z.txt") split (a: token < 3, b: rest)
data u: word = words("z.txt") split (a: word < 3, b: rest)
data t: word = text("z.txt")
data s: f32 = csv("z.csv") { x: f32 = column(0) }
data r: word = words("z.txt") { x: f32 = column(0) }
data q = words("a.txt", "b.txt")
""")
found = subprocess.run([burin, "check", "wrong.burin"], cwd=folder, capture_output=True, text=True).stderr
errors = re.findall(r"error\[(E\d+)\]: (.*)\n +--> wrong.burin:(\d+:\d+)\n", found)
assert [(e[0], e[2]) for e in errors] == [("E0293", "4:38"), ("E0294", "5:31"), ("E0294", "6:9"), ("E0265", "7:6"), ("E0265", "8:9"), ("E0266", "9:41"), ("E0294", "10:9"), ("E0265", "11:9"),
                                          ("E0265", "12:33"), ("E0401", "13:10")], found
assert found.count("  = help: ") == len(errors), found
