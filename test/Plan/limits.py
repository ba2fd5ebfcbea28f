"""Limits are measured: arithmetic, f64 at no more than f32's, bandwidth over the bytes of the task; and what is known decides what is said.

RUN: %python %s %burin %root/examples/digits/digits.burin
"""
import json
import subprocess
import sys

burin, program = sys.argv[1:]


def plan(*options):
    return json.loads(subprocess.run([burin, "plan", program, "train", "--format=json", *options], check=True, capture_output=True, text=True).stdout)


def launches(work):
    for each in work:
        yield from launches(each["work"]) if "work" in each else [each]


measured = plan("--measure")
limits, (task,) = measured["limits"], measured["tasks"]
assert 1e8 < limits["flops_per_second"] < 1e13 and 1e8 < limits["bytes_per_second"] < 1e13
assert limits["flops_f64_per_second"] < 0.8 * limits["flops_per_second"]
assert 0.9 * task["memory"]["total"] < limits["measured_over_bytes"] <= task["memory"]["total"]
for each in launches(task["work"]):
    f32 = each["flops"] - each["flops_f64"]
    computing = f32 / limits["flops_per_second"] + each["flops_f64"] / limits["flops_f64_per_second"]
    moving = (each["bytes_read"] + each["bytes_written"]) / limits["bytes_per_second"]
    assert abs(each["least_seconds"] - max(computing, moving)) <= 1e-9 * max(computing, moving), each

# Nothing is assumed: without limits there is no time, and without f64's none for kernels that compute in f64.
assert plan()["limits"] == {} and not any("least_seconds" in each for each in launches(plan()["tasks"][0]["work"]))
(task,) = plan("--peak-flops=2e9", "--bandwidth=1e9")["tasks"]
wide = [each["flops_f64"] > 0 for each in launches(task["work"])]
assert any(wide) and wide == ["least_seconds" not in each for each in launches(task["work"])]
(task,) = plan("--peak-flops=2e9,1e9", "--bandwidth=1e9")["tasks"]
assert all("least_seconds" in each for each in launches(task["work"]))
