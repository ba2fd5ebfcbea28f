"""No memory, or a disk that can't be read, at each call that asks for it: a message with a code and what it was about, nothing half done; or, where the C
library can do without, the same as ever.

REQUIRES: system-allocator
RUN: %python %s %S/Inputs %t
"""
import errno
import os
import re
import subprocess
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2], "-DPAUSE=if(getenv(\"STOP\"))raise(SIGINT)", "-include", "signal.h")
shim = s.folder / "faults.so"
subprocess.run(["cc", "-O1", "-shared", "-fPIC", sys.argv[1] + "/faults.c", "-o", shim], check=True)
weights, checkpoint, data = "w.safetensors", "sample-train.checkpoint.safetensors", "data.csv"
ours = {"sample", "faults.so", data}
s.write(data, "0,1,2,3,left,5\n" * 64)


def run(*arguments, **settings):
    return s.run(*arguments, env={**os.environ, "LD_PRELOAD": str(shim), **{k: str(v) for k, v in settings.items()}})


def files():
    return {f.name: f.read_bytes() for f in s.folder.iterdir() if f.name not in ours}


def restore(wanted):
    for f in s.folder.iterdir():
        if f.name not in ours | wanted.keys():
            f.unlink()
    for name, content in wanted.items():
        (s.folder / name).write_bytes(content)


def each(call, reason, codes, *arguments, **settings):
    """The n-th call fails, for each n."""
    before = files()
    whole = run(*arguments, FAULT_CALL=call, FAULT_COUNT=s.folder / "count", **settings)
    count = int((s.folder / "count").read_text())
    (s.folder / "count").unlink()
    after, refused = files(), 0
    for n in range(1, count + 1):
        restore(before)
        done = run(*arguments, FAULT_CALL=call, FAULT_AT=n, FAULT_ERRNO=reason, **settings)
        said = done.stderr.decode()
        if done.returncode == whole.returncode:
            assert done.stdout == whole.stdout and files() == after, (arguments, n, said)
            continue
        assert done.returncode in (1, 2) and re.search(rf"^error\[({codes})\]: ", said, re.M) and files() == before, (arguments, n, done)
        refused += 1
    restore(after)
    print(f"{' '.join(arguments)}: {refused} of {count} refused", flush=True)
    return refused


memory = "E0510|E0520|E0530"
assert each("allocate", errno.ENOMEM, memory, "train") > 10
assert each("allocate", errno.ENOMEM, memory, "weights") > 10
assert each("pread", errno.EIO, "E0520|E0521", "weights") >= 6
assert each("allocate", errno.ENOMEM, memory, "show") > 5
assert each("pread", errno.EIO, "E0420", "show") >= 1
(s.folder / weights).unlink()
assert each("allocate", errno.ENOMEM, memory, "train", STOP=1) > 15
assert each("allocate", errno.ENOMEM, memory, "train", "--resume", STOP=1) > 15
assert each("pread", errno.EIO, "E053.", "train", "--resume", STOP=1) >= 6

# A header that outgrows its first buffer.
restore({})
Sample(sys.argv[2] + ".long", f'-DHASH="{"x" * 20000}"')
(s.folder / "sample").write_bytes((s.folder.parent / f"{s.folder.name}.long" / "sample").read_bytes())
assert each("allocate", errno.ENOMEM, memory, "train") > 10
