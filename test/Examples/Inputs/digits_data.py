import pathlib
import sys

import numpy

folder = pathlib.Path(sys.argv[1])
rows = numpy.loadtxt(folder / "digits.csv", delimiter=",", dtype=int)
assert rows.shape == (1797, 65), rows.shape
assert rows.min() == 0 and rows[:, :64].max() == 16 and set(rows[:, 64]) == set(range(10))
seven = numpy.load(folder / "seven.npy")
assert seven.dtype == "<f4" and (seven * 16 == rows[rows[:, 64] == 7][0, :64]).all()
