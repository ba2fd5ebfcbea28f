"""Programs that must not be accepted, each with the error that says so: its code, its place in the program, its help; and each with a sibling that is right,
which gives no message. Their heads name the rule of typing that they are about; every rule has at least one of each.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import re
import subprocess
import sys

root, burin, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
HEAD = re.compile(r"# Rule (\d+): ([^\n]*)\.\n\n# wrong(?:: (\w+) (\d+:\d+), ([^\n]*)|, and not all of it is supported yet)\n(.*?)\n# right:\n(.*)", re.S)
RULES = set(range(1, 35))
failures, shown, rules = [], 0, set()


def check(program):
    (folder / "program.burin").write_text(program)
    return subprocess.run([burin, "check", "program.burin"], cwd=folder, capture_output=True, text=True)


for path in sorted((root / "test/Sema/Inputs/wrong").glob("*.burin")):
    rule, what, code, place, help, wrong, right = HEAD.fullmatch(path.read_text()).groups()
    found = check(wrong)
    said = re.findall(r"^error\[(\w+)\]: .*\n *--> program\.burin:(\d+:\d+)$", found.stderr, re.M)
    if found.returncode != 1 or not said:
        failures.append(f"{path.stem}: accepted: {what}")
    if code is None:
        continue
    if said[:1] != [(code, place)] or {c for c, _ in said} != {code} or f"= help: {help}\n" not in found.stderr:
        failures.append(f"{path.stem}: expected {code} at {place} with the help `{help}`, found\n{found.stderr}")
    mended = check(right)
    if mended.returncode or mended.stderr:
        failures.append(f"{path.stem}: the sibling that is right gives\n{mended.stderr}")
    shown += 1
    rules.add(int(rule))
if missing := RULES - rules:
    failures.append(f"rules without a wrong and a right program: {sorted(missing)}")
if shown < 55:
    failures.append(f"only {shown} programs")
if failures:
    sys.exit("\n".join(failures))
