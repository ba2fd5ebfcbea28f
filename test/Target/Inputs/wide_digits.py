"""python3 wide_digits.py DIGITS.csv OUT.csv: the 8x8 digits of examples/digits as pictures of 28x28, each pixel three times as wide and high, with a margin."""
import sys

source, out = sys.argv[1:]
with open(source) as rows, open(out, "w") as pictures:
    for row in rows:
        *pixels, label = row.strip().split(",")
        lines = [["0"] * 2 + [p for p in pixels[8 * y : 8 * y + 8] for _ in range(3)] + ["0"] * 2 for y in range(8) for _ in range(3)]
        margin = [["0"] * 28] * 2
        pictures.write(",".join([p for line in margin + lines + margin for p in line] + [label]) + "\n")
