"""docs/plan.md tells the truth: the plan that it shows is the plan, and its programs keep their promises.

RUN: mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import re
import subprocess
import sys

root, burin, folder = sys.argv[1:]
text = (pathlib.Path(root) / "docs/plan.md").read_text()
(command, shown), = re.findall(r"^```\n\$ burin (.*?)\n(.*?)^```$", text, re.M | re.S)
done = subprocess.run([burin, *command.split()], cwd=pathlib.Path(root) / "examples/digits", check=True, capture_output=True, text=True)
# Lines that are left out stand as `…`.
pattern = "".join("(?:.*\n)*" if line.strip() == "…" else re.escape(line) + "\n" for line in shown.splitlines())
assert re.fullmatch(pattern, done.stdout), f"`burin {command}` gives\n{done.stdout}"
programs = re.findall(r"^```burin\n(.*?)^```$", text, re.M | re.S)
assert programs
for program in programs:
    (pathlib.Path(folder) / "program.burin").write_text(program)
    subprocess.run([burin, "check", "program.burin"], cwd=folder, check=True)
