"""`burin test` runs each test in a process of its own, compiled or interpreted to the same outcome; an assertion that does not hold says its line, both
sides, and where the loops stand; the exit code and the last line count. `burin build` checks tests and leaves them out.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import subprocess
import sys

root, burin, folder = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
file = "tests.burin"
(pathlib.Path(folder) / file).write_text((root / "test/Tools/Inputs" / file).read_text())


def run(*command):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


ended = """ok      twice is two times
failed  it learns a line
… 183 lines
%serror[E0534]: `net.b == 1` does not hold
  --> tests.burin:23:10
  = found: %s == 1
failed  loops say where
error[E0534]: `i * j < 3` does not hold
  --> tests.burin:27:28
  = found: 3 < 3
  = at: i 4/5  j 2/2
failed  labels
error[E0534]: `q != argmax(s, over: push)` does not hold
  --> tests.burin:34:10
  = found: right != right
ok      every test begins anew
2 passed, 3 failed
"""
before, after = ended.split("%serror")
outcomes = set()
for options in ([], ["-O0"], ["--pieces=all"], ["--interpret=graph"], ["--interpret=grad"]):
    done = run(burin, "test", file, *options)
    assert done.returncode == 1 and done.stderr == "", done
    assert done.stdout.startswith(before), done.stdout
    rest = done.stdout[len(before):]
    progress, said = rest.split("error", 1)
    assert progress.count("\n") == 17 and progress.splitlines()[-1].startswith("i 200/200  loss 0.00"), progress
    head, tail = after.split("%s")
    found = said[len(head) - 0:].split(" ")[0]
    assert said == head + found + tail and 0.9 < float(found) < 1.1, said
    outcomes.add((tuple(options)[:1] and options[0].startswith("--interpret"), rest))
assert len({rest for interpreted, rest in outcomes if not interpreted}) == 1, "the bits differ"

one = run(burin, "test", file, "--only", "labels")
assert one.returncode == 1 and one.stdout.endswith("0 passed, 1 failed\n") and "twice" not in one.stdout
one = run(burin, "test", file, "--only", "twice is two times")
assert one.returncode == 0 and one.stdout == "ok      twice is two times\n1 passed, 0 failed\n", one
none = run(burin, "test", file, "--only", "twice is too times")
assert none.returncode == 2 and "there is no test `twice is too times`\n  = help: did you mean `twice is two times`?" in none.stderr, none

# Tests are checked with the program, and are no part of it.
assert run(burin, "build", file, "-o", "program").returncode == 0
assert "twice is two times" not in run("./program", "--help").stdout
assert b"every test begins" not in (pathlib.Path(folder) / "program").read_bytes()
(pathlib.Path(folder) / "none.burin").write_text('task t() { record a = 1 }\n')
empty = run(burin, "test", "none.burin")
assert empty.returncode == 1 and "error[E0263]: `none` has no tests\n  = help: " in empty.stderr, empty
(pathlib.Path(folder) / "wrong.burin").write_text('test "w" { assert unknown > 0 }\n')
assert "error[E0201]" in run(burin, "check", "wrong.burin").stderr
# In a task too, an assertion that does not hold ends the program.
(pathlib.Path(folder) / "task.burin").write_text('task t(n: int = 3) { assert n < 3;  record after = n }\n')
done = run(burin, "run", "task.burin", "t")
assert done.returncode == 1 and "= found: 3 < 3" in done.stderr and done.stdout == "", done
assert run(burin, "run", "task.burin", "t", "--n", "2").stdout == "after 2\n"
