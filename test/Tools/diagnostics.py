"""`--diagnostics=json`: one object a line, with the members that docs/diagnostics.md lists, and valid UTF-8 whatever was read. The
text form and the JSON form say the same. Warnings stop a build only when asked.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import json
import pathlib
import re
import subprocess
import sys

root, burin, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
members = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", (root / "docs/diagnostics.md").read_text(), re.M)
members = set(re.findall(r"`(\w+)`", " ".join(members)))
assert {"code", "severity", "message", "line", "end", "origins", "helps"} <= members, members


def run(*arguments):
    run = subprocess.run([burin, *arguments], cwd=folder, capture_output=True)
    return run.returncode, run.stderr.decode("utf-8")  # fails where it is no UTF-8


def read(*arguments, code):
    returned, err = run(*arguments, "--diagnostics=json")
    assert returned == code, (arguments, returned, err)
    out = [json.loads(line) for line in err.splitlines()]
    for d in out:
        assert set(d) == members or d["severity"] == "note", d
    return out


def write(name, text):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


wrong = 'dim a = 3\ntask t(x: f32[a]) -> f32 {\n  let y: bool = "ä" + missing\n  mean(x, over: b)\n}\n'
write("wrong.burin", wrong)
for command in ("check", "build"):
    first, second = read(command, "wrong.burin", code=1)
    assert (first["code"], first["severity"], first["file"]) == ("E0201", "error", "wrong.burin"), first
    assert (first["line"], first["column"], first["end"]) == (3, 24, {"line": 3, "column": 31}), first
    assert wrong.splitlines()[2].encode()[23:30] == b"missing"
    assert first["message"] == "there is no `missing`" and first["label"] == "not known here" and len(first["helps"]) == 1, first
    assert (second["code"], second["line"], second["column"], second["origins"]) == ("E0201", 4, 17, []), second
assert [d["code"] for d in read("run", "wrong.burin", "t", code=1)] == ["E0201", "E0201"]

write("origins.burin", "dim a = 3\ndim b = 4\ntask t(x: f32[a], y: f32[b]) -> f32[a] { x + y }\n")
(d,) = read("check", "origins.burin", code=1)
assert [(o["line"], o["column"], o["end"]["column"], o["label"]) for o in d["origins"]] == [(3, 8, 9, "`x` is f32[a]"), (3, 19, 20, "`y` is f32[b]")], d
# What the text says is in the objects, and nothing else.
text = run("check", "origins.burin")[1]
for said in (d["code"], d["message"], d["label"], *d["helps"], *(o["label"] for o in d["origins"])):
    assert said in text, said

write("warned.burin", "task t(x: f32) -> f32 {\n  let y = x\n  x\n}\n")
(d,) = read("check", "warned.burin", code=0)
assert (d["code"], d["severity"], d["line"], d["column"]) == ("W0201", "warning", 2, 7), d
(d,) = read("check", "warned.burin", "--warnings=error", code=1)
assert (d["code"], d["severity"]) == ("W0201", "error"), d
assert run("build", "warned.burin", "-o", "warned")[0] == 0 and (folder / "warned").exists()
assert subprocess.run(["./warned", "t", "--x", "3"], cwd=folder, capture_output=True, text=True).stdout == "3\n"
assert run("build", "warned.burin", "--warnings=error", "-o", "stopped")[0] == 1 and not (folder / "stopped").exists()

# About no place; about the command line itself, wherever the option stands.
(d,) = read("check", "nothing.burin", code=2)
assert d["code"] == "E0503" and d["file"] is d["line"] is d["column"] is d["end"] is None, d
(d,) = read("chekc", "wrong.burin", code=2)
assert d["code"] == "E0502" and d["helps"] == ["did you mean `burin check`?"], d

# Bytes that are no text, control characters, names of files, a long line, more than a hundred.
write("latin.burin", b"# caf\xe9\nlet \x1b = 3\n")
(d,) = read("check", "latin.burin", code=1)
assert d["code"] == "E0101" and (d["line"], d["column"]) == (1, 6), d
name = b"caf\xe9.burin"
(folder / name.decode("utf-8", "surrogateescape")).write_text("task t() -> f32 { missing }\n")
returned = subprocess.run([burin.encode(), b"check", b"--diagnostics=json", name], cwd=folder, capture_output=True)
assert json.loads(returned.stderr.decode("utf-8"))["file"] == "caf\ufffd.burin", returned.stderr
write("control.burin", 'task t() { record x = "a\x1b[31m" + missing\x01 }\n')
assert {d["code"] for d in read("check", "control.burin", code=1)} == {"E0102"}
write("many.burin", "task t() {\n" + "".join(f"  record x = missing{i}\n" for i in range(117)) + "}\n")
many = read("check", "many.burin", code=1)
assert len(many) == 101 and many[-1] == {"severity": "note", "message": "17 more errors"}, many[-1]
assert [d["line"] for d in many[:-1]] == list(range(2, 102))
