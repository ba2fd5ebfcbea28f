"""The digits program in kernels: tasks keep loops, launches and counters, all else is in kernels; each kernel is launched, none is there twice,
and the training step has a budget of launches.

RUN: %burin build %root/examples/digits/digits.burin --emit=kernels -o %t.mlir
RUN: %python %s %t.mlir
"""
import re
import sys

LAUNCHES_PER_STEP = 17  # raise it only with a reason

text = open(sys.argv[1]).read()
functions = re.findall(r"^  (task\.task|func\.func private) @([\w.$\"]+)\((.*?)^  }$", text, re.M | re.S)
tasks = {name: body for kind, name, body in functions if kind == "task.task"}
kernels = {name: body for kind, name, body in functions if kind == "func.func private"}
assert set(tasks) == {"program.initialise", "train", "predict"}, tasks.keys()

for name, body in tasks.items():
    for line in body.splitlines():
        op = re.search(r"(?:= |^ +)burin\.(\w+)", line)
        if op and op[1] not in ("for", "yield"):
            result = line.rsplit("->", 1)[-1] if "->" in line else line.rsplit(":", 1)[-1]
            assert "!burin.tensor<i64>" in result, f"task {name} computes more than a counter: {line.strip()}"

launched = re.findall(r"task\.launch @([\w.$]+)\(", "".join(tasks.values()))
assert set(launched) == set(kernels), f"kernels that nothing launches, or the other way: {set(launched) ^ set(kernels)}"

bodies = {}
for name, body in kernels.items():
    assert body not in bodies, f"{name} and {bodies[body]} are equal"
    bodies[body] = name
    assert body.count("burin.contract ") <= 1, f"{name} holds two contractions"

steps = re.findall(r'^( +)%\S+ = burin\.for "b" .*?^\1}(?: \{.*?\})?$', text, re.M | re.S)
step = re.search(r'^( +)%\S+ = burin\.for "b" .*?^\1}(?: \{.*?\})?$', text, re.M | re.S)[0]
assert len(steps) == 1 and step.count("burin.contract") == 0
assert step.count("task.launch") <= LAUNCHES_PER_STEP, f"{step.count('task.launch')} launches in a step"
