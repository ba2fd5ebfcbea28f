"""The Burin programs that are kept in the one layout: the library, examples, measurements, tests that are not about errors, and the programs that pages
show. `./x fmt` lays them out; with --check it says which are not.

usage: burin_layout.py ROOT BURIN [--check]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(burin|burin coming)?\n(.*?)^```$", re.M | re.S)


def kept(path, root):
    """Whether the file is a program that is kept so: others are about how they are written, or about messages with columns."""
    inside = path.relative_to(root).as_posix()
    if inside.startswith(("test/Syntax", "test/Fuzz", "build")):
        return False
    text = path.read_text()
    return not re.search(r"(error|warning)\[|--check-prefix|:\d+:\d+|locations", text)


def programs(root):
    """Every program with its file, and its place in the file's text."""
    for path in sorted(root.rglob("*.burin")):
        if kept(path, root):
            yield path, (0, len(path.read_text()))
    for path in sorted(root.rglob("*.md")):
        if path.is_relative_to(root / "build"):
            continue
        text = path.read_text()
        for fence in FENCE.finditer(text):
            if fence[1] or fence[2].startswith("# digits.burin"):
                yield path, fence.span(2)


def main(root, burin, check):
    found = list(programs(root))
    with tempfile.TemporaryDirectory() as folder:
        pieces = [pathlib.Path(folder) / f"{number}.burin" for number in range(len(found))]
        for piece, (path, (start, end)) in zip(pieces, found):
            piece.write_text(path.read_text()[start:end])
        if subprocess.run([burin, "fmt", *pieces]).returncode:
            sys.exit(1)  # said by burin
        laid = [piece.read_text() for piece in pieces]
    wrong = []
    for (path, (start, end)), text in reversed(list(zip(found, laid))):  # from the end, so that places stay
        whole = path.read_text()
        if whole[start:end] != text:
            line = whole[:start].count("\n") + 1
            wrong.append(f"{path.relative_to(root)}:{line}")
            if not check:
                path.write_text(whole[:start] + text + whole[end:])
    if check and wrong:
        sys.exit("laid out otherwise than `burin fmt` does it (./x fmt lays out): " + ", ".join(reversed(wrong)))
    print(f"{len(found)} programs are laid out")


main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], "--check" in sys.argv[3:])
