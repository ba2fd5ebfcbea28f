"""Neither a line of 1 GB nor a file of many rows takes memory: what is read is parsed in pieces.

REQUIRES: all, plain
RUN: %python %s %S/Inputs %t
"""
import resource
import sys
import time

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2])
GIGABYTE = 1 << 30


def write(*parts):
    """Each part: a text, and how often."""
    with open(s.folder / "data.csv", "wb") as file:
        for text, times in parts:
            text = text.encode()
            block = text * max(1, (1 << 20) // len(text))
            left = times * len(text)
            while left > 0:
                left -= file.write(block[:left])


def limited(*arguments):
    start = time.time()
    done = s.run(*arguments, timeout=900, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (16 << 20, 16 << 20)))
    return done.returncode, done.stderr.decode(), time.time() - start


good = "1,2,3,4,left,5\n"
write((good, 3), ("9", GIGABYTE))
code, errors, _ = limited("show")
assert code == 1 and "error[E0421]: this row has 1 columns" in errors and "--> data.csv:4:1" in errors, errors
write((good, 3), ("1,2,", 1), ("9", GIGABYTE), (",4,left,5\n", 1))
code, errors, _ = limited("show")
assert code == 1 and "error[E0421]: this field is too long for a number" in errors and "--> data.csv:4:5" in errors, errors
write((good, 3), ('1,2,"', 1), ("9\n", GIGABYTE // 2))
code, errors, _ = limited("show")
assert code == 1 and "error[E0421]: this quote never closes" in errors and "--> data.csv:4:5" in errors, errors
write((good, 3), (",", GIGABYTE))
code, errors, _ = limited("show")
assert code == 1 and "this row has more than 6 columns" in errors and "--> data.csv:4:7" in errors, errors
write((good, 3), ("\n", GIGABYTE))
code, errors, _ = limited("show")
assert code == 0, errors

# A column that no field names may be long; a sparse file is full of NUL bytes.
write(("1,2,3,4,left,5,", 1), ("x", GIGABYTE), ("\n1,2,3,4,left,5,x\n", 1), ("1,2,3,4,left,5,y\n", 3))
code, errors, _ = limited("show")
assert code == 0, errors
with open(s.folder / "data.csv", "wb") as file:
    file.truncate(1 << 40)
code, errors, seconds = limited("show")
assert code == 1 and "there is a NUL byte" in errors and seconds < 60, (errors, seconds)
