"""No race in the code of kernels in pieces: compiled for ThreadSanitizer, with its runtime. Scalar code: ThreadSanitizer
does not follow vectors of 16.

REQUIRES: all, plain
RUN: %python %s %burin %root %t
"""
import os, pathlib, re, shutil, subprocess, sys

burin, root, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute(), pathlib.Path(sys.argv[3]).absolute()
shutil.rmtree(folder, ignore_errors=True)
shutil.copytree(root / "examples" / "digits", folder)
flags = ["-std=c++20", "-O1", "-g", "-fno-exceptions", "-fno-rtti", "-fsanitize=thread", "-I", root]
runtime = [folder / f"{source.stem}.o" for source in sorted((root / "runtime").glob("*.cpp"))]
for compiled in runtime:
    subprocess.run(["clang++-22", *flags, "-c", root / "runtime" / f"{compiled.stem}.cpp", "-o", compiled], check=True)


def train(change=lambda module: module):
    module = folder / "digits.ll"
    subprocess.run([burin, "build", folder / "digits.burin", "-O0", "--pieces=all", "--emit=llvm", "-o", module], check=True)
    text = re.sub(r"^(attributes #\d+ = \{)(?=.*target-cpu)", r"\1 sanitize_thread", change(module.read_text()), flags=re.M)
    assert "sanitize_thread" in text
    module.write_text(text)
    subprocess.run(["clang++-22", "-O1", "-fsanitize=thread", "-Wno-override-module", module, *runtime, "-o", folder / "digits", "-lm"], check=True)
    return subprocess.run([folder / "digits", "train", "--epochs", "1", "--threads", "3"], cwd=folder, capture_output=True, text=True, env={**os.environ, "TSAN_OPTIONS": "halt_on_error=1"})


done = train()
assert done.returncode == 0 and "epoch 1/1" in done.stdout, done.stderr


# That it would be seen: pieces that end where the next one does.
def overlapping(module):
    changed, count = re.subn(r"= add i64 %1, 1$", "= add i64 %1, 2", module, flags=re.M)
    assert count > 3, "the ends of pieces are not found"
    return changed


done = train(overlapping)
assert "data race" in done.stderr and done.returncode != 0, "a race is not seen"
