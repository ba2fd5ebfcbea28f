"""A random program in the language: axes, functions that are mapped, models, state, loops, draws, gradients, learning.
language.py SEED  prints it. Its one task is called p<SEED>; what it saves is `p<SEED>.…safetensors`."""
import random
import sys

UNARY = ["tanh({})", "sin({})", "cos({})", "erf({})", "abs({})", "exp(-abs({}))", "log(1 + abs({}))", "sqrt(0.5 + abs({}))", "floor(3 * {})", "sign({})",
         "relu({})", "sigmoid({})", "gelu({})", "silu({})", "stop({})", "-({})", "({})^2"]  # fmt: skip
BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / (1 + abs({}))", "max({}, {})", "min({}, {})", "{} % (1.5 + abs({}))"]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
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
        forms = [self.unary, self.binary, self.binary, self.choice, self.reduction, self.reduction, self.contraction, self.softmax, self.call, self.select, self.places]
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
        known = [f for f in self.functions if f[0] != "around" or not self.branches]
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

    # Functions of one example, of any axis; a model with layers and parameters of its own.
    def declarations(self):
        lines = [f"dim {name} = {size}" for name, size in self.axes.items()]
        for _ in range(self.random.randint(1, 2)):
            name, axes = self.fresh("f"), self.some(["pixel", "hidden", "digit"], 1)
            outer, self.values, self.space = self.values, [("x", axes)], sorted(axes)
            lines.append(f"fn {name}(x: {self.type(axes)}) -> {self.type(axes)} = {self.expression(axes, 2)}")
            self.values, self.space = outer, list(self.axes)
            self.functions.append((name, axes, axes))
        act = self.random.choice(["relu", "tanh", "gelu", "sigmoid"])
        lines.append("model Net {")
        lines.append(f"  let inner = Dense[pixel, hidden]({act})")
        lines.append("  let outer = Dense[hidden, digit]()")
        lines.append("  param scale: f32[pixel] = 1")
        lines.append("  state calls: f32 = 0")
        lines.append("  fn (x: f32[pixel]) -> f32[digit] = outer(inner(scale * x))")
        lines.append("}")
        lines.append("let net = Net()")
        self.functions.append(("net", frozenset(["pixel"]), frozenset(["digit"])))
        lines += self.axes_functions() + self.struct_functions() + self.loop_functions() + self.model_functions() + self.number_functions()
        rate = self.random.choice(["0.01", "1e-3"])
        lines.append(f"let opt = {self.random.choice(['Adam', 'Sgd'])}(lr: {rate})")
        return lines

    # Extents that types bind, `..`, products and `()`, sums of axes, lists, indices of numbers, bounded axes.
    def axes_functions(self):
        size = self.axes["pixel"]
        shift = self.random.randrange(max(1, size))
        cut = self.random.randrange(3)
        self.functions += [("narrow", frozenset(["pixel"]), frozenset()), ("around", frozenset(["hidden"]), frozenset(["hidden"])), ("joint", frozenset(["pixel", "hidden"]), frozenset(["digit"])),
                           ("alone", frozenset(), frozenset(["digit"])), ("joined", frozenset(["digit"]), frozenset(["digit"])), ("ragged", frozenset(["hidden"]), frozenset())]  # fmt: skip
        return [
            "fn part(x: f32[pixel:n]) -> f32 = mean(x) * f32(n)",
            "fn narrow(x: f32[pixel]) -> f32 {",
            f"  let d[i: pixel] = x[i + {shift}] - x[i]",
            "  0.1 * part(d)",
            "}",
            "fn around(x: f32[.., hidden]) -> f32[.., hidden] = x - mean(x, over: ..)",
            "let joint = Dense[(pixel, hidden), digit](tanh)",
            "let alone = Dense[(), digit]()",
            "dim several = {none} + digit + {other}",
            f"dim slot = {self.random.randrange(1, 7)}",
            "fn join(a: f32, x: f32[digit], b: f32) -> f32[several] = [a, x, b]",
            "fn joined(x: f32[digit]) -> f32[digit] {",
            "  let whole = join(mean(x), x, 0.5)",
            "  let table: f32[slot] = 0.25",
            "  let near = clip(clip(4 * mean(stop(x)), int), slot) % slot",
            "  let best = several(argmax(stop(x), over: digit))",
            "  tanh(whole)[several: digit] * whole[several.none] + 0.1 * whole[best] + table[near]",
            "}",
            f"dim time <= {self.random.choice([1, 3, 5, 17])}",
            "fn ended(e: f32[time]) -> f32 = if time > 0 then mean(e) + sum(softmax(e, over: time)^2) else 0",
            "fn followed(e: f32[time]) -> f32[time] {",
            "  state s: f32 = 0.5",
            "  state seen: f32[time] = 0",
            f"  for t in {self.random.choice(['time', 'reverse(time)'])} {{",
            "    s <- tanh(e[t] + 0.5 * s)",
            "    seen[t] <- 0.5 * s",
            "    emit s * e[t]",
            "  }",
            f"  let all = for t in time {{ emit seen[t] + {self.random.choice(['e[t]', 's'])} }}",
            "  all - 0.5 * sum(seen)",
            "}",
            "fn ragged(x: f32[hidden]) -> f32 {",
            "  let still = stop(x)",
            "  let zeros: int[time] = 0",
            "  let numbers[t: time] = zeros[t] + clip(floor(2 * still[hidden: int(t) else 0]), int)",
            f"  let words = numbers until {cut}",
            "  let e[t: time] = tanh(x[hidden: words[t] else 0.25]) + x[hidden: int(t) else 0.5]",
            "  let after[t: time] = e[t + 1 else 0.125]",
            "  let squares = sum[t: time] e[t] * after[t]",
            "  0.1 * (sum(e) + squares + sum(followed(e))) + ended(e)",
            "}",
        ]

    # Structs and tuples, chosen whole; tables that are added to, and places that are written in order.
    def struct_functions(self):
        self.functions += [("fields", frozenset(["hidden"]), frozenset(["hidden"])), ("counted", frozenset(["hidden"]), frozenset(["digit"])), ("ring", frozenset(["hidden"]), frozenset())]
        return [
            "struct Cell { low: f32, high: f32[hidden] }",
            "fn bounds(x: f32[hidden]) -> Cell = Cell(low: min(x), high: tanh(x))",
            "fn opened(c: Cell) -> (middle: f32, wide: f32[hidden]) = (mean(c.high), c.high - c.low)",
            "fn fields(x: f32[hidden]) -> f32[hidden] {",
            "  let c = bounds(x)",
            f"  let (middle, wide) = opened(if mean(x) > {self.random.choice(['0.1', '-0.3'])} then c else bounds(0.5 * x))",
            "  wide * (1 + middle)",
            "}",
            "fn counted(x: f32[hidden]) -> f32[digit] {",
            f"  let table[clip(floor({self.random.randrange(1, 6)} * stop(x[i])), int) % digit] += x[i] over i: hidden",
            "  0.5 * table",
            "}",
            "fn ring(x: f32[hidden]) -> f32 {",
            "  state kept: f32[slot] = 0.25",
            "  state at: Cell[slot] = Cell(low: 0, high: 0.5)",
            f"  kept[(i + {self.random.randrange(5)}) % slot] <- tanh(x[i]) over i: hidden",
            f"  at[{self.random.randrange(9)} % slot] <- bounds(x)",
            "  kept[clip(floor(3 * stop(mean(x))), int) % slot] += 0.5 * max(x)",
            "  mean(kept) + mean(at.high) - max(at.low)",
            "}",
        ]

    # `for` with `emit`, both ways and from a later place; `while`; branches with statements; one element at a time.
    def loop_functions(self):
        hidden = self.random.choice(["hidden", "reverse(hidden)"])
        self.functions += [("scanned", frozenset(["hidden"]), frozenset(["hidden"])), ("settled", frozenset(["hidden"]), frozenset()), ("peaks", frozenset(["hidden", "digit"]), frozenset(["digit"])),
                           ("later", frozenset(["hidden"]), frozenset()), ("branched", frozenset(["digit"]), frozenset())]  # fmt: skip
        return [
            "fn scanned(x: f32[hidden]) -> f32[hidden] {",
            "  state s: f32 = 0",
            f"  let both = for i in {hidden} {{",
            f"    s <- {self.random.choice(['tanh(x[i] + 0.5 * s)', '0.5 * s + x[i]', 'sin(s) * x[i]'])}",
            "    emit (now: s * x[i], then: s)",
            "  }",
            "  both.now + 0.1 * mean(both.then) + s",
            "}",
            "dim trial <= 7",
            "fn settled(x: f32[hidden]) -> f32 {",
            "  state r: f32 = clip(mean(x), -4, 4)",
            f"  let path = while abs(r) > 0.3 max trial {{ r <- {self.random.choice(['0.5 * r', 'r - 0.6 * tanh(r)'])}; emit (at: r, wide: r * x) }}",
            "  r + 0.1 * sum(path.at) + 0.05 * sum(max(path.wide, over: hidden) * path.at)",
            "}",
            "fn peaks(x: f32[hidden, digit]) -> f32[digit] {",
            "  state peak: f32[digit] = -1",
            "  for i in hidden { if x[i] > peak { peak <- 0.9 * x[i] } }",
            "  peak",
            "}",
            "fn later(x: f32[hidden]) -> f32 {",
            "  state s: f32 = 0.5",
            f"  for i in {self.random.choice(['0', '1'])}..hidden {{ s <- tanh(s + x[i]) }}",
            f"  for k in 0..{self.random.randrange(5)} {{ s <- 0.5 * s + 0.1 * f32(k) }}",
            "  s",
            "}",
            "fn branched(x: f32[digit]) -> f32 {",
            "  state s: f32 = 0",
            "  if max(x) > 0.5 {",
            "    let best = argmax(stop(x))",
            "    s <- x[best]^2",
            "  } else {",
            "    s <- tanh(mean(x))",
            "  }",
            "  2 * s",
            "}",
        ]

    # Layers in a loop, a step of learning inside of a function, a gradient of its own, a derivative along a direction, a copy.
    def model_functions(self):
        self.functions += [("deep", frozenset(["hidden"]), frozenset(["hidden"])), ("stepped", frozenset(["pixel"]), frozenset(["digit"])), ("straight", frozenset(), frozenset()),
                           ("bend", frozenset(["pixel"]), frozenset())]  # fmt: skip
        return [
            f"dim layer = {self.random.choice([1, 2, 5])}",
            "model Deep {",
            f"  let stack = repeat n: layer {{ Dense[hidden, hidden]({self.random.choice(['tanh', 'relu', 'sigmoid'])}) }}",
            "  fn (x: f32[hidden]) -> f32[hidden] = stack(x)",
            "}",
            "let deep = Deep()",
            "state slow = net",
            "fn stepped(x: f32[pixel]) -> f32[digit] {",
            "  let fast = net - 0.1 * grad(mean(net(x)^2), over: net)",
            "  fast(x)",
            "}",
            "fn straight(x: f32) -> f32 = floor(3 * x)",
            f"grad (d) = {self.random.choice(['d', 'tanh(d)', '0.5 * d'])}",
            "fn bend(x: f32[pixel]) -> f32 = jvp(mean(net(x)^2), over: x, along: 0.5 * x)",
        ]

    # Numbers of 16 bits, conversions of all kinds, blocks of fewer digits.
    def number_functions(self):
        first, second = self.random.sample(["bf16", "f16"], 2)
        outer, self.values, self.space = self.values, [("x", frozenset(["hidden"]))], ["hidden"]
        inner = self.expression(frozenset(["hidden"]), 3)
        self.values, self.space = outer, list(self.axes)
        self.functions += [("narrow_floats", frozenset(["hidden"]), frozenset(["hidden"])), ("whole", frozenset(["hidden"]), frozenset(["hidden"])),
                           ("coarse", frozenset(["hidden"]), frozenset(["hidden"])), ("coarse_net", frozenset(["pixel"]), frozenset(["digit"]))]  # fmt: skip
        return [
            "fn narrow_floats(x: f32[hidden]) -> f32[hidden] {",
            f"  let a = {first}(x)",
            f"  let b = {second}(tanh(a)) * 0.5 + {second}(mean(x))",
            "  let c = softmax(b, over: hidden) - b / (1 + abs(b))",
            f"  let d: {second}[hidden] = if c > 0.125 then c else max(-c, erf(b))",
            f"  state total: {first} = 0.5",
            f"  for i in hidden {{ total <- 0.5 * total + a[i] * {first}(d[i]) }}",
            f"  f32(d) + f32(total) * f32({self.random.choice(['sum(b)', 'logsumexp(b)', 'max(b)', 'mean(c)', 'prod(b)'])}) + f32(sum[i: hidden] b[i] * c[i])",
            "}",
            "fn whole(x: f32[hidden]) -> f32[hidden] {",
            "  let still = stop(x)",
            f"  let near = clip({self.random.randrange(1, 400)} * still, u8)",
            "  let around = wrap(clip(1000 * still, int) + int(near), u8)",
            "  let checked = u8(64 + 32 * tanh(if still == still then still else 0.0))",
            "  0.25 * x + f32(around) / 512 - f32(i32(checked) - i32(near)) / 256",
            "}",
            "fn coarse(x: f32[hidden]) -> f32[hidden] {",
            f"  precision {first} {{ {inner} }}",
            "}",
            "fn coarse_net(x: f32[pixel]) -> f32[digit] {",
            f"  precision {second} {{ 0.5 * net(x) + {self.random.choice(['tanh(net(0.5 * x))', 'net(x) / (1 + mean(x)^2)', 'softmax(net(x), over: digit)'])} }}",
            "}",
        ]

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
        for _ in range(self.random.randint(2, 5)):
            body += self.random.choice([self.let, self.let, self.let, self.loop, self.gradient, self.learning, self.follow, self.direction, self.shuffled])()
        keep = [(f"k{i}", name, axes) for i, (name, axes) in enumerate(self.values[5:][-5:]) if "(" not in name]
        model = ["model Keep {"] + [f"  param {slot}: {self.type(axes)} = 0" for slot, _, axes in keep] + ["  param none: f32 = 0", "}", "let keep = Keep()"]
        for slot, name, _ in keep:
            body.append(f"keep.{slot} <- {name}")
        body += [f'save keep to "{self.name}.safetensors"', f'save net to "{self.name}.net.safetensors"']
        return "\n".join([*lines, *model, f"task {self.name}() {{", *("  " + line for line in body), "}", ""])


if __name__ == "__main__":
    print(Program(int(sys.argv[1])).text(), end="")
