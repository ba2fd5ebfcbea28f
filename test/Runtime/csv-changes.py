"""A CSV file that changes while it is read is refused, whenever it changes and whatever its times say: the program never works on a part of it.

RUN: %python %s %S/Inputs %t
"""
import os
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2], f"{sys.argv[1]}/change_file.c", "-Wl,--wrap=pread")
rows = "".join(f'{i},2,3,4,"left",5,"{"a comment, " * 5}"\n' for i in range(1400))  # two pieces
s.write("data.csv", rows)
whole = s.succeeds("show")


def show(change, call):
    s.write("data.csv", rows)
    os.utime(s.folder / "data.csv", (1, 1))
    return s.run("show", env={**os.environ, "CHANGE": change, "CHANGE_AT": str(call)})


changes = {
    "a row is added": "echo 1,2,3,4,left,5 >> data.csv",
    "it is cut": "truncate -s -30000 data.csv",
    "it is emptied": ": > data.csv",
    "a digit of its first row": "printf 7 | dd of=data.csv bs=1 conv=notrunc status=none",
    "a digit of its last row, and its time is set back": "printf 7 | dd of=data.csv bs=1 seek=$(($(stat -c %s data.csv) - 60)) conv=notrunc status=none; touch -d @1 data.csv",
    "a row less": "sed 7d data.csv > shorter.csv; cat shorter.csv > data.csv",
    "a label that is none": "printf lift | dd of=data.csv bs=1 seek=9 conv=notrunc status=none; touch -d @1 data.csv",
}
calls = 1
while show("echo x > reached", calls).returncode == 0 and (s.folder / "reached").exists():  # how often it reads
    (s.folder / "reached").unlink()
    calls += 1
assert calls > 6, calls
for name, change in changes.items():
    seen = set()
    for call in range(1, calls):
        done = show(change, call)
        printed = done.stderr.decode()
        # Where its time is set back, and either no walk has begun or both have passed the place: all of the file was read as it is, or as it was.
        if done.returncode == 0 and "touch" in change:
            assert done.stdout.decode() in (whole, s.run("show").stdout.decode()), (name, call)
            continue
        assert done.returncode == 1 and done.stdout == b"", (name, call, done)
        assert "error[E042" in printed and "--> data.csv" in printed and "= help: " in printed, (name, call, printed)
        seen |= {fact for fact in ("the file changed while it was read", "can't read all of the file") if fact in printed}
    assert name == "a label that is none" or "the file changed while it was read" in seen, (name, seen)

# Another file in its place is another file: what was opened is read.
done = show("cp data.csv other.csv; echo x >> other.csv; mv other.csv data.csv", 5)
assert done.returncode == 0 and done.stdout.decode() == whole, done
