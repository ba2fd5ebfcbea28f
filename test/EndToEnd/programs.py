"""Whole programs of the inputs for the parser, as they stand there: those whose data is at hand check without a message. Smaller by `-D`, the generative one
learns to draw what has the digits' mean, the one that learns to act balances its pole longer than an untrained one does, to the same bits on threads, and the
one that reads dates writes nearly all of those that it has not seen.

RUN: rm -rf %t && mkdir -p %t && cp -r %root/examples/digits/data %t
RUN: %python %s %burin %root/test/Syntax/Inputs/programs %t
"""
import datetime
import json
import pathlib
import random
import subprocess
import sys

import numpy
from burin_pictures import pixels

burin, programs, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def run(*words):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done
    return done.stdout


for name in ("crf", "lenet", "maml", "wgan_gp", "ppo_cartpole"):
    found = subprocess.run([burin, "check", programs / f"{name}.burin"], capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", ""), (name, found)

# 8 x 8 digits, in 8 rows of 8: how alike their mean is to that of the data.
run(burin, "build", programs / "wgan_gp.burin", "-D", "hidden=64", "-o", "wgan")
digits = numpy.loadtxt(folder / "data/digits.csv", delimiter=",")[:, :64]


def alike():
    run("./wgan", "draw")
    grid = pixels(folder / "wgan.png")
    assert grid.shape == (64, 64)
    drawn = grid.reshape(8, 8, 8, 8).transpose(0, 2, 1, 3).reshape(64, 64)
    return numpy.corrcoef(drawn.mean(0), digits.mean(0))[0, 1]


run("./wgan", "train", "--epochs", "0", "--seed", "1")
before = alike()
run("./wgan", "train", "--epochs", "40", "--seed", "1")
assert abs(before) < 0.4 and alike() > 0.6, (before, alike())

# Steps until the pole falls, or 500; an agent that acts at random makes some 22.
run(burin, "build", programs / "ppo_cartpole.burin", "-D", "env=32", "-D", "mini=128", "--pieces=all", "-o", "ppo")


def balanced():
    names, values = zip(*(line.split(" ", 1) for line in run("./ppo", "evaluate").splitlines()))
    assert names == ("mean", "worst", "returns")
    mean, worst, returns = float(values[0]), float(values[1]), numpy.array(values[2].split(), "f8")
    assert returns.shape == (100,) and abs(mean - returns.mean()) < 1e-3 and worst == returns.min()
    return mean


run("./ppo", "train", "--steps", "0", "--seed", "2")
untrained = balanced()
weights = []
for threads in ("1", "3"):
    run("./ppo", "train", "--steps", "163840", "--seed", "2", "--threads", threads)
    weights.append((folder / "ppo_cartpole.safetensors").read_bytes())
assert weights[0] == weights[1]
assert balanced() > max(195, 2 * untrained), (balanced(), untrained)

# Dates in four spellings, none of which is ISO's: a copy would be right for none. What a whole set is searched for, is in tiles.
months = "January February March April May June July August September October November December".split()
spellings = ("{d} {M} {y}", "{M} {d} {y}", "{d}.{m}.{y}", "{m:02}/{d:02}/{y}")
dice, rows = random.Random(0), set()
while len(rows) < 1200:
    day = datetime.date(2000, 1, 1) + datetime.timedelta(days=dice.randrange(9000))
    rows.add((dice.choice(spellings).format(d=day.day, m=day.month, M=months[day.month - 1], y=day.year), day.isoformat()))
(folder / "data/dates.csv").write_text("".join(f"{written},{iso}\n" for written, iso in sorted(rows)))
program = (programs / "seq2seq.burin").read_text().replace("Adam(lr: 1e-3)", "Adam(lr: 4e-3)")
(folder / "seq2seq.burin").write_text(program)
assert run(burin, "check", "seq2seq.burin") == ""
run(burin, "build", "seq2seq.burin", *(f"-D{name}={n}" for name, n in (("H", 48), ("E", 16), ("A", 24), ("beam", 3), ("batch", 32))), "-o", "seq2seq")
run("./seq2seq", "train", "--epochs", "14", "--seed", "1", "--log", "log.jsonl")
exact = [record["value"] for record in map(json.loads, (folder / "log.jsonl").read_text().splitlines()) if record["name"] == "exact"]
assert exact[0] < 0.1 and exact[-1] > 0.8, exact
told = []
for month in range(1, 13):
    day = datetime.date(2003, month, 2 * month)
    told.append(run("./seq2seq", "translate", "--src", spellings[month % 4].format(d=day.day, m=day.month, M=months[day.month - 1], y=day.year)).strip() == day.isoformat())
assert sum(told) >= 9, told
