"""docs/formulas.md: every block is a program whose tests hold, compiled and interpreted; what is coming is refused as such.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import re
import subprocess
import sys

root, burin, folder = sys.argv[1:]
text = (pathlib.Path(root) / "docs/formulas.md").read_text()
blocks = re.findall(r"^## (.*?)$.*?^```(burin|burin coming)\n(.*?)^```$", text, re.M | re.S)
assert len(blocks) >= 9 and len(blocks) == text.count("\n## "), "a formula without its program"
failures = []
for title, kind, body in blocks:
    (pathlib.Path(folder) / "program.burin").write_text(body)
    command = [burin, "test", "program.burin"] if kind == "burin" else [burin, "check", "program.burin"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if kind == "burin":
        if run.returncode or not re.search(r"^[1-9]\d* passed, 0 failed$", run.stdout, re.M):
            failures.append(f"{title}\n{run.stdout}{run.stderr}")
    elif run.returncode != 1:
        failures.append(f"{title}: it is supported now\n{run.stderr}")
if failures:
    sys.exit("\n".join(failures))
