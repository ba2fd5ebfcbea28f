"""What `./x coverage` prints: lines and branches of each folder and of all, from llvm-cov's summary; then the files that are not wholly run."""
import collections
import json
import pathlib
import sys

FOLDERS = ("dialects", "compiler", "runtime")
LINES = 90  # percent of all lines at least
# What begins so: every branch, both ways. (Of Syntax all but Format, which looks whether it changed a program, and never did.)
WHOLE = (*(f"compiler/Syntax/{part}" for part in ("Lexer", "Marks", "Pars", "Print", "Spacing")), "runtime/Csv", "runtime/Json", "runtime/Safetensors",
         "runtime/Checkpoint")


def counts(summary):
    return [summary[kind][key] for kind in ("lines", "branches") for key in ("covered", "count")]


def row(name, lines, all_lines, branches, all_branches):
    share = lambda part, whole: f"{part:6}/{whole:<6} {100 * part / whole if whole else 100:6.2f} %"
    return f"{name:44} lines {share(lines, all_lines)}   branches {share(branches, all_branches)}"


def main(root, report):
    with open(report) as file:
        files = json.load(file)["data"][0]["files"]
    root = pathlib.Path(root)
    found = {}
    for entry in files:
        path = pathlib.Path(entry["filename"])
        if path.is_relative_to(root) and (name := path.relative_to(root)).parts[0] in FOLDERS:
            found[str(name)] = counts(entry["summary"])
    folders = collections.defaultdict(lambda: [0] * 4)
    for name, count in found.items():
        parts = pathlib.Path(name).parts
        for folder in {parts[0], "/".join(parts[: 2 if len(parts) > 2 else 1]), "all"}:
            folders[folder] = [a + b for a, b in zip(folders[folder], count)]
    for name, count in sorted(found.items()):
        if count[0] < count[1] or count[2] < count[3]:
            print(row(name, *count))
    print()
    for folder in sorted(folders, key=lambda name: (name == "all", name)):
        print(row(folder, *folders[folder]))
    faults = []
    lines, all_lines = folders["all"][:2]
    if not all_lines or lines < LINES / 100 * all_lines:
        faults.append(f"less than {LINES} % of all lines are run")
    for place in WHOLE:
        held = [count for name, count in found.items() if name.startswith(place)]
        if not held or any(count[2] < count[3] for count in held):
            faults.append(f"not every branch of {place}* goes both ways")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
