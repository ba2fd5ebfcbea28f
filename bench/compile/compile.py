"""How long it takes to check and to build a long program, and to build loops of two lengths: usage: compile.py BURIN [LINES]. Prints seconds of the
processor's and of the clock's time.

The long program has models of their own axes, each with a function beside it: twelve are trained in a row, the others are used once each, so that few kernels
are equal."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TRAINED = 12
LOOPS = (("time", 10, 10_000), ("layers", 4, 48))  # an axis, its extents; loops.burin goes over both


def program(lines):
    out = ["dim batch = 32", "dim pixel = 64", "dim digit = 10"]
    count = 0
    while len(out) + 3 * count < lines:
        k = count
        out += [
            f"dim wide{k} = {16 + k % 5}",
            f"model Block{k} {{",
            f"  param w: f32[pixel, wide{k}] = he_normal(fan_in: pixel)",
            f"  param b: f32[wide{k}]        = 0",
            f"  let out = Dense[wide{k}, pixel](tanh)",
            "  fn (x: f32[pixel]) -> f32[pixel] {",
            "    let h = relu(x @ w + b)",
            "    let scale = sqrt(mean(h * h) + 1e-5)",
            "    x + out(h / scale)",
            "  }",
            "}",
            f"fn measure{k}(x: f32[pixel]) -> f32 {{",
            "  let d[i: pixel] = x[i + 1] - x[i]",
            "  let spread = mean(d * d)",
            "  if spread > 1 then log(spread) else spread",
            "}",
        ]
        count += 1
    trained = range(min(TRAINED, count))
    out += ["model Net {"] + [f"  let block{k} = Block{k}()" for k in trained]
    chain = "".join(f"block{k}(" for k in trained) + "x" + ")" * len(trained)
    out += ["  let head = Dense[pixel, digit]()", f"  fn (x: f32[pixel]) -> f32[digit] = head({chain})", "}"]
    out += [f"let other{k} = Block{k}()" for k in range(len(trained), count)]
    out += ["let net = Net()", "let opt = Adam(lr: 1e-3)", "task train(x: f32[batch, pixel], y: digit[batch]) {"]
    out += ["  for i in 0..100 { record loss = minimize { mean(cross_entropy(net(x), y)) } over net with opt }"]
    out += [f"  record m{k} = mean(measure{k}(x))" for k in trained]
    out += [f'  load other{k} from "other{k}.safetensors"' for k in range(len(trained), count)]
    out += [f"  record m{k} = mean(measure{k}(other{k}(x)))" for k in range(len(trained), count)] + ["}"]
    return "\n".join(out) + "\n"


def measured(command, folder):
    """Seconds of the processor's and of the clock's time."""
    begin, clock = os.times(), time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    end = os.times()
    return end.children_user + end.children_system - begin.children_user - begin.children_system, time.monotonic() - clock


def main(burin, lines):
    burin = os.path.abspath(burin)
    with tempfile.TemporaryDirectory() as folder:
        text = program(lines)
        with open(os.path.join(folder, "long.burin"), "w") as file:
            file.write(text)
        print(f"{text.count(chr(10))} lines")
        for name, arguments in (("check", ["check", "long.burin"]), ("build", ["build", "long.burin"])):
            times = [measured([burin, *arguments], folder) for _ in range(3 if name == "check" else 1)]
            print(f"{name}: {min(t[0] for t in times):.3f} s of the processor, {min(t[1] for t in times):.3f} s of the clock")
        shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "loops.burin"), folder)
        for axis, *extents in LOOPS:
            commands = [[burin, "build", "loops.burin", "-D", f"{axis}={extent}"] for extent in extents]
            times = [[measured(command, folder)[0] for command in commands] for _ in range(5)]
            few, many = (statistics.median(column) for column in zip(*times))
            print(f"{axis}: {few:.3f} s of the processor for {extents[0]}, {many:.3f} for {extents[1]}, {many / few:.2f} times as much")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
