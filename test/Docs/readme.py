"""The README shows the program that examples/digits holds, but for comments; every file that a page links to is there; every command of `./x` that it
names is one.

RUN: %python %s %root
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])


def program(text):
    """Lines without comments and without the space before them."""
    lines = (re.sub(r"\s*#.*", "", line) for line in text.splitlines())
    return [line for line in lines if line]


readme = (root / "README.md").read_text()
shown = next(block for block in re.findall(r"^```\n(.*?)^```$", readme, re.M | re.S) if "digits.burin" in block)
assert program(shown) == program((root / "examples/digits/digits.burin").read_text()), "README.md shows another program"

help = subprocess.run([root / "x", "help"], capture_output=True, text=True, check=True).stdout
known = set(re.findall(r"^\./x ([a-z-]+)", help, re.M)) | {"help"}
options = set(re.findall(r"--[a-z-]+", help))
pages = [path for path in root.rglob("*.md") if not path.is_relative_to(root / "build")]
assert len(pages) > 8, pages
for path in pages:
    page, text = path.relative_to(root), path.read_text()
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", re.sub(r"`[^`]*`", "", prose)):
        assert link.startswith("https:") or (path.parent / link).exists(), f"{page} links to {link}, which is not there"
    for name, rest in re.findall(r"\./x ([a-z-]+)([^`\n]*)", text):
        assert name in known, f"{page} names `./x {name}`, which `./x help` does not"
        for option in re.findall(r"--[a-z-]+", "" if name == "bench" else rest):  # whose options are its own
            assert option in options, f"{page} names `./x {name} {option}`, which `./x help` does not"
