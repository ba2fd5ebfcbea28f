"""A program links with libc and libm alone, and the runtime is small.

REQUIRES: plain
RUN: mkdir -p %t
RUN: cc -c -O1 -I%root %S/Inputs/program.c -o %t/program.o
RUN: cc %t/program.o %build/lib/libburin_rt.a -lm -Wl,--gc-sections -Wl,-s -Wl,-z,noseparate-code -o %t/sample
RUN: %python %s %t/sample %build/lib/libburin_rt.a
"""
import re
import subprocess
import sys

sample, library = sys.argv[1:]
output = lambda *command: subprocess.run(command, capture_output=True, text=True, check=True).stdout
text, data = map(int, output("size", sample).splitlines()[1].split()[:2])
assert text + data < 76000, f"{text + data} bytes"  # what is loaded: a file has up to a page of padding besides, by where its data begins
needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", sample))
assert set(needed) <= {"libc.so.6", "libm.so.6"}, needed

# Nothing of C++'s library or of its exceptions is wanted, and `main` is in a member of its own.
undefined = set(re.findall(r" U (\S+)", output("nm", "-u", library)))
foreign = {s for s in undefined if re.match(r"_ZSt|_ZNSt|__cxa|__gxx|_Unwind|_Zn[wa]|_Zd[la]", s)}
assert not foreign, foreign
members = output("nm", library).split("\n\n")
assert [m.strip().split(":")[0] for m in members if re.search(r" T main$", m, re.M)] == ["Main.cpp.o"]
