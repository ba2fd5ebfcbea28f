"""The weights do not depend on the number of threads, nor on the level: digits, and a perceptron whose products come in pieces.

RUN: %python %s %burin %root %t
"""
import os, pathlib, shutil, subprocess, sys

burin, root, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute(), pathlib.Path(sys.argv[3]).absolute()
inputs = root / "test/Target/Inputs"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)

# Counts threads; FAIL_AT=N: the N-th can't be started.
(folder / "count.c").write_text(r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int started;
int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *x) {
  const char *at = getenv("FAIL_AT");
  if (at && atoi(at) == started + 1)
    return EAGAIN;
  ++started;
  return ((int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT, "pthread_create"))(t, a, f, x);
}
__attribute__((destructor)) static void report(void) { dprintf(2, "started %d\n", started); }
""")
subprocess.run(["cc", "-shared", "-fPIC", "-O1", folder / "count.c", "-o", folder / "count.so"], check=True)


counted = os.environ["BURIN_CC"] == "cc"  # sanitizers put functions of their own in the same place


def run(program, *options, **environment):
    if counted:
        environment["LD_PRELOAD"] = str(folder / "count.so")
    return subprocess.run([folder / program, "train", *map(str, options)], cwd=folder, capture_output=True, text=True, env={**os.environ, **environment})


def weights(program, file, *options):
    """What a training saves, and how many threads it started, if they are counted."""
    done = run(program, *options)
    assert done.returncode == 0, done.stderr
    saved = (folder / file).read_bytes()
    (folder / file).unlink()
    return saved, int(done.stderr.split("started ")[-1]) if counted else None


# Digits: its steps are too small to be shared, so there is nothing to start; cut all the same, they give the same.
shutil.copytree(root / "examples" / "digits" / "data", folder / "data")
seen = set()
for flags, expected in [([], lambda threads: 0), (["--pieces=all"], lambda threads: threads - 1)]:
    subprocess.run([burin, "build", root / "examples/digits/digits.burin", *flags, "-o", folder / "digits"], check=True)
    for threads in (1, 2, 7):
        saved, started = weights("digits", "digits.safetensors", "--epochs", 2, "--threads", threads)
        assert started in (expected(threads), None), f"{started} started for --threads {threads}"
        seen.add(saved)
assert len(seen) == 1, "digits: other weights"

# 784-512-512-10 at batches of 128, and sizes that no tile divides; a few steps.
lines = (root / "examples/digits/data/digits.csv").read_text().splitlines(True)[:200]
(folder / "small.csv").write_text("".join(lines))
subprocess.run([sys.executable, inputs / "wide_digits.py", folder / "small.csv", folder / "digits28.csv"], check=True)
source = inputs / "perceptron.burin"
for sizes, levels in [([], [["-O2"], ["-O0"]]), (["-D", "batch=67", "-D", "first=391", "-D", "second=165"], [["-O2"], ["-O0"], ["--cpu=x86-64-v2"]])]:
    seen = set()
    for level in levels:
        subprocess.run([burin, "build", source, *sizes, *level, "-o", folder / "perceptron"], check=True)
        for threads in (1, 2, 7) if level == ["-O2"] else (2,):
            saved, started = weights("perceptron", "perceptron.safetensors", "--threads", threads, "--poison")
            assert started in (threads - 1, None), f"{started} started for --threads {threads}"
            seen.add(saved)
        assert len(seen) == 1, f"{sizes} {level}: other weights"
    default, started = weights("perceptron", "perceptron.safetensors")
    assert default == saved and started in (min(len(os.sched_getaffinity(0)), 256) - 1, None), "one for each processor"

# A system that gives fewer threads: said, with a way out, and nothing is trained.
if counted:
    done = run("perceptron", "--threads", 7, FAIL_AT="4")
    assert done.returncode == 1 and not (folder / "perceptron.safetensors").exists()
    for said in ("error[E0514]: can't start 7 threads: Resource temporarily unavailable", "help:", "`--threads 4`", "started 3"):
        assert said in done.stderr, done.stderr
