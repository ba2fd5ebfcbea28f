"""Which rows a split gives to each part: as the judge in test/Inputs says, in the file's order.

RUN: %python %s %S/Inputs %t
"""
import sys

sys.path.insert(0, sys.argv[1])
from burin_reference import split
from sample import Sample

s = Sample(sys.argv[2])
for rows in (2, 5, 10, 1437):
    s.write("data.csv", "".join(f"{i},0,0,{i % 10},left,{i}\n" for i in range(rows)))
    for seed in (0, 1, 12345678901234, -1):
        lines = [line.split() for line in s.succeeds("show", "--split-seed", seed).splitlines()]
        found = [[int(w[-1]) for w in lines if w[0] == part] for part in ("train", "test")]
        expected = [list(part) for part in split(rows, 0.8, seed & 2**64 - 1)]
        assert found == expected, (rows, seed)
