"""The first module of a test file, as machine code with and without vectors, and in pieces on three threads: every task.expect of every task must hold.
compiled.py FILE FOLDER"""
import os
import re
import subprocess
import sys

file, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
module, executable = os.path.join(folder, "module.mlir"), os.path.join(folder, "program")
text = open(file).read().split("// -----")[0]
source, tasks, failures = text.split("\n"), re.findall(r"task\.task @([\w.]+)\(", text), []
passes = ["--test-constants-to-slots", "--test-expect-to-record"]
ir = subprocess.run(["burin-opt", *passes], input=text, capture_output=True, text=True, check=True).stdout
open(module, "w").write(ir)
for level, threads in [("-O0", []), ("-O2", []), ("--pieces=all", ["--threads", "3"])]:
    built = subprocess.run(["burin", "build", level, module, "-o", executable], capture_output=True, text=True)
    if built.returncode:
        sys.exit(f"{file}: not compiled with {level}\n{built.stderr}")
    for task in tasks:
        run = subprocess.run([executable, task, *threads], capture_output=True, text=True)
        found = re.findall(r"line (\d+) (\S+)", run.stdout)
        if run.returncode or not found:
            failures.append(f"{level}, task {task}: exit code {run.returncode}, {len(found)} results {run.stderr}")
        failures += [f"{level}, task {task}, line {n}: {source[int(n) - 1].strip()}" for n, v in found if float(v) != 1]
if not tasks or failures:
    sys.exit("\n".join([f"{file}: as machine code these do not hold", *failures]))
