"""Every op with a derivative is judged: its rule, in first and second order, and the interpreter's tape agree with differences in binary128
to 1e-12; a rule that is wrong in any one place is noticed.

RUN: %python %s %burin-opt %t
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["BURIN_ROOT"], "test", "Inputs"))
import operation_needs as needs


def judge(options):
    command = [tool, module, f"--judge-derivatives={options}", "-o", os.devnull]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr[:4000]}"
    return done.stdout


tool, module = sys.argv[1], sys.argv[2] + ".mlir"
with open(module, "w") as file:
    file.write("module {}\n")
table = needs.records()
ops = {name for name, record in needs.operations(table).items() if "DifferentiableOpInterface" in needs.traits(table, record)}

report = judge("cases=50")
print(report)
judged = {}
for line in report.splitlines()[:-2]:
    words = re.fullmatch(r"(\w+)(?: \w+)? +(\d+) cases, +(\d+) at kinks; +(\d+) of first order, +(\S+); +(\d+) of second, +(\S+); tape +(\S+)", line)
    assert words, line
    name, cases, kinks, first, worst, second, worst_second, tape = words.groups()
    judged[name] = judged.get(name, 0) + int(cases)
    assert int(first) and int(second), line
    assert max(map(float, (worst, worst_second, tape))) <= 1e-12, line
assert judged.keys() == ops, judged.keys() ^ ops
assert min(judged.values()) >= 50, judged
shapes = re.findall(r"(\d+)[;\n]", report.splitlines(keepends=True)[-2])
assert len(shapes) == 5 and all(int(number) > 50 for number in shapes), report
assert f"derivative rules checked: {len(ops)} ops" in report, report

report = judge("cases=16 mutants=true")
print(report)
noticed, of, number = map(int, re.search(r"wrong rules noticed: (\d+) of (\d+), of (\d+) ops", report).groups())
assert noticed == of and number == len(ops) and of > 4 * number, report
