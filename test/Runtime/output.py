"""What a run prints and logs.

RUN: %python %s %S/Inputs %t
"""
import json
import os
import pty
import re
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2])

# A line per outermost iteration: means of what inner loops recorded, values of its own.
assert s.succeeds("train") == "epoch 1/2  loss 1.25  accuracy 0\nepoch 2/2  loss 1.25  accuracy 0.333333\ntotal 8\n"
assert s.succeeds("train", "--epochs", 0) == "total 0\n"

s.succeeds("train", "--log", "log.jsonl", "--rate", "0.1")
entries = [json.loads(line) for line in (s.folder / "log.jsonl").read_text().splitlines()]
assert [e["at"] for e in entries if e["name"] == "loss"] == [[i, j] for i in range(2) for j in range(4)]
assert [e["at"] for e in entries if e["name"] == "accuracy"] == [[0], [1]] and entries[-1] == {"name": "total", "at": [], "value": 8}
assert '"value":0.100000001}' in (s.folder / "log.jsonl").read_text(), "f32 values have nine digits"
assert [e["value"] for e in entries if e["name"] == "accuracy"] == [0, 1 / 3], "f64 values come back to the bit"

s.succeeds("train", "--log", "log.jsonl", "--side", "right")
values = [json.loads(line)["value"] for line in (s.folder / "log.jsonl").read_text().splitlines()]
assert "nan" in values and "inf" in values

# A log on a full disk fails the run.
if os.path.exists("/dev/full"):
    s.fails(["train", "--log", "/dev/full"], 1, "error[E0511]", "/dev/full")
    with open("/dev/full", "w") as full:
        done = subprocess.run([s.folder / "sample", "memory"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1 and b"error[E0511]" in done.stderr, done

# The innermost loop's iterations are timed.
assert re.fullmatch(r"(epoch.*\n)*total 8\nsteps 8, seconds per step [0-9.e-]+; in the first iteration of the outermost loop [0-9.e-]+, in the last [0-9.e-]+\nfirst step after [0-9.e-]+ seconds\n", s.succeeds("train", "--time"))

# On a terminal the line is redrawn where it stands, and each outermost iteration leaves one.
master, slave = pty.openpty()
subprocess.run([s.folder / "sample", "train"], cwd=s.folder, stdout=slave, env={**os.environ, "TERM": "xterm"}, check=True)
os.close(slave)
shown = os.read(master, 65536).decode()
assert re.search(r"\repoch 1/2  loss 1\.25  accuracy 0 *\r\n", shown), shown
assert re.search(r"\repoch 2/2  loss 1\.25  accuracy 0\.333333 *\r\n", shown), shown
assert "step" not in shown and shown.endswith("total 8\r\n"), shown
