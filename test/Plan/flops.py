"""The arithmetic that a plan counts is the arithmetic that is made: every operation on floats in the loops of each kernel, times how often they go
around. Contractions, sums and lanes, softmax, elementary functions in f32 and f64, draws, gathers, whole sets, Adam.

RUN: %python %s %burin %root/examples/digits/digits.burin %root/test/Plan/Inputs/arithmetic.burin
"""
import json
import re
import subprocess
import sys

OPERATION = re.compile(r"= (arith\.(?:addf|subf|mulf|divf|remf|maximumf|minimumf)|math\.(?:sqrt|fma)) .*: (f32|f64)$")


def counted(text):
    """kernel -> (f32, f64) operations of one call, from scalar loops with constant bounds. A reduction takes its first element into each
    accumulator that it starts from an identity: that is no arithmetic; a chain of multiply-adds from 0 is, by its definition."""
    kernels = {}
    for name, body in re.findall(r"^  func\.func private @([\w.]+)\(.*?\{\n(.*?)^  \}$", text, re.M | re.S):
        constants = {v: int(n) for v, n in re.findall(r"(%\w+) = arith\.constant (-?\d+) : i(?:32|64)", body)}
        times, sums = [1], {"f32": 0, "f64": 0}
        identities = set(re.findall(r"(%\w+) = arith\.constant [^:]* : f(?:32|64)$", body, re.M))
        started, product = {}, "math.fma" in body  # accumulators that hold an identity, and how often they begin with it
        for line in body.splitlines():
            if loop := re.search(r"scf\.for .* = (%\w+) to (%\w+) step (%\w+)", line):
                low, high, step = (constants[v] for v in loop.groups())
                carried = re.search(r"iter_args\((.*?)\) -> \((.*?)\)", line)
                for argument, initial in re.findall(r"(%\w+) = (%\w+)", carried[1]) if carried and not product else ():
                    if initial in identities:
                        started[argument] = times[-1]
                    elif initial in started:  # an outer loop's
                        started[argument] = started.pop(initial)
                times.append(times[-1] * -(-(high - low) // step))
            elif line.strip() == "}":
                times.pop()
            elif line.rstrip().endswith("{"):
                sys.exit(f"{name}: what is this? {line}")
            elif found := OPERATION.search(line):
                sums[found[2]] += times[-1] * (2 if found[1] == "math.fma" else 1)
                for operand in re.findall(r"%\w+", line)[1:]:
                    sums[found[2]] -= started.pop(operand, 0)
        kernels[name] = (sums["f32"], sums["f64"])
    return kernels


def planned(report):
    kernels = {}

    def walk(work):
        for each in work:
            if "kernel" in each:
                kernels[each["kernel"]] = (each["flops"] - each["flops_f64"], each["flops_f64"])
            else:
                walk(each["work"])

    for task in report["tasks"]:
        walk(task["work"])
    return kernels


burin, *programs = sys.argv[1:]
total = 0
for program in programs:
    def run(*arguments):
        return subprocess.run([burin, *arguments], check=True, capture_output=True, text=True).stdout

    made = counted(run("build", program, "--emit=loops", "-O0"))
    said = planned(json.loads(run("plan", program, "--format=json")))
    assert len(said) > 5 and set(said) <= set(made), set(said) - set(made)
    wrong = [f"{name}: {said[name]} counted, {made[name]} made" for name in said if said[name] != made[name]]
    assert not wrong, "\n".join(wrong)
    total += sum(f32 + f64 for f32, f64 in said.values())
assert total > 1e6
