# Keys of draws: the task's is fold_in(seed, hash32(its name)), a loop folds hash32 of its path and its counter, a call and a draw hash32 of
# theirs; a slot's first value has fold_in(seed, hash32(the slot's path)).
# RUN: %python %s %burin %t
import re
import subprocess
import sys

import xxhash

burin, folder = sys.argv[1:]
source = """
dim a = 3
model Noise { param w: f32[a] = normal(0, 1);  fn (x: f32[a]) -> f32[a] = x + w }
let net = Noise()
task draws() -> f32 {
  for i in 0..3 { record one = uniform(0, 1) }
  bernoulli(0.5)
}
"""
path = folder + ".burin"
with open(path, "w") as file:
    file.write(source)
ir = subprocess.run([burin, "build", path, "--emit=graph"], check=True, capture_output=True, text=True).stdout


def hash32(text):
    return xxhash.xxh3_64_intdigest(text.encode()) & 0xFFFFFFFF


def chains(task):
    """For each draw or call with a key in a task: the numbers folded in from the seed on, `counter` for a loop's."""
    body = ir[ir.index(f"task.task @{task}("):]
    body = body[: body.index("\n  }\n")]
    known = {re.search(r"\((%\w+): ", body).group(1): ["seed"]}
    found = []
    for line in body.splitlines():
        if m := re.search(r"(%\w+) = burin.constant dense<(-?\d+)> : !burin.tensor<i64>", line):
            known[m[1]] = [int(m[2])]
        elif m := re.search(r"burin\.for .*?(%\w+)\b", line):
            known[m[1]] = ["counter"]
        if m := re.search(r"(%\w+) = burin.fold_in (%\w+), (%\w+)", line):
            known[m[1]] = known[m[2]] + known[m[3]]
        elif m := re.search(r"call @\w+\((%\w+)", line):
            found.append(known.get(m[1]))
        elif m := re.search(r"burin.random (%\w+)", line):
            found.append(known.get(m[1]))
    return found


first = chains("program.initialise")
assert len(first) == 1 and first[0][:2] == ["seed", hash32("net.w")], (first, hash32("net.w"))
looped, plain = chains("draws")
assert looped[:2] == plain[:2] == ["seed", hash32("draws")], (looped, plain, hash32("draws"))
assert len(looped) == 5 and looped[3] == "counter" and len(plain) == 3, (looped, plain)
assert looped[4] != plain[2], "two calls fold in the same number"
