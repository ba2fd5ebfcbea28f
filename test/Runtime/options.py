"""The command line: values, what is wrong with them, help.

RUN: %python %s %S/Inputs %t
"""
import sys

sys.path.insert(0, sys.argv[1])
from sample import Sample

s = Sample(sys.argv[2])

# Unknown names: the nearest, and exit code 2.
s.fails(["trian"], 2, "error[E0502]: there is no task `trian`", "did you mean `train`?")
s.fails(["zzzzzzzz"], 2, "there is no task `zzzzzzzz`", "see `--help`")
s.fails(["train", "--epoch", 3], 2, "there is no option `--epoch`", "did you mean `--epochs`?")
s.fails(["train", "--split_seed", 3], 2, "did you mean `--split-seed`?")
s.fails(["train", "epochs"], 2, "`epochs` is no option")
s.fails(["train", "--epochs"], 2, "`--epochs` needs a value")
s.fails(["train", "--poison=1"], 2, "`--poison` takes no value")
s.fails(["predict"], 2, "the task `predict` needs `--image`", "`.npy`")
s.fails([], 2)
s.fails(["train", "--" + "x" * 5000, 3], 2, "there is no option")

# Values are parsed whole, and must fit.
for value in ("", " 3", "3 ", "3x", "0x10", "1e3", "--seed", "3.5", "nan", ".", "-"):
    s.fails(["train", "--epochs", value], 2, "error[E0502]: `--epochs`: expected a whole number", f"found `{value}`")
s.fails(["train", "--epochs", "9223372036854775808"], 2, "that int can hold")
for value in ("", "x", "0x1p3", "inf", "nan", "1e", "1,5", ".", "+", "1.5f", "--1"):
    s.fails(["train", "--rate", value], 2, "`--rate`: expected a number", f"found `{value}`")
s.fails(["train", "--rate", "1e39"], 2, "a number that f32 can hold")
s.fails(["train", "--side", "middle"], 2, "expected a label of the axis `side`", "found `middle`")
s.fails(["train", "--side", "2"], 2, "expected an index of the axis `side`")
s.fails(["train", "--side", "-1"], 2, "expected an index of the axis `side`")
s.fails(["train", "--loud", "yes"], 2, "expected true or false")
s.fails(["train", "--count", "256"], 2, "from 0 to 255")
s.fails(["train", "--seed", "one"], 2, "`--seed`: expected a whole number")
for value in ("", "0", "-1", "257", "1.5", "two", "0x2", "2 ", "99999999999999999999"):
    s.fails(["train", "--threads", value], 2, f"error[E0502]: `--threads`: expected a whole number from 1 to 256, found `{value}`", "help")
s.fails(["train", "--threads"], 2, "`--threads` needs a value")
s.fails(["train", "--thread", "2"], 2, "did you mean `--threads`?")
s.succeeds("train", "--threads", "256")
s.fails(["train", "--directory", "nowhere"], 1, "error[E0503]", "nowhere")
s.fails(["train", "--log", "nowhere/log"], 1, "error[E0511]", "nowhere/log")

assert "epoch 3/3" in s.succeeds("train", "--epochs=3", "--rate", "-.5e+0", "--side", "left", "--loud", "true", "--count", "255", "--seed", "-1")
assert "loss -1.25" in s.succeeds("train", "--rate", "-.5")
s.succeeds("train", "--side", "0", "--epochs", "2.0")
for common in ("--seed", "--split-seed", "--threads", "--log", "--directory", "--time", "--describe", "--checkpoint", "--checkpoint-every", "--resume"):
    assert common in s.succeeds("--help"), common

# All paths are relative to --directory.
(s.folder / "below").mkdir()
(s.folder / "w.safetensors").unlink()
s.succeeds("train", "--directory", "below", "--log", "log.jsonl")
assert (s.folder / "below/log.jsonl").exists() and (s.folder / "below/w.safetensors").exists() and not (s.folder / "w.safetensors").exists()

shown = s.succeeds("train", "--help")
assert "--rate f32  (default 0.5)" in shown and "--side side  (default left)" in shown and "predict" not in shown
assert "--image f32[pixel]  (required: a .npy file)" in s.succeeds("--help")
described = s.succeeds("--describe")
for fact in ("source 0123abcd", "pixel 3", "data.train (rows of the file)", "net.w f32[pixel 3]  3", "3 in all", "parameters and states 264 bytes", "task train 143 bytes"):
    assert fact in described, fact

Sample(sys.argv[2] + ".other", "-DABI=BURIN_ABI+1").fails(["train"], 1, "error[E0513]")

# Memory is poisoned before each task where that is asked for; subnormals are zero.
assert s.succeeds("memory", "--poison") == "step ff scratch ff subnormal 0\n"
