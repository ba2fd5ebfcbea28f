"""Texts and series along bounded axes in files: each mistake with file, line, column and what was expected; quotes, blanks, code points and bounds as they
should be read; labels that come from a file are those of its texts.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "program.burin").write_text("""
dim glyph = {stop, a, b, word} + characters("labels.txt")
dim S <= 4
dim U <= 3
dim kind = {low, high}
data rows = csv("data.csv") {
  text: glyph[S] = column(1) + glyph.stop
  level: f32[U]  = columns(2..5)
  kind: kind[U]  = columns(5..8)
  id: int        = column(0)
}
task show() {
  for r in rows {
    record id = f32(r.id)
    record size = sum(f32(int(r.text) * 0 + 1)) + 10 * sum(0 * r.level + 1)
    record sum = sum(f32(int(r.text))) + 100 * sum(r.level)
  }
}
""")
(folder / "labels.txt").write_text('é語" ,\n')
subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)


def show(text):
    (folder / "data.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return subprocess.run(["./program", "show"], cwd=folder, capture_output=True, text=True)


def mistake(text, place, *said):
    found = show(text)
    assert found.returncode == 1 and all(s in found.stderr for s in (f"  --> data.csv{place}\n", "  = help: ", *said)), found


good = "1,ab,1,2,,low,high,\n"
mistake(good + "1,abc,1,2,,low,high,\n", ":2:3", "error[E0516]: field `text`, column 1: `c`, character 3, is no label of `glyph`", "`dim glyph = …`")
mistake(good + "1,a\u00e8,1,2,,low,high,\n", ":2:3", "`\u00e8`, character 2, is no label")
mistake(good + '1,"a\tb",1,2,,low,high,\n', ":2:3", "character 2, a control character 0x09, is no label")
mistake(good.encode() + b"1,a\xe9b,1,2,,low,high,\n", ":2:3", "error[E0516]: field `text`, column 1: character 2 is none in UTF-8, but a byte 0xe9", "convert it to UTF-8")
mistake(good + "1,abab,1,2,,low,high,\n", ":2:3", "error[E0517]: field `text`, column 1: 4 characters and 1 label, and `S` holds at most 4", "`dim S <= …`")
mistake(good + "1," + "a" * 100000 + ",1,2,,low,high,\n", ":2:3", "error[E0517]", "more than ")
mistake(good + "1,,1,2,,low,high,\n", ":2:3", "error[E0518]: field `text`, column 1: the text is empty")
mistake(good + '1,"",1,2,,low,high,\n', ":2:3", "error[E0518]")
mistake(good + "1,ab,,,,,,\n", ":2:6", "error[E0518]: field `level`, column 2: the series is empty")
mistake(good + "1,ab,1,,2,low,high,\n", ":2:9", "error[E0519]: field `level`, column 4: a value behind an empty column")
mistake(good + "1,ab,1,2,3,low,high,\n", ":2:12", "error[E0519]: field `kind`, column 5: 2 elements along `U`, and `level` has 3 in this row")
mistake(good + "1,ab,1,x,,low,high,\n", ":2:8", "error[E0421]: field `level`, column 3: expected a number, found `x`")
mistake(good + "1,ab,1,2,,low,hi,\n", ":2:15", "error[E0421]: field `kind`, column 6: expected a label of the axis `kind`, found `hi`")
mistake(good + "1,ab,1,2,,low,high\n", ":2:1", "error[E0421]: this row has 7 columns")
mistake(good + '1,"ab,1,2,,low,high,\n', ":2:3", "this quote never closes")
mistake("1" * 600 + ",ab,1,2,,low,high,\n", ":1:1", "error[E0421]: this field is too long for a number or a label")

# Characters by code point; blanks around a text without quotes are none of it, those inside are; doubled quotes, commas and line ends inside quotes.
found = show('1, ab ,1,2,,low,high,\n2,"é語",1,,,low,,\n3,a b,1,2,3,low,high,low\r\n4,"""\n,",1,2,3,low,high,low\n5,word,1,,,low,,'.replace("5,word", "5,bba"))
labels = ["stop", "a", "b", "word"] + sorted('é語" ,\n')
value = lambda text: sum(labels.index(c) for c in text)
wanted = [(1, 23, value("ab") + 300), (2, 13, value("é語") + 100), (3, 34, value("a b") + 600), (4, 34, value('"\n,') + 600), (5, 14, value("bba") + 100)]
assert found.returncode == 0 and found.stdout.splitlines() == [f"r {k}/5  id {k}  size {s}  sum {n}" for k, s, n in wanted], (found, wanted)

# Labels of more than one character are none in a text: `word` is w, o, r, d.
mistake(good + "1,word,1,2,,low,high,\n", ":2:3", "error[E0516]: field `text`, column 1: `w`, character 1")

# `characters` of a .csv takes the columns that are read as text of the axis; quotes, commas, line ends and other columns are no labels.
(folder / "axis.burin").write_text("""
dim glyph = characters("data.csv")
dim other = {stop} + characters("data.csv")
dim S <= 9
data rows = csv("data.csv") { text: glyph[S] = column(1);  more: glyph[S] = column(3) }
task t(a: glyph, b: other) { record s = f32(glyph) + 1000 * f32(other) + f32(a) + f32(b) + mean(f32(int(rows.text))) + mean(f32(int(rows.more))) }
""")
(folder / "data.csv").write_bytes('\ufeff1x,"a,b",7, c \r\n2y,"é""",8,ca\n"3,z",c,"9\n",a\n'.encode())
subprocess.run([burin, "build", "axis.burin", "-o", "axis"], cwd=folder, check=True)
shown = subprocess.run(["./axis", "--describe"], cwd=folder, capture_output=True, text=True).stdout
axes = {line.split()[0]: line.split()[1] for line in shown[shown.index("axes") :].splitlines() if line.startswith("  ") and len(line.split()) > 1}
every = set('1xa,b7c2yé"83z9\n')
assert axes["glyph"] == str(len(set('a,bé"c'))) and axes["other"] == str(1 + len(every)), (shown, axes)
(folder / "data.csv").write_text('a,"b"c\n')
found = subprocess.run([burin, "check", "axis.burin"], cwd=folder, capture_output=True, text=True)
assert found.returncode == 1 and "error[E0234]: the labels of `glyph` can't be read: the quote at byte 2 of `data.csv` does not end a field" in found.stderr, found
