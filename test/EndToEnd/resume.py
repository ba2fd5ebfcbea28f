"""A run that is killed goes on with `--resume` and ends with the same bytes: at every place where it can go on, then at random instants. Compiled
without optimisation and run on threads it goes on from what the optimised program has left.

RUN: rm -rf %t && mkdir -p %t
RUN: %burin build %S/Inputs/resume.burin -o %t/program && %burin build %S/Inputs/resume.burin -O0 --pieces=all -o %t/plain
RUN: cc -O1 -shared -fPIC %root/test/Runtime/Inputs/faults.c -o %t/faults.so
RUN: %python %s %t 8
"""
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import time

top, kills = pathlib.Path(sys.argv[1]), int(sys.argv[2])
random.seed(1)
signal.signal(signal.SIGINT, signal.SIG_DFL)  # lit ignores it, and so would what it starts
points = [[random.uniform(-1, 1) for _ in range(3)] for _ in range(24)]
text = "".join("%.3f,%.3f,%.3f,%d\n" % (*p, p[0] + p[1] * p[2] > 0.2) for p in points)
options = ["train", "--epochs", "2", "--rate", "0.25", "--way", "1", "--seed", "7", "--split-seed", "3", "--poison", "--log", "log.jsonl"]
checkpoint = "resume-train.checkpoint.safetensors"


def folder(name):
    path = top / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    (path / "points.csv").write_text(text)
    return path


def run(path, *arguments, program="program", faults=None):
    environment = {**os.environ, **faults, "LD_PRELOAD": str(top / "faults.so")} if faults else None
    return subprocess.run([top / program, *arguments], cwd=path, capture_output=True, text=True, env=environment, timeout=60)


def results(path):
    return {f.name: f.read_bytes() for f in path.iterdir()}


def lines(*done):
    """What runs printed, each from where it went on."""
    return [d.stdout.splitlines() for d in done]


reference = folder("reference")
whole = run(reference, *options)
assert whole.returncode == 0 and not whole.stderr, whole
wanted, printed = results(reference), whole.stdout.splitlines()
assert set(wanted) == {"points.csv", "first.safetensors", "net.safetensors", "log.jsonl"}

# The number of places: each writes one checkpoint, and the program saves twice besides.
path = folder("counted")
done = run(path, *options, "--checkpoint-every", "0", faults={"FAULT_CALL": "rename", "FAULT_COUNT": str(path / "calls")})
places = int((path / "calls").read_text())
(path / "calls").unlink()
assert done.stdout == whole.stdout and results(path) == wanted
inner = 18 // 4 + 6 // 4 * (1 + 5) + 5 // 2  # heads in an epoch, besides its own
assert places == 3 + 2 * (1 + inner) + 2, places

for n in range(1, places + 1):
    path = folder("killed")
    killed = run(path, *options, "--checkpoint-every", "0", faults={"FAULT_CALL": "rename", "FAULT_AT": str(n), "FAULT_KILL": "after"})
    assert killed.returncode == -9
    other = ["plain", ["--threads", "3"]] if n % 2 else ["program", []]
    again = run(path, "train", "--resume", "--poison", "--log", "log.jsonl", *other[1], program=other[0])
    assert again.returncode == 0 and again.stderr.startswith("resumed at "), (n, again)
    assert results(path) == wanted, n
    rest = again.stdout.splitlines()
    assert rest == printed[-len(rest):], (n, rest)

# A signal, while threads work: the step is finished, the run is kept, and says so.
for n in range(1, places - 2, 3):
    path = folder("stopped")
    faults = {"FAULT_CALL": "rename", "FAULT_AT": str(n), "FAULT_KILL": "after", "FAULT_SIGNAL": str(int(signal.SIGINT))}
    done = run(path, *options, "--threads", "3", "--checkpoint-every", "0", program="plain", faults=faults)
    assert done.returncode == 130 and done.stderr.startswith("stopped by SIGINT at "), (n, done)
    again = run(path, "train", "--resume", "--log", "log.jsonl")
    assert done.stdout + again.stdout == whole.stdout and results(path) == wanted, (n, done, again)

# A loop whose length a kernel has computed: its place holds something else when the run goes on.
array = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + b"{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }".ljust(117) + b"\n"
array += struct.pack("<5f", 0, 1, 2, 9, 3)
path = folder("counting")
(path / "x.npy").write_bytes(array)
counted = run(path, "count", "--x", "x.npy")
assert counted.stdout.splitlines()[-1] == "all 6" and counted.returncode == 0, counted
for n in range(1, 3 + 6 + 1):
    killed = run(path, "count", "--x", "x.npy", "--checkpoint-every", "0", faults={"FAULT_CALL": "rename", "FAULT_AT": str(n), "FAULT_KILL": "after"})
    assert killed.returncode == -9
    again = run(path, "count", "--resume", "--poison")
    assert again.returncode == 0 and counted.stdout.endswith(again.stdout), (n, again)
    assert not list(path.glob("*.checkpoint.safetensors"))

# At any instant, several times one after the other, until it is done.
started = time.time()
run(folder("timed"), *options, "--checkpoint-every", "0")
needed = time.time() - started
counts = {"before the first checkpoint": 0, "between": 0, "after the last": 0}
for n in range(kills):
    path, given = folder("random"), options
    while True:
        process = subprocess.Popen([top / "program", *given, "--checkpoint-every", "0"], cwd=path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            process.wait(random.uniform(0, 1.1 * needed))
            assert process.returncode == 0, process.stderr.read()
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            process.stderr.close()
        if (path / checkpoint).exists():
            counts["between"] += 1
            given = ["train", "--resume", "--poison", "--log", "log.jsonl"]
        elif given is options and not (path / "net.safetensors").exists():
            counts["before the first checkpoint"] += 1
        else:
            counts["after the last"] += 1
            break
    for leftover in path.glob("*.tmp"):  # of a file that was being written when the kill came: the next write of it clears it away
        leftover.unlink()
    assert results(path) == wanted, n
print(f"{kills} runs, killed {sum(counts.values())} times: {counts}; all results equal")
