"""A disk that is full or fails, at each call that changes a file: the old file is whole, the program says the path and the reason, and leaves nothing else
behind. So for weights, and for checkpoints.

RUN: %python %s %S/Inputs %t
"""
import errno
import os
import resource
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2], "-DPAUSE=if(getenv(\"STOP\"))raise(SIGINT)", "-include", "signal.h")
shim = s.folder / "faults.so"
subprocess.run(["cc", "-O1", "-shared", "-fPIC", sys.argv[1] + "/faults.c", "-o", shim], check=True)
weights, checkpoint = "w.safetensors", "sample-train.checkpoint.safetensors"
ours = {"sample", "faults.so"}


def train(stop=False, seed=1, more=(), **faults):
    environment = {**os.environ, "LD_PRELOAD": str(shim), **({"STOP": "1"} if stop else {}), **{k: str(v) for k, v in faults.items()}}
    return s.run("train", "--seed", seed, *more, env=environment)


def files():
    return {f.name: f.read_bytes() for f in s.folder.iterdir() if f.name not in ours}


def every(kind, file, code, stop, expected):
    """Fails each call of a run that replaces `file`, which is there already."""
    assert train(stop, seed=1).returncode == expected
    if stop:
        assert set(files()) == {file}
    old = files()
    done = train(stop, seed=2, FAULT_COUNT=s.folder / "count", FAULT_AT=0)
    assert done.returncode == expected, done
    count = int((s.folder / "count").read_text())
    (s.folder / "count").unlink()
    new = files()
    assert new.keys() == old.keys() and new[file] != old[file] and count >= 8, count
    for reason in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
        for n in range(1, count + 1):
            (s.folder / file).write_bytes(old[file])
            done = train(stop, seed=2, FAULT_AT=n, FAULT_ERRNO=reason)
            said = done.stderr.decode()
            assert done.returncode == 1 and f"error[{code}]" in said and f"--> {file}\n" in said and os.strerror(reason) in said, (n, said)
            # After the rename, only the folder is left to be brought to the disk.
            left = new if n > count - 2 else old
            assert ("power failure" in said) == (left is new) and files() == left, (n, said, files().keys())
    for n in range(1, count + 1):  # half of a write is written on; the tail of a run stays the same
        (s.folder / file).write_bytes(old[file])
        done = train(stop, seed=2, FAULT_CALL="write", FAULT_AT=n, FAULT_ERRNO=0)
        assert done.returncode == expected and files() == new, n
        done = train(stop, seed=2, FAULT_CALL="write", FAULT_AT=n, FAULT_ERRNO=errno.EINTR)
        assert done.returncode == expected and files() == new, n
    for n in range(1, count + 1):  # killed before or after each: the old file or the new one, and the next run clears the rest away
        for when in ("before", "after"):
            (s.folder / file).write_bytes(old[file])
            assert train(stop, seed=2, FAULT_AT=n, FAULT_KILL=when).returncode == -signal.SIGKILL
            left = files()
            assert left[file] in (old[file], new[file]) and set(left) <= {file, file + ".tmp"}, (n, left.keys())
            assert train(stop, seed=2).returncode == expected and files() == new, n
    print(f"{kind}: {count} calls, each failed for three reasons, and killed twice")


every("weights", weights, "E0520", False, 0)
(s.folder / weights).unlink()
every("checkpoint", checkpoint, "E0530", True, 130)

# A checkpoint that nobody asked for at that moment is no reason to end: it is said, and the task goes on.
(s.folder / checkpoint).unlink()
whole = train(seed=2)
for n in range(1, 12):
    done = train(seed=2, more=["--checkpoint-every", "0"], FAULT_AT=n, FAULT_ERRNO=errno.ENOSPC)
    said = done.stderr.decode()
    assert done.returncode == 0 and done.stdout == whole.stdout and said.count("warning[W0530]: ") == 1 and os.strerror(errno.ENOSPC) in said, said
    assert f"--> {checkpoint}\n" in said and set(files()) == {weights}
(s.folder / weights).unlink()

# The log is written before a checkpoint that says how much of it there is; where it can't be, there is none.
said = []
for n in range(1, 6):
    done = train(True, seed=2, more=["--log", "log.jsonl"], FAULT_AT=n, FAULT_ERRNO=errno.ENOSPC)
    said.append(done.stderr.decode())
    assert done.returncode == 1 and os.strerror(errno.ENOSPC) in said[-1], (n, said[-1])
    (s.folder / "log.jsonl").unlink(missing_ok=True)
    if "can't write the log `log.jsonl`" in said[-1]:
        assert "error[E0530]" in said[-1] and "no checkpoint was written" in said[-1] and not files()
assert any("can't write the log `log.jsonl`" in text for text in said), said

# One that failed is tried again after its usual time, if that is more than a minute: here the clock goes faster.
done = train(seed=2, more=["--checkpoint-every", "61", "--epochs", "200000"], FAULT_AT=1, FAULT_ERRNO=errno.ENOSPC, FAULT_CLOCK=100000)
assert done.returncode == 0 and done.stderr.decode().count("warning[W0530]: ") == 1, done.stderr
(s.folder / weights).unlink()

# A limit on the size of files, and a disk that is full, where one can be mounted.
limited = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
done = s.run("train", preexec_fn=limited)
said = done.stderr.decode()
assert done.returncode == 1 and os.strerror(errno.EFBIG) in said and f"--> {weights}\n" in said and not files(), said
full = s.folder / "full"
full.mkdir()
if os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", full], capture_output=True).returncode == 0:
    try:
        (full / weights).write_bytes(b"old")
        (full / "filler").write_bytes(b"x" * 12288)
        said = s.fails(["train", "--directory", "full"], 1, "error[E0520]", f"--> {weights}\n", os.strerror(errno.ENOSPC))
        assert (full / weights).read_bytes() == b"old" and len(list(full.iterdir())) == 2
    finally:
        subprocess.run(["umount", full], check=True)
shutil.rmtree(full)

# Two processes that write one file wait for each other; a third that never ends is not waited for without end.
lock = s.folder / (weights + ".tmp")
lock.write_bytes(b"half")
with open(lock) as f:
    import fcntl

    fcntl.flock(f, fcntl.LOCK_EX)
    s.fails(["train"], 1, "error[E0520]", "another process is writing it")
assert lock.read_bytes() == b"half"
s.succeeds("train")
assert set(files()) == {weights}
