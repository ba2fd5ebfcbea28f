"""Interrupted runs: signals, what is said, what `--resume` takes from a checkpoint, and which ones it refuses.

RUN: %python %s %S/Inputs %t
"""
import json
import os
import shutil
import signal
import struct
import subprocess
import sys

import xxhash

sys.path.insert(0, sys.argv[1])
from sample import Sample
from tensors import rewritten

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which who runs the tests may ignore
# STOP=N: the signal comes at the N-th step. The task then stops at the head of the next.
pause = "-DPAUSE=if(getenv(\"STOP\")&&p->steps[0]==atoi(getenv(\"STOP\")))raise(atoi(getenv(\"SIGNAL\")))"
s = Sample(sys.argv[2], pause, "-include", "signal.h")
name, weights = "sample-train.checkpoint.safetensors", "w.safetensors"
checkpoint = s.folder / name
given = ["--epochs", 3, "--rate", "0.25", "--side", "right", "--seed", 5, "--log", "log.jsonl"]


def stopped(step, *arguments, by=signal.SIGINT):
    return s.run("train", *arguments, env={**os.environ, "STOP": str(step), "SIGNAL": str(int(by))})


def resumed(*arguments):
    done = s.run("train", "--resume", *arguments)
    assert done.returncode == 0 and done.stderr.startswith(b"resumed at "), done
    return done


def clean():
    for f in s.folder.iterdir():
        if f.name != "sample":
            f.unlink()


whole = s.run("train", *given)
assert whole.returncode == 0
wanted = {n: (s.folder / n).read_bytes() for n in (weights, "log.jsonl")}

# Each signal, at each step but the last, after which there is no head any more.
for by in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    for step in range(1, 12):
        clean()
        done = stopped(step, *given, by=by)
        assert done.returncode == 128 + by and not (s.folder / weights).exists(), done
        epoch, b = divmod(step, 4)
        place = f"epoch {epoch + 1}/3" + (f"  b {b + 1}/4" if b else "")
        assert done.stderr.decode() == f"stopped by {by.name} at {place}; the run is kept in {name}, and the same command with `--resume` goes on\n", done
        again = resumed("--log", "log.jsonl")
        assert again.stderr.decode() == f"resumed at {place} from {name}\n"
        assert whole.stdout.endswith(again.stdout) and done.stdout + again.stdout == whole.stdout, (step, done, again)
        assert {n: (s.folder / n).read_bytes() for n in wanted} == wanted and not checkpoint.exists()
clean()
assert stopped(12, *given).stdout == whole.stdout and not checkpoint.exists()  # it was about to end

# A second one ends at once; one that is ignored stays ignored.
clean()
process = subprocess.Popen([s.folder / "sample", "train", "--epochs", "100000000", "--log", "/dev/null"], cwd=s.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
process.stdout.readline()
process.send_signal(signal.SIGTERM)
process.communicate(timeout=20)
assert process.returncode == 143 and checkpoint.exists()
checkpoint.unlink()
done = subprocess.run(["sh", "-c", "trap '' HUP; exec ./sample train"], cwd=s.folder, env={**os.environ, "STOP": "2", "SIGNAL": str(int(signal.SIGHUP))}, capture_output=True)
assert done.returncode == 0 and not done.stderr, done
done = stopped(2, "--checkpoint-every", "never")
assert done.returncode == -signal.SIGINT and not checkpoint.exists(), "nothing was to be kept"

# Where it lies, and what stands in it: readable by any reader of safetensors.
clean()
assert stopped(6, *given, "--checkpoint", "here.safetensors").returncode == 130
data = (s.folder / "here.safetensors").read_bytes()
(length,) = struct.unpack("<Q", data[:8])
header = json.loads(data[8 : 8 + length])
metadata = header.pop("__metadata__")
assert {k: v for k, v in metadata.items() if "checksum" not in k} == {
    "burin.version": "1", "burin.kind": "checkpoint", "burin.program": "0123abcd", "burin.plan": "plan", "burin.task": "train", "burin.seed": "5",
    "burin.split_seed": "0", "burin.loops": "0:1/3 1:2/4", "burin.log": metadata["burin.log"]}
log = (s.folder / "log.jsonl").read_bytes()
assert metadata["burin.log"] == f"{len(log)} xxh64:{xxhash.xxh64(log).hexdigest()}"
assert list(header) == ["net.w", "steps", "best", "net.gains", "local:0", "local:1", "local:2", "option:epochs", "option:rate", "option:side", "option:loud",
                        "option:count", "record:0:sum", "record:0:times"]
value = lambda n, form: struct.unpack_from("<" + form, data, 8 + length + header[n]["data_offsets"][0])[0]
assert (value("steps", "q"), value("local:0", "d"), value("option:rate", "f"), value("record:0:sum", "d"), value("record:0:times", "q")) == (6, 6, 0.25, 0.75, 2)
resumed("--log", "log.jsonl", "--checkpoint", "here.safetensors")
assert {n: (s.folder / n).read_bytes() for n in wanted} == wanted and not (s.folder / "here.safetensors").exists()

# Options need not be given again, and can't be others.
clean()
assert stopped(6, *given).returncode == 130
kept = {f.name: f.read_bytes() for f in s.folder.iterdir()}


def refused(*said, arguments=(), code="E0533", **changed):
    for n, content in changed.items():
        (s.folder / {"log": "log.jsonl", "file": name}[n]).write_bytes(content)
    before = {f.name: f.read_bytes() for f in s.folder.iterdir()}
    s.fails(["train", "--resume", *arguments], 1, f"error[{code}]: ", "= help: ", *said)
    assert {f.name: f.read_bytes() for f in s.folder.iterdir()} == before
    for n, content in kept.items():
        if n != "sample":
            (s.folder / n).write_bytes(content)


refused("it has another `--rate`", "leave out `--rate`", arguments=["--rate", "0.5"])
refused("it has another `--side`", arguments=["--side", "left"])
refused("it has `--seed 5`, not 6", "leave out `--seed`", arguments=["--seed", "6"])
refused("it has `--split-seed 0`, not 1", arguments=["--split-seed", "1"])
refused("is not the log of the run that is resumed", arguments=["--log", "log.jsonl"], log=kept["log.jsonl"][:-1])
refused("is not the log of the run that is resumed", arguments=["--log", "log.jsonl"], log=kept["log.jsonl"].replace(b"0", b"1"))
refused("can't write the log `nowhere.jsonl`: No such file", code="E0511", arguments=["--log", "nowhere.jsonl"])
refused("can't read the file: No such file", "leave out `--resume` to begin anew", code="E0531", arguments=["--checkpoint", "nowhere"])
(s.folder / "log.jsonl").write_bytes(kept["log.jsonl"] + b"what a run wrote after its last checkpoint\n")
resumed(*given)  # the same ones are fine
assert {n: (s.folder / n).read_bytes() for n in wanted} == wanted


def hostile(said, code="E0532", **changes):
    def change(texts, tensors, body):
        for n, v in changes.pop("texts", {}).items():
            texts.pop(n) if v is None else texts.update({n: v})
        for n, v in changes.pop("body", {}).items():
            body[n] = v
        for n in changes.pop("without", ()):
            tensors.pop(n)
        tensors.update(changes.pop("tensors", {}))

    refused(said, file=rewritten(data, change), code=code)


kept = {n: c for n, c in kept.items() if n == name} | {"log.jsonl": kept["log.jsonl"]}
(s.folder / weights).unlink()
checkpoint.write_bytes(rewritten(data, lambda *_: None))
resumed("--log", "log.jsonl")
hostile("these are tensors, and no state of a run", texts={"burin.kind": "weights"})
hostile("the program's text was changed", "E0533", texts={"burin.program": "0123abce"})
hostile("compiled by another burin, or with other sizes", "E0533", texts={"burin.plan": "other"})
hostile("written by the task `predict`, not by `train`", "E0533", texts={"burin.task": "predict"})
hostile("a seed is missing", texts={"burin.seed": "x"})
hostile("a seed is missing", texts={"burin.split_seed": None})
for loops in ("", "0:1/3 1:2/4 ", "0:1/3  1:2/4", "1:2/4", "0:1/3 0:1/3", "2:0/1", "0:3/3", "0:-1/3", "0:1", "99999999999:0/1", "0:1/3 1:4/4", "x", None):
    hostile("it stands in loops that the task does not have", texts={"burin.loops": loops})
for loops in ("0:1/4 1:2/4", "0:1/3 1:2/9"):
    hostile("a loop in it has another length", texts={"burin.loops": loops})
hostile("`net.w` is missing, or of another type or shape", without=["net.w"])
hostile("`local:0` is missing", without=["local:0"])
hostile("`option:rate` is missing", without=["option:rate"])
hostile("`record:0:times` is missing", without=["record:0:times"])
hostile("`steps` is missing, or of another type", tensors={"steps": {"dtype": "F64", "shape": []}})
hostile("an index in it is beyond its axis", body={"best": b"\x0a"})
hostile("an index in it is beyond its axis", body={"local:1": b"\x02"})
hostile("an index in it is beyond its axis", body={"option:side": b"\x02"})
hostile("it has tensors that the task has no use for", tensors={"more": {"dtype": "U8", "shape": [1]}}, body={"more": b"\0"})

# A run that begins anew says what lies there. Tasks without a loop have nothing to go on with.
done = s.run("train")
assert done.returncode == 0 and done.stderr.startswith(f"note: {name} is the checkpoint of an earlier run: `--resume` goes on".encode()) and checkpoint.exists()
s.fails(["predict", "--resume", "--image", "x.npy"], 2, "error[E0502]: there is nothing that `--resume` could do here")
s.fails(["weights", "--checkpoint", "x"], 2, "error[E0502]: there is nothing that `--checkpoint` could do here")
for every in ("-1", "often", "", "nan"):
    s.fails(["train", "--checkpoint-every", every], 2, "error[E0502]: `--checkpoint-every`: expected seconds, or `never`")
