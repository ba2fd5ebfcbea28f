"""What a program allocates does not depend on how long it trains: nothing is allocated in a step or an epoch.

REQUIRES: plain
RUN: %python %s %burin %root %t
"""
import os, pathlib, shutil, subprocess, sys

burin, root, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]).absolute()
shutil.rmtree(folder, ignore_errors=True)
shutil.copytree(root / "examples" / "digits", folder)
(folder / "count.c").write_text(r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static long calls;
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
void *malloc(size_t n) { return ++calls, __libc_malloc(n); }
void *calloc(size_t n, size_t m) { return ++calls, __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { return ++calls, __libc_realloc(p, n); }
void *aligned_alloc(size_t a, size_t n) { return ++calls, __libc_memalign(a, n); }
int posix_memalign(void **p, size_t a, size_t n) { return ++calls, (*p = __libc_memalign(a, n)) ? 0 : 12; }
__attribute__((destructor)) static void report(void) { dprintf(2, "allocations %ld\n", calls); }
""")
subprocess.run(["cc", "-shared", "-fPIC", "-O1", folder / "count.c", "-o", folder / "count.so"], check=True)


def allocations(epochs, *options):
    command = ["./digits", "train", "--epochs", str(epochs), *options]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, "LD_PRELOAD": str(folder / "count.so")})
    assert f"epoch {epochs}/{epochs}" in done.stdout
    return int(done.stderr.split("allocations ")[-1])


for flags, options in [([], []), (["--pieces=all"], ["--threads", "3"])]:
    subprocess.run([burin, "build", "digits.burin", *flags, "-o", "digits"], cwd=folder, check=True)
    few, many = allocations(1, *options), allocations(20, *options)
    assert few > 0, "the counter counts"
    assert few == many, f"{few} allocations in 1 epoch, {many} in 20 {flags}"
