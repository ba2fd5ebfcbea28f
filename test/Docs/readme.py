"""The README shows the program that examples/digits holds, but for comments; and every file it links to is there.

RUN: %python %s %root
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])


def program(text):
    """Lines without comments and without the space before them."""
    lines = (re.sub(r"\s*#.*", "", line) for line in text.splitlines())
    return [line for line in lines if line]


readme = (root / "README.md").read_text()
shown = next(block for block in re.findall(r"^```\n(.*?)^```$", readme, re.M | re.S) if "digits.burin" in block)
assert program(shown) == program((root / "examples/digits/digits.burin").read_text()), "README.md shows another program"

for page in ("README.md", "CONTRIBUTING.md"):
    prose = re.sub(r"^```.*?^```$", "", (root / page).read_text(), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)#]+)\)", prose):
        assert link.startswith("https:") or (root / link).exists(), f"{page} links to {link}, which is not there"
