"""`--check=nan` ends a run at the first NaN and says the line that made it, and where the loops stood; until then nothing that is printed differs, at
both levels. What an `if` leaves out does not count; what its gradient makes of it does. `--check=inf` looks for infinities, too.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %root/test/Target/Inputs/nan.burin %root/examples/digits %t
"""
import pathlib
import re
import subprocess
import sys

burin, program, digits, folder = sys.argv[1:]
text = pathlib.Path(program).read_text().splitlines()


def run(task, *options, cwd=folder, file=program, more=()):
    return subprocess.run([burin, "run", *options, file, task, *more], cwd=cwd, capture_output=True, text=True)


def place(fragment, word):
    line = next(n for n, l in enumerate(text) if fragment in l)
    return f"nan.burin:{line + 1}:{text[line].index(word) + 1}\n"


plain = run("train")
assert plain.returncode == 0 and "loss nan" in plain.stdout
for options in (["--check=nan"], ["--check=nan", "-O0"], ["--check=nan", "--pieces=all"]):
    found = run("train", *options)
    assert found.returncode == 1, found
    assert "error[E0535]: `log` gives the first NaN\n" in found.stderr and place("30 - shift", "log(30") in found.stderr, found.stderr
    assert "= found: element 0 of 8, and 7 more\n" in found.stderr and "= at: epoch 2/3  i 12/20\n" in found.stderr, found.stderr
    assert plain.stdout.startswith("".join(l + "\n" for l in found.stdout.splitlines() if l.startswith("epoch 1/3"))) and "epoch 1/3" in found.stdout
for task in ("masked", "wide"):
    assert run(task).stdout == run(task, "--check=nan").stdout and run(task, "--check=nan").returncode == 0
trap = run("trap", "--check=nan")
assert trap.returncode == 1 and "`mul` gives the first NaN" in trap.stderr and place("sum(sqrt(x * 0))", "x * 0") in trap.stderr, trap.stderr
wide = run("wide", "--check=inf")
assert wide.returncode == 1 and "`exp` gives the first infinity" in wide.stderr and place("record e", "exp") in wide.stderr, wide.stderr

# A whole training: kernels for each operation, looked at, give the bits of fused ones.
logs = []
(pathlib.Path(folder) / "data").symlink_to(pathlib.Path(digits) / "data")
for options in ([], ["--check=inf"]):
    log = pathlib.Path(folder) / f"log{len(logs)}.jsonl"
    done = run("train", *options, file=f"{digits}/digits.burin", more=["--epochs", "1", "--log", str(log), "--checkpoint-every", "never"])
    logs.append(log.read_bytes())
assert logs[0] == logs[1] and len(logs[0]) > 1000
