"""Numbers in a data file are read to the nearest float of their type, short ones (which take a way of their own) and long ones.

RUN: %python %s %burin %t
"""
import json, os, pathlib, random, shutil, subprocess, sys
from fractions import Fraction

import numpy

burin, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
(folder / "numbers.burin").write_text("""
data numbers = csv("numbers.csv") {
  narrow: f32 = column(0)
  wide: f64 = column(0)
}
task show() {
  for row in numbers { record narrow = row.narrow;  record wide = row.wide }
}
""")
choose = random.Random(1)
texts = ["0", "-0", "+0.0", "1", "1.", ".5", "-.5", "16777216", "16777217", "16777215.5", "0.1", "-0.1", "33554431", "9007199254740993",
         "0.0000000001", "0.00000000001", "1e3", "2.5e-3", "1E+2", "00012.500", "3.4e38", "2e-38", "123456789.123456789", "0.1000000000000000055511151231257827"]
for _ in range(600):
    text = str(choose.randrange(10 ** choose.randrange(1, 19)))
    place = choose.randrange(len(text) + 1)
    texts.append(choose.choice(["", "-", "+"]) + text[:place] + choose.choice([".", ".", "." + "0" * choose.randrange(12), ""]) + text[place:])
(folder / "numbers.csv").write_text("".join(f"{t}\n" for t in texts))
subprocess.run([burin, "build", "numbers.burin", "-o", "numbers"], cwd=folder, check=True)
subprocess.run(["./numbers", "show", "--log", "log.jsonl"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
logged = {"narrow": [], "wide": []}
log = (folder / "log.jsonl").read_text()
assert log.count('"value":-0}') == 2, "-0 keeps its sign"
for line in log.splitlines():
    entry = json.loads(line)
    logged[entry["name"]].append(entry["value"])


def nearest(exact, type):
    """The float of a type that is nearest to a fraction, ties to even."""
    guess = type(float(exact))
    around = [numpy.nextafter(guess, type(-numpy.inf)), guess, numpy.nextafter(guess, type(numpy.inf))]
    integer = {numpy.float32: numpy.uint32, numpy.float64: numpy.uint64}[type]
    return min(around, key=lambda f: (abs(Fraction(float(f)) - exact), int(f.view(integer)) & 1))


assert len(logged["narrow"]) == len(logged["wide"]) == len(texts)
for text, narrow, wide in zip(texts, logged["narrow"], logged["wide"]):
    exact = Fraction(text)
    assert numpy.float32(narrow) == nearest(exact, numpy.float32), f"{text} is read as {narrow!r} in f32"
    want = nearest(exact, numpy.float64)  # the log writes what is an f32 with the digits of an f32
    assert wide == want or numpy.float32(wide) == numpy.float32(want) == want, f"{text} is read as {wide!r} in f64"
