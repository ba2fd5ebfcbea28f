"""What a random program declares: functions of each kind of construct, models, structs, data sets. A program has those that it uses."""
import random
import re


class Items:
    """Mixed into language.Program, which has what expressions are made of."""

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
        lines += self.axes_functions() + self.struct_functions() + self.loop_functions() + self.model_functions() + self.layer_functions() + self.number_functions() + self.window_functions()
        lines += self.data_sets()
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
            f"dim time <= {self.longest}",
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

    # Layers with states, and with several models each; what a branch keeps from infinities; the size of a tensor.
    def layer_functions(self):
        self.functions += [("tower", frozenset(["hidden"]), frozenset(["hidden"])), ("mixes", frozenset(["hidden"]), frozenset(["hidden"])),
                           ("guarded", frozenset(["hidden"]), frozenset(["hidden"])), ("squared", frozenset(["hidden"]), frozenset(["hidden"])), ("sized", frozenset(["hidden"]), frozenset())]  # fmt: skip
        return [
            "model Level {",
            "  param w: f32[hidden, hidden'] = glorot()",
            "  state level: f32[hidden] = 0",
            "  state calls = 0",
            "  state seen: f32[slot] = 0.5",
            "  fn (x: f32[.., hidden]) -> f32[.., hidden] {",
            "    let m = mean(x, over: ..)",
            "    level <- 0.9 * level + 0.1 * m",
            "    calls <- calls + 1",
            "    seen[calls % slot] <- tanh(mean(m))",
            f"    ((tanh(x + {self.random.choice(['level', 'm', 'level * f32(calls)'])}) @ w) as [hidden]) + 0.1 * mean(seen)",
            "  }",
            "}",
            "let tower = repeat n: layer { Level() }",
            "model Mix {",
            f"  let parts[k: slot] = Dense[hidden, hidden]({self.random.choice(['tanh', 'relu'])})",
            "  param shift: f32[hidden] = normal(0, 0.1)",
            f"  let bent: f32[hidden] = {self.random.choice(['tanh(shift)', '2 * shift', 'shift - mean(shift)', 'ramp * shift'])}",
            "  fn (x: f32[hidden]) -> f32[hidden] = 0.5 * x + mean(parts(x), over: slot) + bent",
            "}",
            "let mixes = repeat n: layer { Mix() }",
            # Lets that compute, named above their declaration; functions of a model whose axes may be one.
            "model Square[I, O] {",
            "  param w: f32[I, O] = glorot()",
            "  param b: f32[O] = 0.1",
            "  let turned[o: O, i: I] = w[i, o]",
            f"  let level: f32[O] = {self.random.choice(['2 * b', 'exp(b) * sum(w)', 'b + max(turned, over: I)'])}",
            "  fn half(x: f32[I]) -> f32[I] = 0.5 * x",
            "  fn lifted() -> f32[O] = 0.1 * level",
            "  fn (x: f32[I]) -> f32[O] = half(x) @ w + lifted() + 0.1 * mean(turned * x)",
            "}",
            "let square = Square[hidden, hidden]()",
            "let squares[k: slot] = Square[hidden, hidden]()",
            "state held = square",
            "fn squared(x: f32[hidden]) -> f32[hidden] {",
            f"  let copy = {self.random.choice(['square', 'held', '0.5 * square', 'square - 0.1 * grad(mean(square(x)^2), over: square)'])}",
            "  square(x) + copy(x) + mean(squares(x), over: slot) + 0.1 * ramp * third",
            "}",
            "let third = below / 3",
            f"let below = exp(-{self.random.choice(['0.5', '1.0', 'f32(hidden)'])})",
            f"let ramp[i: hidden] = {self.random.choice(['f32(i) / hidden', 'if i % 2 == 0 then sin(f32(i)) else cos(f32(i))', 'third'])}",
            "fn guarded(x: f32[hidden]) -> f32[hidden] {",
            f"  let y = {self.random.choice(['if x > 0.1 then log(x) / x else x', 'if x <= 0.1 then 2 * x else sqrt(x - 0.1) + 1 / x'])}",
            f"  {self.random.choice(['tanh(y)', 'y / (1 + abs(y))'])}",
            "}",
            f"fn sized(x: f32[hidden]) -> f32 = norm({self.random.choice(['x', 'x, where: x > 0', 'stop(x) * x'])})",
        ]

    # Numbers of 16 bits, conversions of all kinds, blocks of fewer digits.
    def number_functions(self):
        first, second = self.random.sample(["bf16", "f16"], 2)
        outer, self.values, self.space = self.values, [("x", frozenset(["hidden"]))], ["hidden"]
        self.branches += 1  # it may be called in one
        inner = self.expression(frozenset(["hidden"]), 3)
        self.branches -= 1
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

    # Windows with a stride, as sums of products and as a layer; the largest few with their places; draws of all kinds, with densities.
    def window_functions(self):
        size = self.axes["pixel"]
        tap, stride = self.random.randint(1, min(4, size)), self.random.randint(1, 3)
        few = self.random.randint(1, self.axes["hidden"])
        self.functions += [("windowed", frozenset(["pixel"]), frozenset(["digit"])), ("pooled", frozenset(["pixel"]), frozenset()), ("largest", frozenset(["hidden"]), frozenset()),
                           ("noisy", frozenset(["hidden"]), frozenset(["hidden"])), ("chosen", frozenset(["digit"]), frozenset()), ("mixed", frozenset(["hidden"]), frozenset(["hidden"])),
                           ("likely", frozenset(["hidden"]), frozenset()), ("listed", frozenset(["hidden"]), frozenset()), ("places", frozenset(["hidden"]), frozenset(["hidden"]))]  # fmt: skip
        return [
            f"dim tap = {tap}",
            "let kernel = Kernel()",
            "model Kernel { param w: f32[tap, digit] = normal(0, 0.3);  fn (x: f32[tap]) -> f32[digit] = x @ w }",
            "fn windowed(x: f32[pixel]) -> f32[digit] {",
            f"  let y[i: pixel, o: digit] = sum[m: tap] x[i*{stride} + m] * kernel.w[m, o]",
            f"  let z[i: pixel:{size}, o: digit] = sum[m: tap] x[i + m - {self.random.randrange(tap)} else 0] * tanh(kernel.w[m, o])",
            "  mean(y, over: pixel) + 0.5 * max(z, over: pixel)",
            "}",
            "fn pooled(x: f32[pixel]) -> f32 {",
            f"  let y[i: pixel] = {self.random.choice(['max', 'mean', 'logsumexp'])}[m: tap] x[i*{stride} + m]",
            "  mean(y^2)",
            "}",
            f"dim few = {few}",
            "fn largest(x: f32[hidden]) -> f32 {",
            "  let (value, place) = top[few](stop(x), over: hidden)",
            "  let found = x[place]",
            "  mean(found) + 0.1 * sum(value * found) + found[few: last]",
            "}",
            "fn noisy(x: f32[hidden]) -> f32[hidden] {",
            f"  let a: f32[hidden] = {self.random.choice(['normal(0, 0.5)', 'truncated_normal(0, 1, -1, 2)', 'gamma(1.5, 0.5)', 'gamma(0.5)', 'beta(2, 0.7)', 'uniform(-1, 1)'])}",
            f"  let b = bernoulli({self.random.choice(['sigmoid(stop(x))', '0.25 + 0 * stop(x)'])})",
            "  x * b + 0.1 * a",
            "}",
            "fn likely(x: f32[hidden]) -> f32 {",
            "  let y = 0.1 + 0.8 * sigmoid(x)",
            f"  let p = {self.random.choice(['log_prob_normal(x, 0.5, 2)', 'log_prob_gamma(y, 1.5)', 'log_prob_beta(y, 2, 0.7)', 'log_prob_truncated_normal(y, 0.5, 1, -1, 2)'])}",
            "  mean(p) + 0.1 * mean(log_prob_bernoulli(1, y))",
            "}",
            "fn chosen(x: f32[digit]) -> f32 {",
            "  let a = categorical[digit](stop(x))",
            "  log_prob[digit](x, a) + 0.5 * x[a]",
            "}",
            f"dim those <= {self.axes['hidden']}",
            f"dim more <= {self.axes['hidden'] + self.random.randrange(3)}",
            f"fn listed(x: f32[hidden]) -> f32 = sum(x[which[those](stop(x) {self.random.choice(['<', '>='])} {self.random.choice(['0.1', '0'])})])",
            "fn places(x: f32[hidden]) -> f32[hidden] {",
            "  let far = which[those](abs(stop(x)) > 0.5)",
            "  let taken = x[far] as [those -> more]",
            "  let table[far[k]] += tanh(2 * x[far[k]]) over k: those",
            "  0.5 * table + 0.1 * sum(taken^2)",
            "}",
            "fn mixed(x: f32[hidden]) -> f32[hidden] {",
            "  let order = permutation[hidden]()",
            "  x - 0.5 * x[order]",
            "}",
        ]

    # A data set in parts, and all of it as a series; texts and series along bounded axes, labels.
    def data_sets(self):
        size, numbers = self.axes["pixel"], random.Random(self.random.random())
        self.rows, letters = self.random.choice([1, 2, 5, 12, 40]), "abc"
        self.parts = ["rows.train", "rows.test"] if self.rows > 1 else ["rows"]
        number = lambda: f"{numbers.randrange(-64, 65) / 16:g}"
        series = lambda: [number() for _ in range(numbers.randrange(1, self.longest + 1))]
        word = lambda: "".join(numbers.choice(letters) for _ in range(numbers.randrange(1, self.longest + 1)))
        padded = lambda values: values + [""] * (self.longest - len(values))
        table = [[*(number() for _ in range(size + 1)), str(numbers.randrange(self.axes["digit"])), word(), *padded(series())] for _ in range(self.rows)]
        self.files = {f"{self.name}.csv": "".join(",".join(row) + "\n" for row in table)}
        file, first = f"{self.folder}/{self.name}.csv", size + 3
        return [
            "dim letter = {" + ", ".join(letters) + "}",
            f"dim most <= {self.random.choice([1, 2, 4, 50])}",
            f"dim spelled <= {self.longest}",
            f'data rows = csv("{file}") {{',
            f"  image: f32[pixel] = columns(0..{size}) / 4",
            f"  weight: f32 = column({size}) * 0.25",
            f"  label: digit = column({size + 1})",
            f"  text: letter[spelled] = column({size + 2})",
            f"  level: f32[time] = columns({first}..{first + self.longest}) / 8",
            f"}} split (train: {self.random.choice(['60%', '1', '80%'])}, test: rest)" if self.rows > 1 else "}",
            f'data series = csv("{file}") {{ weight: f32 = column({size}) * 0.5 }}',
        ]

    # Of the items in these lines, those that a text uses, directly or not.
    def used(self, lines, text):
        items, words = [], set(re.findall(r"\w+", text))
        for line in lines:
            if re.match(r"(fn|let|dim|model|struct|state|data) ", line):
                items.append([line])
            else:
                items[-1].append(line)
        kept, more = set(), True
        while more:
            more = False
            for i, item in enumerate(items):
                if i not in kept and re.match(r"\w+ (\w+)", item[0])[1] in words:
                    kept.add(i)
                    words |= set(re.findall(r"\w+", "\n".join(item)))
                    more = True
        return [line for i, item in enumerate(items) if i in kept for line in item]
