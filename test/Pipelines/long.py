"""A program of 1,000 lines is checked in 0.3 seconds; here, where other tests run beside it, in one. bench/compile measures it, and how long it is built.

REQUIRES: plain
RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import sys

root, burin, folder = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(root) / "bench/compile"))
import compile

text = compile.program(1000)
assert 950 <= text.count("\n") <= 1050, text.count("\n")
(pathlib.Path(folder) / "long.burin").write_text(text)
seconds = min(compile.measured([burin, "check", "--warnings=error", "long.burin"], folder)[0] for _ in range(3))
assert seconds < 1, f"{seconds} s"
