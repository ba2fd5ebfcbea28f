"""A program's records in all ways that it can be run, beside what was computed otherwise (test/EndToEnd)."""
import json
import pathlib
import subprocess

import numpy

ALL = ("-O2", "-O0", "--interpret=graph", "--interpret=grad")


def slope(f, h=1e-3):
    """f'(0) by differences of fourth order."""
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def options(folder, arrays):
    """The arrays as .npy files, and the options that give them to a task."""
    words = []
    for name, value in arrays.items():
        numpy.save(pathlib.Path(folder) / f"{name}.npy", value)
        words += ["--" + name, f"{name}.npy"]
    return words


def records(burin, folder, *arguments):
    """(name, value) of each record of folder/program.burin, in order. The arguments: a way to run, a task, its options."""
    command = [burin, "run", "program.burin", *arguments, "--log", "log.jsonl"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    lines = (pathlib.Path(folder) / "log.jsonl").read_text().splitlines()
    return [(record["name"], record["value"]) for record in map(json.loads, lines)]


def judge(burin, folder, task, given, expected, tolerance, ways=ALL):
    """A task's records, of each name the last: the values that are expected in every way, and compiled, at any level, the same bits. A way is words
    of the command line; `expected` a dictionary, or a function that gives it after each run. Gives what was recorded, compiled."""
    seen = set()
    for way in ways:
        found = records(burin, folder, *way.split(), task, *given)
        values = dict(found)
        wanted = expected() if callable(expected) else expected
        assert values.keys() == wanted.keys(), (way, found)
        for name, value in wanted.items():
            assert abs(values[name] - value) <= tolerance * max(1, abs(value)), f"{way}: {name} is {values[name]}, and {value} was expected"
        if way.startswith("-O"):
            seen.add(tuple(found))
    assert len(seen) == 1, f"compiled in several ways, the bits differ: {seen}"
    return seen.pop()
