"""The generator: a program depends on its seed alone, not on those beside it; every operation of the dialect occurs, and every construct.

RUN: %python %s
"""
import re
import subprocess
import sys

import operation_needs as needs


def make(seed, count):
    return subprocess.run(["burin-generate", "make", f"--seed={seed}", f"--count={count}"], capture_output=True, text=True, check=True).stdout


def task(text, name):
    return re.search(rf"^  task\.task @{name}\(.*?^  \}}", text, re.M | re.S)[0]


many = make(1, 400)
assert many == make(1, 400)
for seed in (1, 77, 400):
    assert task(make(seed, 1), f"p{seed}") == task(many, f"p{seed}"), seed

bodies = "".join(task(many, f"p{seed}") for seed in range(1, 401)) + "".join(re.findall(r"^  func\.func .*?^  \}", many, re.M | re.S))
operations = needs.operations(needs.records())
lacking = [name for name in operations if not re.search(rf"burin\.{name}\b", bodies)]
constructs = ["func.call", "task.get", "task.set", "task.save", "task.record", "burin.grad over", "burin.grad (", 'burin.for "i"', "from %"]
lacking += [text for text in constructs if text not in bodies]
elements = ["f32", "f64", "i32", "i64", "ui8", "i1"]
lacking += [e for e in elements if not re.search(rf"tensor<{e}\[", bodies)] + [x for x in ["!burin.index<"] if x not in bodies]
sys.exit(f"400 programs have no {', '.join(lacking)}" if lacking else 0)
