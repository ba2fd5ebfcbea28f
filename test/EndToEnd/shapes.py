"""Weights whose file has as many numbers in another shape: refused, with both.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %t
"""
import json
import pathlib
import subprocess
import sys

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "kept.burin").write_text("""
dim row = 2
dim col = 3
model Kept { param w: f32[row, col] = normal(0, 1) }
let kept = Kept()
task write() { save kept to "kept.safetensors" }
task read() -> f32[row, col] {
  load kept from "kept.safetensors"
  kept.w
}
""")
subprocess.run([burin, "build", "kept.burin"], cwd=folder, check=True)


def run(task):
    return subprocess.run([folder / "kept", task], cwd=folder, capture_output=True, text=True)


assert run("write").returncode == 0 and run("read").returncode == 0
file = folder / "kept.safetensors"
data = file.read_bytes()
length = int.from_bytes(data[:8], "little")
header = json.loads(data[8 : 8 + length])
header.pop("__metadata__")
text = json.dumps({"w": {**header["w"], "data_offsets": [0, 20]}}).encode()  # less than the shape says
file.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :][:20])
done = run("read")
assert done.returncode == 1 and "error[E0522]" in done.stderr, done
for shape in ([6], [2], [2, 3, 1], [3, 2], [2, 4], []):
    text = json.dumps({"w": {**header["w"], "shape": shape}}).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    done = run("read")
    assert done.returncode == 1 and "error[E0522]" in done.stderr and f"w: F32 {shape} in the file, f32[row 2, col 3] in the program" in done.stderr, done
