"""CSV files: what is read, and how each mistake is said, with file, line and column.

RUN: %python %s %S/Inputs %t
"""
import os
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2])
good = "1,2,3,4,left,5\n"
six = '1,2,3,4,left,5,"a\nb"\n'


def mistake(text, place, *said):
    s.write("data.csv", text)
    s.fails(["show"], 1, f"  --> data.csv{place}\n", "  = help: ", *said)


s.fails(["show"], 1, "error[E0420]: can't read the file: No such file", "--> data.csv\n", "`--directory`")
(s.folder / "data.csv").mkdir()
s.fails(["show"], 1, "error[E0420]: can't read the file: it is no ordinary file")
(s.folder / "data.csv").rmdir()
for make in (os.mkfifo, lambda path: os.symlink("/dev/zero", path), lambda path: os.symlink("/dev/tty", path), lambda path: os.symlink("data.csv", path)):
    make(s.folder / "data.csv")
    s.fails(["show"], 1, "error[E0420]: can't read the file: ", "--> data.csv\n", "  = help: ")
    (s.folder / "data.csv").unlink()
mistake("", "", "error[E0420]: the file is empty")
mistake("\n\n\n", "", "the file is empty")
mistake("\ufeff", "", "the file is empty")
mistake(good, "", "error[E0422]: the part `train` of `data` has none of the file's 1 rows")

mistake(good + "1,2,3,4\n", ":2:1", "error[E0421]: this row has 4 columns, and the fields of `data` need 6")
mistake(good + "1,2,3,4,left,5,6\n", ":2:16", "this row has more than 6 columns, and the first row has 6")
mistake("1,2,3,4,left,5,6\n" + good, ":2:1", "this row has 6 columns, and the first row has 7")
mistake(good + "\n" + good, ":2:1", "this row has 1 columns")
mistake("a,b,c,digit,side,small\n" + good, ":1:1", "field `image`, column 0: expected a number, found `a`", "header")
mistake(good + "1,2,,4,left,5\n", ":2:5", "field `image`, column 2: expected a number, found ``")
mistake(good + "1,2,0x3,4,left,5\n", ":2:5", "expected a number, found `0x3`")
mistake(good + "1,2,nan,4,left,5\n", ":2:5", "expected a number, found `nan`")
mistake(good + "1,2,1e99,4,left,5\n", ":2:5", "expected a number that f32 can hold, found `1e99`")
mistake(good + "1,2,3,10,left,5\n", ":2:7", "field `label`, column 3: expected an index of the axis `digit`, found `10`", "0 to 9")
mistake(good + "1,2,3,-1,left,5\n", ":2:7", "found `-1`")
mistake(good + "1,2,3,4.5,left,5\n", ":2:7", "found `4.5`")
mistake(good + "1,2,3,4,centre,5\n", ":2:9", "field `side`, column 4: expected a label of the axis `side`, found `centre`", "`left`")
mistake(good + "1,2,3,4,left,2147483648\n", ":2:14", "a whole number that i32 can hold")
mistake(good + good + '1,"2,3,4,left,5\n', ":3:3", "this quote never closes")
mistake(good + '1,"2"3,4,5,left,6\n', ":2:3", "after a closing quote comes a comma or the line's end")
mistake(good + "1,2,3\0,4,left,5\n", ":2:5", "NUL")
mistake(b"\xef1,2,3,4,left,5\n" * 5, ":1:1", "expected a number, found `")
mistake(b"\xef\xbb1,2,3,4,left,5\n" * 5, ":1:1", "expected a number, found `")
mistake(six + '1,2,3,4,left,5,"any\0"\n', ":3:16", "there is a NUL byte in this field", "is this a text file?")
mistake((good * 2).encode("utf-16"), ":1:1", "there is a NUL byte in this field")
mistake(good + "1,2,\x1b[31m3,4,left,5\n", ":2:5", "found `?[31m3`")
mistake(good + "1,2,3\r4,4,left,5\n", ":2:5", "expected a number, found `3?4`")
mistake(good + "1,2," + "3" * 600 + ",4,left,5\n", ":2:5", "too long")
mistake(good + "1,2," + "3" * 511 + ",4,left,5\n", ":2:5", "expected a number that f32 can hold, found `333333")
# Lines inside quotes are counted; a quote inside a plain field is no quote.
mistake('1,2,"\n\n3",4,left,5\n' + good, ":1:5", "expected a number")
mistake(good + '1,2,3",4,left,5\n' + good, ":2:5", 'found `3"`')
mistake(six + "1,2,3,4,lift,5,6\n", ":3:9", "found `lift`")

# Quotes, blanks, CRLF, a byte order mark, no line end at the end, labels by number.
rows = ["1.5 ,\t-20\t,3,4,left,5", "1.5,-2e1,+3,4,left,5", '"1.5","-20", 3 ,4.0,"left",5', ' 1.5,-20.0,3,"4",0,5'] * 4
for text in ("\n".join(rows), "\r\n".join(rows) + "\r\n", "\ufeff" + "\n".join(rows) + "\n\n"):
    s.write("data.csv", text)
    shown = s.succeeds("show").splitlines()
    assert len(shown) == 16 and {line.split(" ", 1)[1] for line in shown} == {"1.5 -20 3 digit 4 side left first 1.5 small 5"}, shown

# Fields, line ends and quotes that lie across the pieces in which a file is read: as in a file of one piece.
for row in ("1.5,-20,3,4,left,5\r\n", '"1.5","-20",3,4,"left",5\n', ' 1.5 ,-20,3,4,0,5,"""\n"""\n'):
    for shift in range(len(row)):
        s.write("data.csv", " " * shift + ("1.5,-20,3,4,left,5,\n" if row[0] == " " else "1.5,-20,3,4,left,5\n") + row * (2 * 65536 // len(row)))
        shown = {line.split(" ", 1)[1] for line in s.succeeds("show").splitlines()}
        assert shown == {"1.5 -20 3 digit 4 side left first 1.5 small 5"}, (row, shift, shown)

# Line ends after the last row, more of them than are read at a time.
s.write("data.csv", "1.5,-20,3,4,left,5\n" * 3 + "\r\n" * 100000)
assert len(s.succeeds("show").splitlines()) == 3

# Columns that no field names are not parsed.
s.write("data.csv", '1,2,3,4,right,-5,"any, thing",x\n' * 5)
assert "side right first 1 small -5" in s.succeeds("show")

# Cut anywhere, it is read or refused: never a crash.
whole = ('"1",2,3,4,left,5\r\n' * 3).encode()
for n in range(len(whole)):
    s.write("data.csv", whole[:n])
    code = s.run("show").returncode
    assert code in (0, 1), (n, code)
