"""What a random program does with its data sets: whole sets, batches, single rows, windows, two in step."""


class DataStatements:
    """Mixed into language.Program. The data sets are those of `Items.data_sets`."""

    # An expression of some values more, which are there only in it.
    def expression_of(self, values, axes, depth, space=None):
        outer, self.values = self.values, values + [value for value in self.values if not space or value[1] <= set(space)]
        around, self.space = self.space, space or self.space
        text = self.expression(axes, depth)
        self.values, self.space = outer, around
        return text

    # All rows of a part at once.
    def whole_set(self):
        part = self.random.choice(self.parts)
        value, axis = self.random.choice([(f"{part}.image", "pixel"), (f"net({part}.image)", "digit")])
        values = [(value, frozenset([part, axis])), (f"{part}.weight", frozenset([part]))]
        axes, variable = self.some([axis]), self.fresh()
        inner = self.expression_of(values, axes | {part}, 2, [part, axis])
        more = self.random.choice(
            ["", f" + mean(cross_entropy(net({part}.image), {part}.label))", f" + 0.1 * mean({part}.level)", f" + mean(net({part}.image)[{part}.label])", f" * mean({part}.label == argmax(net({part}.image), over: digit))"]
        )
        text = f"{self.random.choice(['mean', 'max', 'mean'])}({inner}, over: {part})"
        if self.chance(20):
            index = self.expression_of(values, frozenset([part]), 1, [part, axis])
            text = f"({self.expression_of(values, axes | {part}, 1, [part, axis])})[argmax(stop({index}), over: {part})]"
        self.values.append((variable, axes))
        return [f"let {variable}: {self.type(axes)} = {text}{more}"]

    # What is learned or summed of the batches of a part, whose last may be shorter.
    def batches(self):
        axis = self.random.choice(["batch", "most"])
        state, b = self.fresh("s"), self.fresh("b")
        start, body = self.expression(frozenset(), 1), []
        if axis == "batch":
            values = [(f"{b}.image", frozenset(["batch", "pixel"])), (f"{b}.weight", frozenset(["batch"])), (state, frozenset())]
            term = self.expression_of(values, frozenset(), 3)
        else:
            term = self.random.choice([f"mean(net({b}.image)^2)", f"mean({b}.weight * mean({b}.image, over: pixel))", f"max({b}.weight)", f"logsumexp({b}.image)"])
        sequence = self.random.choice([f"mean({b}.level)", f"mean(if {b}.text == letter.a then 1.0 else 0.0)", f"mean(followed({b}.level))", f"mean(ended({b}.level))"])
        body.append(f"{state} <- tanh({term}) + 0.5 * {state}" + (f" + 0.1 * {sequence}" if self.chance(60) else ""))
        if self.chance(50):
            body.append(f"record {self.fresh('loss')} = minimize {{ mean(cross_entropy(net({b}.image), {b}.label)) }} over net with opt")
        part = self.random.choice([*self.parts, f"{self.parts[0]}.shuffle"])
        self.values.append((state, frozenset()))
        return [f"state {state}: f32 = {start}", f"for {b} in {part}.batches[{axis}] {{", *("  " + line for line in body), "}"]

    # One row at a time, alone or beside another set.
    def each_row(self):
        state, r, other = self.fresh("s"), self.fresh("r"), self.fresh("w")
        values = [(f"{r}.image", frozenset(["pixel"])), (f"{r}.weight", frozenset()), (state, frozenset())]
        sequence = self.random.choice([f"ended({r}.level)", f"mean(followed({r}.level))", f"f32({r}.label)", f"mean({r}.text == letter.b)", f"sum({r}.level)"])
        part, head = self.random.choice([*self.parts, f"{self.parts[0]}.shuffle"]), r
        if self.chance(40):
            values.append((f"{other}.weight", frozenset(["hidden"])))
            head, part = f"({r}, {other})", f"zip({part}, series.windows[hidden])"
        term = self.expression_of(values, frozenset(), 2)
        self.values.append((state, frozenset()))
        return [f"state {state}: f32 = 0.25", f"for {head} in {part} {{ {state} <- tanh({term} + 0.5 * {state}) + 0.1 * {sequence} }}"]

    # Pieces of a series, in order or not, one or many at a time.
    def series(self):
        state, w, one = self.fresh("s"), self.fresh("w"), self.chance(50)
        values = [(f"{w}.weight", frozenset(["hidden"] if one else ["batch", "hidden"])), (state, frozenset())]
        term = self.expression_of(values, frozenset(), 2)
        self.values.append((state, frozenset()))
        how = self.random.choice(["", ".shuffle"]) + ("" if one else ".batches[batch]")
        return [f"state {state}: f32 = 0.5", f"for {w} in series.windows[hidden]{how} {{ {state} <- tanh({term}) + 0.5 * {state} }}"]
