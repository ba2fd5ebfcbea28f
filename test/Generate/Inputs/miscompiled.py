"""Whether a fault that is put in (--test-miscompile) shows: what some task of a module saves is other bytes with it. Success: yes.
miscompiled.py FILE.mlir"""
import pathlib
import re
import subprocess
import sys
import tempfile

file = sys.argv[1]


def results(file, task, folder):
    subprocess.run(["burin", "run", "--interpret=grad", file, task, "--directory", folder], check=True, capture_output=True)
    return {path.name: path.read_bytes().split(b"}}", 1)[-1] for path in pathlib.Path(folder).glob("*.safetensors")}


with tempfile.TemporaryDirectory() as folder:
    wrong = pathlib.Path(folder) / "wrong.mlir"
    subprocess.run(["burin-opt", "--test-miscompile", file, "-o", wrong], check=True, capture_output=True)
    for task in re.findall(r"task\.task @(p\d+)\(", pathlib.Path(file).read_text()):
        if results(file, task, folder) != results(wrong, task, folder):
            sys.exit(0)
sys.exit(1)
