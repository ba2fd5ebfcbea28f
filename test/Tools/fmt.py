"""`burin fmt` writes a file whole or not at all: its permissions stay, a link keeps pointing to it, a file that is laid out is not touched; `--check`
says where the first line is that is not; misuse and unwritable places are errors.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import os
import pathlib
import stat
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
LOOSE, LAID = "dim a=3\ntask t( x:f32[a] ) { record m = mean(x) }\n", "dim a = 3\ntask t(x: f32[a]) { record m = mean(x) }\n"


def fmt(*arguments, **more):
    return subprocess.run([burin, "fmt", *arguments], cwd=folder, capture_output=True, text=True, **more)


file, link, other = folder / "a.burin", folder / "link.burin", folder / "b.burin"
file.write_text(LOOSE)
file.chmod(0o640)
link.symlink_to("a.burin")
done = fmt("link.burin", "a.burin")
assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
assert file.read_text() == LAID and link.is_symlink() and stat.S_IMODE(file.stat().st_mode) == 0o640
assert sorted(p.name for p in folder.iterdir()) == ["a.burin", "link.burin"], "something is left over"
before = file.stat().st_mtime_ns, file.stat().st_ino
assert fmt("a.burin").returncode == 0 and (file.stat().st_mtime_ns, file.stat().st_ino) == before, "written without need"

assert fmt("-", input=LOOSE).stdout == LAID
assert fmt("-", input="").stdout == ""
assert fmt("--check", "-", input=LAID).stdout == ""

other.write_text("dim a = 3\n\ntask t(x: f32[a]) { record  m = mean(x) }\n")
check = fmt("--check", "a.burin", "b.burin")
assert check.returncode == 1 and check.stdout == ""
assert check.stderr == """error[E0260]: this file is laid out otherwise than `burin fmt` does it
 --> b.burin:3:28
  |
3 | task t(x: f32[a]) { record  m = mean(x) }
  |                            ^ the line is `task t(x: f32[a]) { record m = mean(x) }`
  = help: `burin fmt b.burin` lays it out

""", check.stderr
for text, place in (("dim a = 3", "1:9"), ("dim a = 3\n\n\n", "2:1")):
    other.write_text(text)
    check = fmt("--check", "b.burin")
    assert check.returncode == 1 and f"b.burin:{place}\n" in check.stderr, check.stderr

# One that can't be read: no file is written.
file.write_text(LOOSE)
other.write_text("dim a = (3\n")
done = fmt("a.burin", "b.burin")
assert done.returncode == 1 and "error[E0106]" in done.stderr and "b.burin:1:9" in done.stderr, done.stderr
assert file.read_text() == LOOSE
done = fmt("none.burin")
assert done.returncode == 2 and "error[E0503]: can't read `none.burin`" in done.stderr, done
for arguments, message in ((["-O0", "a.burin"], "`burin fmt` takes no `-O0`"), ([], "`burin fmt` needs a file"), (["-Da=3", "a.burin"], "`burin fmt` takes no `-D`")):
    done = fmt(*arguments)
    assert done.returncode == 2 and message in done.stderr, done.stderr
assert "`burin check` takes no `--check`" in subprocess.run([burin, "check", "--check", file], capture_output=True, text=True).stderr

if os.geteuid() != 0:  # root writes anywhere
    folder.chmod(0o500)
    done = fmt("a.burin")
    folder.chmod(0o700)
    assert done.returncode == 2 and "error[E0504]: can't write `a.burin`" in done.stderr and file.read_text() == LOOSE, done
