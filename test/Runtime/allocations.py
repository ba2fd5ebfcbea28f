"""A task allocates nothing once it runs: loops, records and the log among them. Inputs/allocations.c counts, in place of the C library's malloc.

REQUIRES: plain
RUN: %python %s %S/Inputs %t
"""
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2], "-DCOUNT_ALLOCATIONS", f"{sys.argv[1]}/allocations.c")
printed = s.succeeds("train", "--epochs", 1000, "--log", "log.jsonl", "--time", "--rate", "0.123")
assert "epoch 1000/1000" in printed
assert (s.folder / "log.jsonl").stat().st_size > 65536, "the log outgrew its buffer"
assert int(s.succeeds("counted").split()[-1]) > 0, "the counter counts"
