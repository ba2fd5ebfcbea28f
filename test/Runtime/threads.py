"""The pool of threads: every piece of every kernel runs once, what was written is seen, no race; subnormals and signals in its threads.

REQUIRES: plain
RUN: %python %s %root %t
"""
import os, pathlib, subprocess, sys

root, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
sources = [root / "test/Runtime/Inputs/threads.cpp", root / "runtime/Threads.cpp", root / "runtime/Errors.cpp"]
flags = ["-std=c++20", "-O1", "-g", "-fno-exceptions", "-fno-rtti", "-I", root]
for name, sanitizer, rounds in [("plain", [], 20000), ("races", ["-fsanitize=thread"], 1000)]:
    program = folder / name
    subprocess.run(["clang++-22", *flags, *sanitizer, *sources, "-o", program], check=True)
    for threads in (1, 2, 3, 7, 40):  # the last two: more than there are processors
        count = rounds if threads < 40 else rounds // 50
        done = subprocess.run([program, str(threads), str(count)], capture_output=True, text=True, timeout=120, env={**os.environ, "TSAN_OPTIONS": "halt_on_error=1"})
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{threads} threads, {count} kernels\n", done.stdout
