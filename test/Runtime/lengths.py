"""An option along a bounded axis in a checkpoint: the run goes on with it, and a length beyond the axis is refused.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %burin %S/Inputs %t
"""
import pathlib
import signal
import struct
import subprocess
import sys
import time

sys.path.insert(0, sys.argv[2])
from tensors import rewritten

signal.signal(signal.SIGINT, signal.SIG_DFL)  # lit ignores it, and so would what it starts
burin, folder = sys.argv[1], pathlib.Path(sys.argv[3])
(folder / "program.burin").write_text("""
dim glyph = {a, b, c}
dim time <= 8
fn follow(seen: f32[time]) -> f32 {
  state at: f32 = 0
  for t in time { at <- at * 0.5 + seen[t] }
  at
}
task t(text: glyph[time], steps: int = 1_000_000_000) {
  state at: f32 = 0
  for i in 0..steps { at <- 0.25 * at + follow(f32(int(text))) }
  record at = at
}
""")
subprocess.run([burin, "build", "program.burin", "-o", "program"], cwd=folder, check=True)
checkpoint = folder / "program-t.checkpoint.safetensors"
process = subprocess.Popen(["./program", "t", "--text", "abcab"], cwd=folder, stderr=subprocess.PIPE, text=True)
time.sleep(0.3)
process.send_signal(signal.SIGINT)
_, said = process.communicate(timeout=60)
assert process.returncode == 130 and "stopped by SIGINT" in said, said
data = checkpoint.read_bytes()


def resumed(*arguments, length=5):
    def change(texts, tensors, body):
        assert body["option:text.length"] == struct.pack("<q", 5)
        body["option:text.length"] = struct.pack("<q", length)

    checkpoint.write_bytes(rewritten(data, change))
    process = subprocess.Popen(["./program", "t", "--resume", *arguments], cwd=folder, stderr=subprocess.PIPE, text=True)
    time.sleep(0.3)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    return process.communicate(timeout=60)[1]


said = resumed()
assert said.startswith("resumed at i ") and "stopped by SIGINT" in said, said
for length in (0, 9, -1, 2**62):
    said = resumed(length=length)
    assert said.startswith("error[E0532]: ") and "a length in it is beyond its axis" in said, said
said = resumed("--text", "abc")
assert said.startswith("error[E0533]: ") and "--text" in said, said
