"""Each form of the grammar, wrong at each of its parts: what is said, and where. In Inputs/forms a line `#! CODE COLUMN MESSAGE` tells the one error of the
line below it; the other lines have none.

RUN: %python %s %burin %S/Inputs/forms
"""
import pathlib
import re
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
count = 0
for path in sorted(folder.glob("*.burin")):
    lines = path.read_text().splitlines()
    expected = [(line.removeprefix("#! "), number + 2) for number, line in enumerate(lines) if line.startswith("#! ")]
    errors = subprocess.run([burin, "build", "--emit=ast", path], capture_output=True, text=True).stderr
    found = re.findall(r"^error\[(E\d+)\]: (.*)\n *--> .*?:(\d+):(\d+)$", errors, re.M)
    found = [(f"{code} {column} {message}", int(line)) for code, message, line, column in found]
    for error in sorted(set(expected) ^ set(found), key=lambda error: error[1]):
        print(f"{path.name}:{error[1]}: {lines[error[1] - 1]}\n    {'expected' if error in expected else 'found'} {error[0]}")
        count -= 1000000
    assert errors.count(" = help: ") >= len(expected), f"{path.name}: each error has a way out"
    count += len(expected)
sys.exit(count < 140)
