"""docs/language.md tells the truth: its programs are accepted, what is coming is refused as such, errors look as shown.

RUN: mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import re
import subprocess
import sys

root, burin, folder = sys.argv[1:]
text = (pathlib.Path(root) / "docs/language.md").read_text()
blocks = re.findall(r"^```(burin[a-z .]*|message)\n(.*?)^```$", text, re.M | re.S)
failures, counts = [], {}
library = "\n".join(path.read_text() for path in sorted((pathlib.Path(root) / "compiler/Library").glob("*.burin")))
helpers = {"erfinv", "normal_below", "bits", "orthogonal_rows"}  # what others are written with
for name in re.findall(r"^(?:fn|model|optimizer) (\w+)", library, re.M):
    if name not in helpers and not re.search(rf"\b{name}\b", text):
        failures.append(f"`{name}` of the library is not named")


def check(program, *arguments):
    path = pathlib.Path(folder) / "program.burin"
    path.write_text(program)
    return subprocess.run([burin, *arguments, "program.burin"], cwd=folder, capture_output=True, text=True)


for number, (kind, body) in enumerate(blocks):
    counts[kind] = counts.get(kind, 0) + 1
    first = body.splitlines()[0]
    if kind.endswith(".burin"):  # another file of the program that follows
        (pathlib.Path(folder) / kind.split()[1]).write_text(body)
        run = check(body, "check")
        if run.returncode != 0 or run.stderr:
            failures.append(f"{first}\n{run.stderr}")
    elif kind == "burin":
        run = check(body, "check")
        if run.returncode != 0 or run.stderr:
            failures.append(f"{first}\n{run.stderr}")
    elif kind == "burin coming":
        read = check(body, "build", "--emit=ast")
        run = check(body, "check")
        codes = set(re.findall(r"^error\[(E\d+)\]", run.stderr, re.M))
        if read.returncode != 0 or codes != {"E0299"}:
            failures.append(f"{first}: parsed {read.returncode}, codes {codes}\n{run.stderr}")
    elif kind == "burin error":
        run = check(body, "check")
        assert blocks[number + 1][0] == "message"
        if run.stderr.strip() != blocks[number + 1][1].strip():
            failures.append(f"{first}\n{run.stderr}")
assert counts.get("burin", 0) >= 7 and counts.get("burin coming", 0) >= 1 and counts.get("burin error", 0) >= 1, counts
if failures:
    sys.exit("\n".join(failures))
