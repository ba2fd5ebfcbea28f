"""Programs whose sizes divide nothing give the same weights, to the bit, without optimisation, with it, on a narrower processor, and in pieces on three threads.

RUN: %python %s %burin %t
"""
import itertools, os, pathlib, shutil, subprocess, sys

burin, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
shutil.rmtree(folder, ignore_errors=True)
(folder / "data").mkdir(parents=True)
state = 1


def number(n):  # any numbers will do, the same in every run
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return (state >> 8) % n


PROGRAM = """dim batch = 7
dim feature = 13
dim hidden = 33
dim class = 5
data set = csv("data/set.csv") {{
  x: f32[feature] = columns(0..13) / 16
  y: class = column(13)
}} split (train: 75%, test: 25%)
model Net {{
  let inner = Dense[feature, hidden]({activation})
  let outer = Dense[hidden, class]()
  fn (x: f32[feature]) -> f32[class] = outer(inner(x))
}}
let net = Net()
let opt = {optimiser}
task train(epochs: int = 4) {{
  for epoch in 0..epochs {{
    for b in set.train.shuffle.batches[batch] {{
      record loss = minimize {{ mean(cross_entropy(net(b.x), b.y)) }} over net with opt
    }}
    record accuracy = mean(argmax(net(set.test.x), over: class) == set.test.y)
  }}
  save net to "net.safetensors"
}}
"""
rows = [[number(17) for _ in range(13)] for _ in range(83)]
(folder / "data" / "set.csv").write_text("".join(",".join(map(str, row + [sum(row) % 5])) + "\n" for row in rows))
source, weights = folder / "program.burin", folder / "net.safetensors"
flags = [["-O2"], ["-O0"], ["-O2", "--cpu=x86-64-v3"], ["-O2", "--cpu=x86-64"], ["-O2", "--pieces=all"], ["-O0", "--pieces=all"]]
seen = set()
for activation, optimiser in [("relu", "Adam(lr: 1e-2)"), ("sigmoid", "Sgd(lr: 1e-1)")]:
    source.write_text(PROGRAM.format(activation=activation, optimiser=optimiser))
    for sizes in [[], ["-D", "batch=1", "-D", "hidden=1"], ["-D", "batch=16", "-D", "hidden=17"], ["-D", "batch=50", "-D", "hidden=1290"]]:  # the last: in panels
        found = []
        for flag in flags:
            subprocess.run([burin, "build", source, "-o", folder / "program", *sizes, *flag], check=True)
            printed = subprocess.run([folder / "program", "train", "--poison", "--threads", "3"], cwd=folder, check=True, capture_output=True, text=True).stdout
            assert "epoch 4/4" in printed, printed
            found.append(weights.read_bytes())
            weights.unlink()
        for flag, other in zip(flags, found):
            assert other == found[0], f"{activation} {sizes}: {flag} and {flags[0]} differ"
        seen.add(found[0])
assert len(seen) == 8, "another program, another size: other weights"
