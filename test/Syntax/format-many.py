"""Laying out, over every program of this tree that can be read: it is idempotent, the tree and the comments stay, and what blanks were there does not
matter. What can't be read is refused with the parser's errors, and then no file is written.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import json
import pathlib
import random
import re
import subprocess
import sys

root, burin, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])


def fmt(paths, *options):
    return subprocess.run([burin, "fmt", *options, *paths], capture_output=True, text=True)


def tree(path):
    return subprocess.run([burin, "build", path, "--emit=ast"], capture_output=True, text=True, check=True).stdout


WORD = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|\n|[ \t\r]+|[^\s"#]+')


def words(text):
    """The text without blanks and breaks, `;` apart, and its comments."""
    pieces = WORD.findall(text)
    code = "".join(piece for piece in pieces if piece[0] != "#" and not piece.isspace())
    comments = [re.sub(r"\s", "", piece) for piece in pieces if piece[0] == "#"]
    return code.replace(";", "").removeprefix("\ufeff"), comments


def scrambled(text, rng):
    """Other blanks between words where there are some, and other margins, unless a line begins with `-`: where that stands can mean something."""
    out, free = [], not re.search(r"^\s*-", text, re.M)
    for line in text.split("\n"):
        margin = " " * rng.randrange(8) if free else re.match(r"\s*", line)[0]
        pieces = WORD.findall(line.strip())
        kept = "".join(" " * rng.randrange(1, 4) if piece.isspace() else piece for piece in pieces)
        out.append((margin + kept + " " * rng.randrange(3)) if kept else "")
    return "\n".join(out)


sources = [path for path in sorted(root.rglob("*.burin")) if not path.is_relative_to(root / "build")]
texts = [path.read_bytes().decode(errors="surrogateescape") for path in sources]
for page in sorted(root.rglob("*.md")):
    if not page.is_relative_to(root / "build"):
        texts += re.findall(r"^```burin[a-z ]*\n(.*?)^```$", page.read_text(), re.M | re.S)
paths = []
for number, text in enumerate(texts):
    paths.append(folder / f"{number:04}.burin")
    paths[-1].write_bytes(text.encode(errors="surrogateescape"))

# Some can't be read: one run says which, with the parser's errors, and writes none.
refused = fmt(paths, "--diagnostics=json")
unread = {json.loads(line).get("file") for line in refused.stderr.splitlines()}
while refused.returncode:  # a hundred errors are shown in a run
    codes = {json.loads(line).get("code", "") for line in refused.stderr.splitlines()} - {""}
    assert all(code.startswith("E01") for code in codes), codes
    assert all(path.read_bytes().decode(errors="surrogateescape") == text for path, text in zip(paths, texts)), "a file was written"
    refused = fmt([path for path in paths if str(path) not in unread], "--diagnostics=json")
    unread |= {json.loads(line).get("file") for line in refused.stderr.splitlines()}
read = [(path, text) for path, text in zip(paths, texts) if str(path) not in unread]
assert len(read) > 150 and len(unread) > 10, (len(read), len(unread))

once = {path: path.read_text() for path, _ in read}
again = fmt([path for path, _ in read], "--check")
assert again.returncode == 0, f"not idempotent:\n{again.stderr}"
for path, text in read:
    assert words(once[path]) == words(text), f"{path}: words or comments changed"
changed = [(path, text) for path, text in read if once[path] != text]
assert len(changed) > 10, "the programs of this tree that are about forms are laid out in many ways"
for path, text in changed:
    before = folder / "before.burin"
    before.write_text(text)
    assert tree(before) == tree(path), f"{path}: the tree changed"

rng = random.Random(5)
for path, _ in read:
    path.write_text(scrambled(once[path], rng))
done = fmt([path for path, _ in read])
assert done.returncode == 0, done.stderr
for path, _ in read:
    assert path.read_text() == once[path], f"{path}: other blanks give another layout:\n{path.read_text()}"
print(f"{len(read)} programs, {len(unread)} refused")
