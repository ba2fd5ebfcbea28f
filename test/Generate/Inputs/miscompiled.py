"""Whether a fault that is put in (--test-miscompile) shows: what some task of a module saves is other bytes with it. Success: yes.
miscompiled.py FILE.mlir           of a module
miscompiled.py --find FILE.mlir    writes the first random programs of which it does"""
import pathlib
import re
import subprocess
import sys
import tempfile

def results(file, task, folder):
    subprocess.run(["burin", "run", "--interpret=grad", file, task, "--directory", folder], check=True, capture_output=True)
    return {path.name: path.read_bytes().split(b"}}", 1)[-1] for path in pathlib.Path(folder).glob("*.safetensors")}


def shows(file):
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / "wrong.mlir"
        subprocess.run(["burin-opt", "--test-miscompile", file, "-o", wrong], check=True, capture_output=True)
        tasks = re.findall(r"task\.task @(p\d+)\(", pathlib.Path(file).read_text())
        return any(results(file, task, folder) != results(wrong, task, folder) for task in tasks)


file = sys.argv[-1]
if sys.argv[1] != "--find":
    sys.exit(0 if shows(file) else 1)
for seed in range(12, 200):
    with open(file, "w") as out:
        subprocess.run(["burin-generate", "make", f"--seed={seed}", "--count=12", "--size=16"], check=True, stdout=out)
    if shows(file):
        sys.exit(0)
sys.exit("no random program shows the fault")
