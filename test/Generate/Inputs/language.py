"""A random program in the language: axes, functions that are mapped, models, state, loops, draws, gradients, learning.
language.py SEED  prints it. It declares what it uses. Its one task is called p<SEED>; what it saves is `p<SEED>.…safetensors`."""
import random
import sys

from language_data import DataStatements
from language_items import Items

UNARY = ["tanh({})", "sin({})", "cos({})", "erf({})", "abs({})", "exp(-abs({}))", "log(1 + abs({}))", "sqrt(0.5 + abs({}))", "floor(3 * {})", "sign({})",
         "relu({})", "sigmoid({})", "gelu({})", "silu({})", "stop({})", "-({})", "({})^2"]  # fmt: skip
BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / (1 + abs({}))", "max({}, {})", "min({}, {})", "{} % (1.5 + abs({}))"]


class Program(Items, DataStatements):
    """`files`: what the text reads, by name; they stand in `folder`, which the text names."""

    def __init__(self, seed, folder="."):
        self.random, self.folder = random.Random(seed), folder
        self.name = f"p{seed}"
        sizes = [99] * 4
        while sizes[0] * sizes[1] * sizes[2] ** 2 * sizes[3] > 3000:
            sizes = self.random.sample([1, 2, 3, 4, 5, 7, 8, 16, 17, 20, 33], 4)
        self.axes = dict(zip(["batch", "pixel", "hidden", "digit"], sizes))
        self.axes["twin"] = self.axes["hidden"]  # another axis of one size
        self.space = list(self.axes)  # those that can be named here: in a function, its own
        self.values = []  # (name, axes) of f32
        self.count = 0
        self.functions, self.kept = [], []
        self.branches = 0
        self.longest = self.random.choice([1, 3, 5, 17])  # of bounded axes
        self.files = {}

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def some(self, axes, least=0):
        axes = sorted(axes)
        return frozenset(self.random.sample(axes, self.random.randint(min(least, len(axes)), len(axes))))

    def fresh(self, kind="v"):
        self.count += 1
        return f"{kind}{self.count}"

    def type(self, axes, element="f32"):
        names = self.random.sample(sorted(axes), len(axes))
        return f"{element}[{', '.join(names)}]" if axes else element

    # An expression of f32 with these axes.
    def expression(self, axes, depth):
        known = [name for name, has in self.values if has == axes]
        if depth <= 0 and known:
            return self.random.choice(known)
        if depth <= 0:
            smaller = [(name, has) for name, has in self.values if has < axes]
            if not axes or not smaller:
                return f"{self.random.randrange(1, 9) / 4}" if not axes else self.full(axes)
            return f"({self.full(axes)} * {self.random.choice(smaller)[0]})"
        forms = [self.unary, self.binary, self.binary, self.choice, self.reduction, self.reduction, self.contraction, self.softmax, self.call, self.call, self.select, self.places]
        return self.random.choice(forms)(axes, depth - 1)

    # Of no values yet: the input that has all axes, reduced.
    def full(self, axes):
        source, has = next((name, has) for name, has in self.values if has >= axes)
        over = sorted(has - axes)
        return f"mean({source}, over: ({', '.join(over)}))" if len(over) > 1 else f"mean({source}, over: {over[0]})" if over else source

    def unary(self, axes, depth):
        return self.random.choice(UNARY).format(self.expression(axes, depth))

    def binary(self, axes, depth):
        sides = [self.expression(axes, depth), self.expression(self.some(axes), depth - 1)]
        return f"({self.random.choice(BINARY).format(*sides)})"

    def choice(self, axes, depth):
        compare = self.random.choice(["<", ">", "<=", ">=", "=="])
        a = self.expression(axes, depth - 1)
        self.branches += 1  # what has `..` can't stand there
        b, c = (self.expression(axes, depth - 1) for _ in range(2))
        self.branches -= 1
        return f"(if {a} {compare} 0.25 then {b} else {c})"

    def reduction(self, axes, depth):
        free = [a for a in self.space if a not in axes]
        if not free or len(axes) > 2:
            return self.unary(axes, depth)
        over = self.random.choice(free)
        kind = self.random.choice(["mean", "mean", "max", "min", "logsumexp", "sum", "prod"])
        inner = self.expression(axes | {over}, depth)
        return f"{kind}({f'tanh({inner})' if kind in ('sum', 'prod') else inner}, over: {over})"

    def contraction(self, axes, depth):
        free = [a for a in self.space if a not in axes]
        if not free or len(axes) > 2:
            return self.binary(axes, depth)
        over = self.random.choice(free)
        left = self.some(axes)
        right = (axes - left) | self.some(left)
        return f"(0.1 * ({self.expression(left | {over}, depth)} @[{over}] {self.expression(right | {over}, depth)}))"

    def softmax(self, axes, depth):
        if not axes:
            return self.unary(axes, depth)
        over = self.random.sample(sorted(axes), self.random.randint(1, min(2, len(axes))))  # two: a product
        return f"{self.random.choice(['softmax', 'log_softmax'])}({self.expression(axes, depth)}, over: {over[0] if len(over) == 1 else '(' + ', '.join(over) + ')'})"

    # The place of the largest along several axes, and what is there.
    def places(self, axes, depth):
        free = [a for a in self.space if a not in axes]
        if len(free) < 2 or len(axes) > 2:
            return self.unary(axes, depth)
        over = self.random.sample(free, 2)
        best = f"argmax(stop({self.expression(axes | set(over), depth)}), over: ({', '.join(over)}))"
        return f"stop(0.25 * f32({best}.{self.random.choice(over)}))"

    def call(self, axes, depth):
        known = [f for f in self.functions if f[0] not in ("around", "tower") or not self.branches]
        usable = [(name, takes, gives) for name, takes, gives in known if takes <= set(self.space) and gives <= axes and not (takes - gives) & axes]
        if not usable:
            return self.unary(axes, depth)
        name, takes, gives = self.random.choice(usable)
        return f"{name}({self.expression((axes - gives) | takes, depth)})"

    def select(self, axes, depth):
        free = [a for a in self.space if a not in axes]
        if not free or len(axes) > 2:
            return self.unary(axes, depth)
        over = self.random.choice(free)
        table = self.expression(axes | {over}, depth)
        index = self.expression(self.some(axes) | {over}, depth - 1)
        return f"({table})[argmax(stop({index}), over: {over})]"

    # Batches of what is in memory in random order, one axis or two at a time; tuples that are spread. By a value, their gradient.
    def shuffled(self):
        over = self.random.sample(sorted(self.axes), self.random.randint(1, 2))
        elements, whole = 1, frozenset(over)
        for axis in over:
            elements *= self.axes[axis]
        rest = self.some(frozenset(self.axes) - whole)
        more = self.expression(whole | frozenset(sorted(rest)[:1]), 2)
        name, axes = self.random.choice([(n, a) for n, a in self.values if a >= whole])
        batch, total, element = self.fresh("mini"), self.fresh("s"), self.fresh("e")
        by_one = self.chance(20)
        parts = f"(..(first: {more}, second: {name}), third: 0.5 * {name})"
        shuffle = f"shuffle({parts}, over: {over[0] if len(over) == 1 else '(' + ', '.join(over) + ')'})"
        reduced = lambda part, has: f"mean({element}.{part})" if has - whole or not by_one else f"{element}.{part}"
        first = reduced("first", whole | frozenset(sorted(rest)[:1]))
        step = f"{total} <- tanh(0.9 * {total} + {first} * {reduced('second', axes)}) + 0.1 * {reduced('third', axes)}"
        loop = [f"state {total}: f32 = 0.25", f"for {element} in {shuffle}{'' if by_one else f'.batches[{batch}]'} {{ {step} }}"]
        lines = [] if by_one else [f"dim {batch} = {self.random.randint(1, elements)}"]
        if self.chance(30):
            variable = self.fresh()
            lines += [f"let {variable} = grad(over: {name}) {{", *("  " + line for line in loop), f"  {total}", "}"]
            self.values.append((variable, axes))
        else:
            lines += loop
            self.values.append((total, frozenset()))
        return lines

    # What is learned is kept apart, and followed.
    def follow(self):
        old = self.fresh("old")
        return [f"let {old} = net", *self.learning(), "slow <- 0.9 * slow + 0.1 * net", f"record {self.fresh('moved')} = norm(net - {old})"]

    # Along a direction, by the forward mode.
    def direction(self):
        name, axes = self.random.choice(self.values)
        variable = self.fresh()
        inner = self.expression(axes, 2)
        self.values.append((variable, axes))
        return [f"let {variable} = jvp({inner} * {name}, over: {name}, along: {self.random.choice(['tanh', 'sin', 'abs'])}({name}))"]

    def learning(self):
        x, y = self.expression(frozenset(["batch", "pixel"]), 1), self.expression(frozenset(["batch", "digit"]), 1)
        loss = self.random.choice([f"mean((net({x}) - {y})^2)", f"mean(abs(net({x}) - stop({y})))", f"mean(cross_entropy(net({x}), argmax(stop({y}), over: digit)))"])
        if self.chance(30):
            return [f"let {(g := self.fresh('g'))} = grad(over: net) {{ {loss} }}", f"update net by clip_norm({g}, 0.5) with opt"]
        if self.chance(20):
            return [f"record {self.fresh('loss')} = minimize {{ {loss} + 0.1 * mean(deep({self.expression(frozenset(['batch', 'hidden']), 1)})) }} over (net, deep) with opt"]
        step = f"record {self.fresh('loss')} = minimize {{ {loss} }} over net with opt"
        return [f"precision {self.random.choice(['bf16', 'f16'])} {{ {step} }}" if self.chance(25) else step]

    def gradient(self):
        name, axes = self.random.choice([(n, a) for n, a in self.values if a])
        variable = self.fresh()
        inner = self.expression(axes, 2)
        lines = [f"let {variable} = grad(mean({inner} * {name}), over: {name})"]
        self.values.append((variable, axes))
        return lines

    def loop(self):
        axes = self.some(self.axes, 0)
        axes = frozenset(sorted(axes)[:2])
        state, counter = self.fresh("s"), self.fresh("i")
        start = self.expression(axes, 1)
        lines = [f"state {state}: {self.type(axes)} = {start}", f"for {counter} in 0..{self.random.randrange(4)} {{"]
        mark = len(self.values)
        self.values.append((state, axes))
        self.values.append((f"f32({counter})", frozenset()))
        body = [f"{state} <- tanh({self.expression(axes, 2)}) + 0.1 * {state}"]
        if self.chance(40):
            body += self.learning()
        if self.chance(50):
            body.append(f"record {self.fresh('r')} = {f'mean({state})' if axes else state}")
        del self.values[mark:]
        self.values.append((state, axes))
        return lines + ["  " + line for line in body] + ["}"]

    def let(self):
        axes = frozenset(sorted(self.some(self.axes, 0), key=lambda _: self.random.random())[:3])
        name, text = self.fresh(), self.expression(axes, 3)
        self.values.append((name, axes))
        return [f"let {name}: {self.type(axes)} = {text}"]

    def text(self):
        lines = self.declarations()
        everything = [frozenset(["batch", "pixel", "hidden"]), frozenset(["batch", "pixel", "digit"]), frozenset(["batch", "pixel"]), frozenset(["digit", "hidden", "twin"])]
        body = []
        for axes in everything:
            name = self.fresh("x")
            body.append(f"let {name}: {self.type(axes)} = {self.random.choice(['normal(0, 1)', 'uniform(-2, 2)'])}")
            self.values.append((name, axes))
        # every pair of axes has some value that has both
        rest = frozenset(self.axes)
        body.append(f"let all: {self.type(rest)} = uniform(-1, 1)")
        self.values.append(("all", rest))
        for _ in range(self.random.randint(1, 4)):
            forms = [self.let, self.let, self.let, self.loop, self.gradient, self.learning, self.follow, self.direction, self.shuffled]
            body += self.random.choice(forms + [self.whole_set, self.batches, self.each_row, self.series])()
        keep = [(f"k{i}", name, axes) for i, (name, axes) in enumerate(self.values[5:][-5:]) if "(" not in name]
        model = ["model Keep {"] + [f"  param {slot}: {self.type(axes)} = 0" for slot, _, axes in keep] + ["  param none: f32 = 0", "}", "let keep = Keep()"]
        for slot, name, _ in keep:
            body.append(f"keep.{slot} <- {name}")
        body += [f'save keep to "{self.name}.safetensors"', f'save net to "{self.name}.net.safetensors"']
        lines = self.used(lines, "\n".join([*model, *body]))
        if not any(line.startswith("data ") for line in lines):
            self.files = {}
        return "\n".join([*lines, *model, f"task {self.name}() {{", *("  " + line for line in body), "}", ""])


if __name__ == "__main__":
    print(Program(int(sys.argv[1])).text(), end="")
