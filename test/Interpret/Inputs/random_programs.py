"""Random programs of named tensors, their gradients too, run three ways: interpreted as imported (the tape differentiates), interpreted
after differentiation and the laws, and as machine code with and without vectors. The first two agree closely; the last two to the bit.
random_programs.py FOLDER FIRST_SEED COUNT"""
import json
import os
import random
import subprocess
import sys

EXTENTS = {"a": 3, "b": 5, "c": 16, "d": 17, "e": 33}


def of(axes, element="f32"):
    inside = ", ".join(f"{a} {EXTENTS[a[0]]}" for a in axes)
    return f"!burin.tensor<{element}[{inside}]>" if axes else f"!burin.tensor<{element}>"


def count(axes):
    n = 1
    for a in axes:
        n *= EXTENTS[a[0]]
    return n


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.values, self.names = [], [], 0

    def emit(self, text, axes, keep=True):
        self.names += 1
        name = f"%v{self.names}"
        self.lines.append(f"{name} = {text}")
        if keep:
            self.values.append((name, axes))
        return name, axes

    def pick(self):
        return self.random.choice(self.values[-8:])

    def op(self, mnemonic, operands, axes, element="f32", keep=True, inputs=None):
        types = inputs or [of(x[1]) for x in operands]
        return self.emit(f"burin.{mnemonic} {', '.join(x[0] for x in operands)} : ({', '.join(types)}) -> {of(axes, element)}", axes, keep)

    def number(self, value):
        return self.emit(f"burin.constant dense<{value}> : !burin.tensor<f32>", (), keep=False)

    def union(self, *operands):
        axes = list(dict.fromkeys(a for x in operands for a in x[1]))
        self.random.shuffle(axes)
        return tuple(axes) if len(axes) <= 3 and count(axes) <= 4000 else None

    def unary(self):
        x = self.pick()
        kind = self.random.choice(["neg", "abs", "root", "inverse"])
        if kind in ("neg", "abs"):
            return self.op(kind, [x], x[1])
        size = self.op("abs", [x], x[1], keep=False)
        away = self.op("add", [size, self.number(0.5)], x[1], keep=False)  # where derivatives are moderate
        return self.op("sqrt", [away], x[1]) if kind == "root" else self.op("div", [self.number(0.75), away], x[1])

    def binary(self):
        x, y = self.pick(), self.pick()
        if axes := self.union(x, y):
            self.op(self.random.choice(["add", "sub", "mul", "max", "min"]), [x, y], axes)

    def choice(self):
        x, y, z = self.pick(), self.pick(), self.pick()
        if (axes := self.union(x, y, z)) and (known := self.union(x, y)):
            c = self.op("gt", [x, y], known, "i1", keep=False)
            self.op("select", [c, x, z], axes, inputs=[of(known, "i1"), of(x[1]), of(z[1])])

    def reduction(self):
        x = self.pick()
        if x[1]:
            over = self.random.sample(x[1], self.random.randint(1, len(x[1])))
            rest = tuple(a for a in x[1] if a not in over)
            kind = self.random.choice(["sum", "sum", "sum", "max", "min"])
            names = ", ".join(f'"{a}"' for a in over)
            y = self.emit(f'burin.reduce "{kind}" {x[0]} over [{names}] : ({of(x[1])}) -> {of(rest)}', rest, keep=False)
            self.op("mul", [y, self.number(1.0 / count(over) if kind == "sum" else 1.0)], rest)

    def contraction(self):
        x, y = self.pick(), self.pick()
        shared = [a for a in x[1] if a in y[1]]
        if not shared:
            return
        over = self.random.sample(shared, self.random.randint(1, len(shared)))
        axes = tuple(dict.fromkeys(a for a in x[1] + y[1] if a not in over))
        if len(axes) <= 3 and count(axes) <= 4000:
            names = ", ".join(f'"{a}"' for a in over)
            z = self.emit(f"burin.contract {x[0]}, {y[0]} over [{names}] : ({of(x[1])}, {of(y[1])}) -> {of(axes)}", axes, keep=False)
            self.op("mul", [z, self.number(1.0 / count(over))], axes)

    def broadcast(self):
        x = self.pick()
        new = [a for a in EXTENTS if a not in x[1]]
        if axes := self.union(x, ("", tuple(self.random.sample(new, 1)))):
            self.op("broadcast", [x], axes)

    def rename(self):
        x = self.pick()
        if x[1] and "'" not in "".join(x[1]):
            y = self.op("rename", [x], tuple(f"{a}z" for a in x[1]), keep=False)
            names = ", ".join(f'"{a}"' for a in y[1][1:])
            if y[1][1:]:  # its renamed axes end here but for the first, which becomes its own name again
                y = self.emit(f'burin.reduce "max" {y[0]} over [{names}] : ({of(y[1])}) -> {of(y[1][:1])}', y[1][:1], keep=False)
            self.op("rename", [y], (y[1][0][0],))

    def gather(self):
        x, y = self.pick(), self.pick()
        shared = [a for a in x[1] if a in y[1]]
        if not shared:
            return
        axis = self.random.choice(shared)
        rest = tuple(a for a in y[1] if a != axis)
        index = f"!burin.index<{axis} {EXTENTS[axis]}>"
        i = self.emit(f'burin.arg_reduce "max" {y[0]} over "{axis}" : ({of(y[1])}) -> {of(rest, index)}', rest, keep=False)
        axes = tuple(dict.fromkeys([a for a in x[1] if a != axis] + list(rest)))
        if len(axes) <= 3 and count(axes) <= 4000:
            self.emit(f'burin.gather {x[0]}[{i[0]}] at ["{axis}"] : ({of(x[1])}, {of(rest, index)}) -> {of(axes)}', axes)

    def text(self):
        inputs = []
        while len(inputs) < 4:
            axes = tuple(self.random.sample(sorted(EXTENTS), self.random.randint(1, 3)))
            if count(axes) <= 2000:
                inputs.append(axes)
        slots = "".join(f'task.slot @w{i} "parameter" : {of(x)}\n' for i, x in enumerate(inputs))
        first = "".join(
            f"  %n{i} = burin.constant dense<{i}> : !burin.tensor<i64>\n"
            f"  %k{i} = burin.fold_in %seed, %n{i} : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>\n"
            f"  %u{i} = burin.random %k{i} : !burin.tensor<i64> -> {of(x)}\n"
            f"  %h{i} = burin.constant dense<0.5> : !burin.tensor<f32>\n"
            f"  %w{i} = burin.sub %u{i}, %h{i} : ({of(x)}, !burin.tensor<f32>) -> {of(x)}\n"
            f"  task.set @w{i}, %w{i} : {of(x)}\n"
            for i, x in enumerate(inputs)
        )
        for i, x in enumerate(inputs):
            self.emit(f"task.get @w{i} : {of(x)}", x)
        kinds = [self.unary, self.binary, self.binary, self.choice, self.reduction, self.contraction, self.contraction]
        kinds += [self.broadcast, self.rename, self.gather]
        for _ in range(self.random.randint(8, 24)):
            self.random.choice(kinds)()
        loss = self.number(0.0)
        for x in self.values:  # everything counts
            if x[1]:
                names = ", ".join(f'"{a}"' for a in x[1])
                x = self.emit(f'burin.reduce "sum" {x[0]} over [{names}] : ({of(x[1])}) -> {of(())}', (), keep=False)
            loss = self.op("add", [loss, x], (), keep=False)
        body = "\n    ".join(self.lines + [f"burin.yield {loss[0]} : !burin.tensor<f32>"])
        gradients = ", ".join(f"%d{i}" for i in range(len(inputs)))
        over = ", ".join(f"@w{i}" for i in range(len(inputs)))
        records = ""
        for i, x in enumerate(inputs):  # a sum, and a sum with weights: both in a fixed order
            names = ", ".join(f'"{a}"' for a in x)
            records += f"  %sq{i} = burin.mul %d{i}, %d{i} : ({of(x)}, {of(x)}) -> {of(x)}\n"
            for what in (f"d{i}", f"sq{i}"):
                records += f'  %s{what} = burin.reduce "sum" %{what} over [{names}] : ({of(x)}) -> !burin.tensor<f32>\n'
                records += f'  task.record "{what}", %s{what} : !burin.tensor<f32>\n'
        return (
            f"{slots}task.task @first(%seed: !burin.tensor<i64>) attributes {{initialise}} {{\n{first}  task.return\n}}\n"
            f"task.task @run(%seed: !burin.tensor<i64>) {{\n  %loss, {gradients} = burin.grad over [{over}] -> "
            f"(!burin.tensor<f32>, {', '.join(of(x) for x in inputs)}) {{\n    {body}\n  }}\n"
            f'  task.record "loss", %loss : !burin.tensor<f32>\n{records}  task.return\n}}\n'
        )


def run(file, *options):
    log = file + ".jsonl"
    done = subprocess.run(["burin", "run", *options, file, "run", "--log", log], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{file} {' '.join(options)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return {r["name"]: r["value"] for r in map(json.loads, open(log))}


folder, first, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
failures = 0
for seed in range(first, first + number):
    file = os.path.join(folder, f"program{seed}.mlir")
    open(file, "w").write(Program(seed).text())
    graph, grad = run(file, "--interpret=graph"), run(file, "--interpret=grad")
    assert len(graph) == 9 and graph.keys() == grad.keys(), (file, graph, grad)
    for name, x in graph.items():
        if not abs(x - grad[name]) <= 2e-4 * max(1, abs(x)):
            failures += 1
            print(f"{file}: {name} is {x} as imported, {grad[name]} after differentiation")
    for level in ("-O0", "-O2"):
        for name, x in run(file, level).items():
            if x != grad[name]:
                failures += 1
                print(f"{file}: {name} is {grad[name]} interpreted, {x} as machine code with {level}")
sys.exit(f"{failures} differences" if failures else 0)
