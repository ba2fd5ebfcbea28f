"""A program's memory is its plan: what it allocates, and what it touches, beside the plan's numbers.

REQUIRES: plain
RUN: %python %s %burin %root %t
"""
import json, os, pathlib, re, shutil, subprocess, sys

burin, root, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]).absolute()
shutil.rmtree(folder, ignore_errors=True)
shutil.copytree(root / "examples" / "digits", folder)
(folder / "sizes.c").write_text(r"""
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
static size_t sizes[4096];
static int count;
static void note(size_t n) { if (count < 4096) sizes[count++] = n; }
void *malloc(size_t n) { return note(n), __libc_malloc(n); }
void *calloc(size_t n, size_t m) { return note(n * m), __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { return note(n), __libc_realloc(p, n); }
void *aligned_alloc(size_t a, size_t n) { return note(n), __libc_memalign(a, n); }
int posix_memalign(void **p, size_t a, size_t n) { return note(n), (*p = __libc_memalign(a, n)) ? 0 : 12; }
__attribute__((destructor)) static void report(void) { for (int i = 0, n = count; i < n; ++i) dprintf(2, "allocated %zu\n", sizes[i]); }
""")
subprocess.run(["cc", "-shared", "-fPIC", "-O1", folder / "sizes.c", "-o", folder / "sizes.so"], check=True)


def plan(task, *more):
    out = subprocess.run([burin, "plan", "digits.burin", task, "--format=json", *more], cwd=folder, check=True, capture_output=True, text=True).stdout
    (found,) = json.loads(out)["tasks"]
    assert found["name"] == task
    return found


def build(name, *more):
    subprocess.run([burin, "build", "digits.burin", "-o", name, *more], cwd=folder, check=True)


def allocations(*command):
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, "LD_PRELOAD": str(folder / "sizes.so")})
    return sorted(int(n) for n in re.findall(r"^allocated (\d+)$", done.stderr, re.M))


build("digits")
rows = len((folder / "data" / "digits.csv").read_text().splitlines())


def up(n):
    return (n + 63) // 64 * 64


# Each arena is one allocation of exactly its bytes; the columns of data sets are what rows times their bytes come to; what is
# left are tables of the run, a few bytes each, and buffers of the file that is saved.
train = plan("train")
memory = train["memory"]
assert memory["total"] == memory["persistent"] + memory["step"] + memory["arguments"]
test = rows - rows * 8 // 10
expected = [memory["persistent"], memory["step"], memory["arguments"]]
expected += [up(n * bytes) for n in (rows - test, test) for bytes in (64 * 4, 1)]
(digits,) = train["data"]
assert digits == {"name": "digits", "bytes_per_row": 64 * 4 + 1}
found = allocations("./digits", "train", "--epochs", "1")
for n in expected:
    assert n in found, f"nothing of {n} bytes is allocated: {found}"
    found.remove(n)
assert sum(found) < 16384 and max(found) <= 8192, f"beside the plan, there is {found}"

# A task without data: its arenas, and no others.
memory = plan("predict")["memory"]
found = allocations("./digits", "predict", "--image", "data/seven.npy")
for n in (memory["persistent"], memory["step"], memory["arguments"]):
    assert n in found, f"nothing of {n} bytes is allocated: {found}"

# The program says the same of itself.
described = subprocess.run(["./digits", "--describe"], cwd=folder, check=True, capture_output=True, text=True).stdout
for name in ("train", "predict"):
    memory = plan(name)["memory"]
    assert f"parameters and states {memory['persistent']} bytes\n" in described
    assert f"task {name} {memory['step'] + memory['arguments']} bytes besides\n" in described


# What it touches: the largest resident set of two programs differs by what their plans differ by, within pages. --poison writes all of it.
# Both are larger than what starts them, which counts until they are there.
def resident(program):
    child = subprocess.Popen([program, "train", "--epochs", "0", "--poison", "--threads", "1"], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0
    return usage.ru_maxrss * 1024


sizes = [("-D", "hidden=32768"), ("-D", "hidden=65536")]
build("large", *sizes[0])
build("larger", *sizes[1])
planned = plan("train", *sizes[1])["memory"]["total"] - plan("train", *sizes[0])["memory"]["total"]
assert planned > 50e6
touched = resident("./larger") - resident("./large")
assert abs(touched - planned) < 512 * 1024, f"{touched} bytes more are touched where {planned} more are planned"
