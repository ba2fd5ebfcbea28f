"""A bar chart as SVG: the median of each peer as a bar, its quartiles as a line over the bar's end."""
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, TOP, ROW = 860, 290, 110, 64, 34
FONT = "font-family='sans-serif' font-size='13'"


def step_of(largest):
    """Of the axis: 1, 2 or 5 times a power of ten, at most seven of them."""
    size = 10.0 ** -3
    while True:
        for factor in (1, 2, 5):
            if largest / (factor * size) <= 7:
                return factor * size
        size *= 10


def text(x, y, words, anchor="start", more=""):
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {FONT} {more}>{escape(words)}</text>"


def bars(found):
    rows, unit, scale = found["steps"], "µs", 1
    if max(r["median_us"] for r in rows) > 5000:
        unit, scale = "ms", 1e-3
    largest = max(r["quartiles_us"][1] for r in rows) * scale
    place = lambda value: LEFT + (WIDTH - LEFT - RIGHT) * value / largest
    bottom = TOP + ROW * len(rows)
    out = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {bottom + 64}' width='{WIDTH}' height='{bottom + 64}'>",
        f"<rect width='{WIDTH}' height='{bottom + 64}' fill='white'/>",
        text(16, 26, found["workload"][0].upper() + found["workload"][1:] + f": time of a step on one core, {unit}", more="font-weight='bold'"),
        text(16, 46, f"{found['machine']['model name']}; medians, lines from quartile to quartile; shorter is better", more="fill='#555'"),
    ]
    step, tick = step_of(largest), 0.0
    while tick <= largest:
        out.append(f"<line x1='{place(tick):.1f}' y1='{TOP}' x2='{place(tick):.1f}' y2='{bottom}' stroke='#ddd'/>")
        out.append(text(place(tick), bottom + 18, f"{tick:g}", "middle", "fill='#555'"))
        tick += step
    for number, r in enumerate(rows):
        y, value = TOP + ROW * number, r["median_us"] * scale
        low, high = (place(q * scale) for q in r["quartiles_us"])
        colour = "#c2541b" if r["peer"] == "Burin" else "#7c8fa6"
        out.append(text(LEFT - 10, y + 22, r["peer"], "end"))
        out.append(f"<rect x='{LEFT}' y='{y + 8}' width='{place(value) - LEFT:.1f}' height='18' fill='{colour}'/>")
        out.append(f"<path d='M{low:.1f} {y + 17}H{high:.1f}M{low:.1f} {y + 12}v10M{high:.1f} {y + 12}v10' stroke='#222' fill='none'/>")
        out.append(text(max(high, place(value)) + 8, y + 22, f"{value:.3g}" if value < 100 else f"{value:.0f}"))
    peak = max(found["limits"]["gflops"].values())
    limit = found["flops_per_step"] / peak / 1e3 * scale
    out.append(f"<line x1='{place(limit):.1f}' y1='{TOP}' x2='{place(limit):.1f}' y2='{bottom}' stroke='#2a7a3b' stroke-dasharray='4 3'/>")
    out.append(text(16, bottom + 46, f"Dashed: the step's multiply-adds at the core's peak, {peak:.0f} GFLOP/s, measured in the same run: {limit:.3g} {unit}", more="fill='#2a7a3b'"))
    return "\n".join([*out, "</svg>", ""])
