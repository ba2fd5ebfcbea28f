"""Parts of a split by numbers of rows: each has as many, all rows are in one, and another seed draws others. Too few rows are an error.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
PROGRAM = """
data d = csv("d.csv") { x: f32 = column(0) } split (train: 5, check: 20%, test: rest)
task t() {
  record train = sum(d.train.x)
  record check = sum(d.check.x)
  record test = sum(d.test.x)
}
"""
(folder / "program.burin").write_text(PROGRAM)
(folder / "d.csv").write_text("".join(f"{2**k}\n" for k in range(16)))  # a sum says which rows


def run(*options):
    return subprocess.run([burin, "run", "program.burin", "t", *options], cwd=folder, capture_output=True, text=True)


sums = set()
for seed in ("0", "1", "2"):
    done = run("--split-seed", seed)
    assert done.returncode == 0, done
    parts = [int(float(line.split()[1])) for line in done.stdout.splitlines()]
    assert [part.bit_count() for part in parts] == [5, 3, 8] and sum(parts) == 2**16 - 1, (seed, done)
    sums.add(tuple(parts))
assert len(sums) == 3, sums
(folder / "d.csv").write_text("1\n2\n3\n4\n")
done = run()
assert done.returncode == 1 and "error[E0422]: the part `train` of `d` is to have 5 rows, and of the file's 4 it can have 4\n" in done.stderr, done
