"""`use`: the items of other files are the program's own, each file once, whatever the way to it, without its tasks and tests; a mistake is shown in the
file in which it is. What can't be used is refused at the `use`: what is not there, is outside of the program's folder, no ordinary file, or too much; and files that use each
other in a circle.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import os
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
home = folder / "home"


def write(name, text):
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(*command, cwd=home):
    return subprocess.run([burin, *command], cwd=cwd, capture_output=True, text=True)


def refused(code, place, message, help, *others):
    """The one error of main.burin."""
    check = run("check", "main.burin")
    text = check.stderr
    assert check.returncode == 1 and text.count("error[") == 1 and "warning" not in text, text
    assert text.startswith(f"error[{code}]: {message}\n"), text
    assert f"--> {place}\n" in text and f"= help: {help}\n" in text and all(part in text for part in others), text


# Items of every kind, from folders below; the same file by two ways; what is evaluated in order stands where its `use` does.
write("main.burin", """use "parts/model.burin"
use "parts/../sizes.burin"
let outer = inner * 2
let net = Net(2)
task predict(x: f32[hidden]) -> f32[hidden] { net(moved(x, outer)) }
task total(x: f32 = 1) -> f32 { Point(x: x, y: twice).y }
test "mine" { assert outer == 6 }
""")
write("sizes.burin", "dim hidden = 3\n")
write("parts/model.burin", """use "../sizes.burin"
use "deep/plain.burin"
model Net(scale: float) {
  param w: f32[hidden] = 1
  fn (x: f32[hidden]) -> f32[hidden] = relu(scale * w * x)
}
let inner = 3
let twice = inner * 2
task predict(x: f32) -> f32 { x }
test "not mine" { assert false }
require memory(predict) <= 1 KiB
""")
write("parts/deep/plain.burin", "fn moved(x: float, by: float) -> float = x + by\nstruct Point { x: f32, y: f32 }\nfn relu(x: float) -> float = max(x, 1)  # in place of the library's\n")
check = run("check", "main.burin")
assert (check.returncode, check.stdout, check.stderr) == (0, "", ""), check
assert run("test", "main.burin").stdout == "ok      mine\n1 passed, 0 failed\n", run("test", "main.burin")
assert run("run", "main.burin", "total").stdout == "6\n"
for way in ((), ("--interpret=graph",), ("--interpret=grad",)):
    assert run("run", *way, "main.burin", "total").stdout == "6\n", way
assert run("check", "home/main.burin", cwd=folder).stderr == "" and run("check", str(home / "main.burin"), cwd="/").stderr == ""
assert run("fmt", "--check", "main.burin", "sizes.burin", "parts/deep/plain.burin").returncode in (0, 1)
assert run("build", "main.burin", "--emit=ast").stdout.startswith('use "parts/model.burin"')


# Its text is part of the source that the program tells of itself, whatever folder it is compiled from.
def described(cwd, name):
    build = run("build", name, "-o", str(folder / "program"), cwd=cwd)
    assert build.returncode == 0, build
    return subprocess.run([folder / "program", "--describe"], capture_output=True, text=True, check=True).stdout.split()[2]


before = described(home, "main.burin")
assert described(folder, "home/main.burin") == before
write("sizes.burin", "dim hidden = 4\n")
assert described(home, "main.burin") != before

# It is not written over.
text = (home / "sizes.burin").read_text()
over = run("build", "main.burin", "-o", "parts/../sizes.burin")
assert over.returncode and "`parts/../sizes.burin` is part of the program: it would be overwritten" in over.stderr, over
assert (home / "sizes.burin").read_text() == text

# Mistakes in the files in which they are: of form, of meaning, in what nothing calls, and when running.
write("main.burin", 'use "part.burin"\ntask t(x: f32 = 1) -> f32 { x }\n')
write("part.burin", "fn f(x: f32 -> f32 = x\n")
check = run("check", "main.burin").stderr
assert check.count("error[") == 1 and "--> part.burin:1:5\n" in check and "fn f(x: f32 -> f32" in check, check
write("part.burin", "dim a = 3\nfn f(x: f32[a]) -> f32 = x\n")
check = run("check", "main.burin").stderr
assert check.count("error[") == 1 and "--> part.burin:2:26\n" in check and "2 | fn f(x: f32[a])" in check, check
write("part.burin", "fn f(x: float) -> float {\n  assert x > 1\n  x\n}\n")
write("main.burin", 'use "part.burin"\ntask t(x: f32 = 1) -> f32 { f(x) }\n')
for way in ((), ("--interpret=grad",)):
    failed = run("run", *way, "main.burin", "t")
    assert failed.returncode == 1 and "error[E0534]: `x > 1` does not hold\n  --> part.burin:2:10\n" in failed.stderr, failed

# One name space.
write("part.burin", "fn f(x: float) -> float = x\n")
write("main.burin", 'use "part.burin"\nfn f(x: float) -> float = x\ntask t(x: f32 = 1) -> f32 { f(x) }\n')
refused("E0202", "main.burin:2:4", "`f` is declared twice", "give one of them another name", "part.burin:1", "declared first here")
write("part.burin", "dim f = 2\n")
write("main.burin", 'use "part.burin"\ntask t(f: f32 = 1) -> f32 { f }\n')
refused("E0202", "main.burin:2:8", "`f` is an axis, and keeps its name", "give this another name", "part.burin:1")

# What can't be used.
T = "task t(x: f32 = 1) -> f32 { x }\n"
write("main.burin", 'use "prat.burin"\n' + T)
refused("E0278", "main.burin:1:5", "can't read `prat.burin`: No such file or directory", "did you mean `part.burin`?")
write("main.burin", 'use "nowhere/at/all.burin"\n' + T)
refused("E0278", "main.burin:1:5", "can't read `nowhere/at/all.burin`: No such file or directory", "a name is relative to the file in which it stands")
for name, label in (("", "it is empty"), (str(home / "part.burin"), "it is not"), ("/etc/passwd", "it is not")):
    write("main.burin", f'use "{name}"\n' + T)
    refused("E0278", "main.burin:1:5", "a file is used by a name relative to this one", 'for example `use "layers.burin"`', label)
(folder / "outside.burin").write_text("secret text that is shown nowhere\n")
os.symlink("../outside.burin", home / "link.burin")
(folder / "home-not").mkdir()
(folder / "home-not" / "outside.burin").write_text("secret text that is shown nowhere\n")
for name in ("../outside.burin", "link.burin", "parts/../../outside.burin", "../home-not/outside.burin"):
    write("main.burin", f'use "{name}"\n' + T)
    refused("E0278", "main.burin:1:5", f"`{name}` leads out of the program's folder", "keep what a program uses in its folder, or in one below")
    assert "secret" not in run("check", "main.burin").stderr
os.mkfifo(home / "pipe.burin")
with open(home / "large.burin", "wb") as file:
    file.truncate((64 << 20) + 1)
for name in ("parts", "pipe.burin", "large.burin"):
    write("main.burin", f'use "{name}"\n' + T)
    refused("E0278", "main.burin:1:5", f"`{name}` is no file of at most 64 MiB", "name a file of the language")
write("main.burin", 'use "parts/bytes.burin"\n' + T)
(home / "parts/bytes.burin").write_bytes(bytes(range(256)))
check = run("check", "main.burin")
assert check.returncode == 1 and "--> parts/bytes.burin:2:118\n" in check.stderr, check

# Circles.
write("main.burin", 'use "main.burin"\n' + T)
refused("E0278", "main.burin:1:5", "this file uses itself", "remove this line")
write("main.burin", 'use "a.burin"\n' + T)
write("a.burin", '\n  use "b.burin"\n')
write("b.burin", 'use "main.burin"\n')
refused("E0278", "b.burin:1:5", "files use each other: `main.burin` uses `a.burin` uses `b.burin` uses `main.burin`", "move what both need into a file of its own")

# Deep, and many.
for k in range(150):
    write(f"chain/{k}.burin", f'use "{k + 1}.burin"\n')
write("main.burin", 'use "chain/0.burin"\n' + T)
refused("E0278", "chain/98.burin:1:5", "files use each other at most 100 deep", "put more into one file")
write("main.burin", "".join(f'use "many/{k}.burin"\n' for k in range(1001)) + T)
for k in range(1001):
    write(f"many/{k}.burin", "")
check = run("check", "main.burin").stderr
assert check.count("error[E0278]: a program has at most 1000 files") == 2 and "--> main.burin:1000:5\n" in check, check
