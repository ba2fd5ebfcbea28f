"""Axis names are exchanged one at a time in programs: what is still accepted is looked at. A mutant may pass only where its meaning is another one that can be
meant: a reduction over another axis that is there, or another declaration of what comes from outside (an option's or a field's type, how many rows
come at a time), of which only the user knows which is right; or where it means the same. Everything else has to be refused.

RUN: rm -rf %t && mkdir -p %t
RUN: %python %s %root %burin %t
"""
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

root, burin, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
PROGRAMS = ["examples/digits/digits.burin", "test/Sema/Inputs/mutations/attention.burin", "test/Sema/Inputs/mutations/policy.burin"]
TOKEN = re.compile(r'"[^"\n]*"|#[^\n]*|[A-Za-z_]\w*\'*|\S')


def heads(text):
    """Spans of what comes from outside: the options of tasks, the fields of data, and how many rows come at a time."""
    spans = [m.span(1) for m in re.finditer(r"^task \w+\(([^{]*?)\)(?: ->[^{]*)? \{", text, re.M)]
    spans += [m.span(1) for m in re.finditer(r"\.batches\[(\w+)\]", text)]
    spans += [m.span(1) for m in re.finditer(r"^data [^{]*\{(.*?)^\}", text, re.M | re.S)]
    return spans


def reduced(text, start):
    """Whether the name stands where a reduction says over what it goes."""
    before = text[:start]
    return bool(re.search(r"over: (\((\w+'?, )*)?$", before) or re.search(r"\b(sum|max|min|mean|argmax|logsumexp)\[(\w+: \w+, )*\w+: $", before))


def typed(number, text):
    path = folder / f"{number}.burin"
    path.write_text(text)
    return subprocess.run([burin, "build", path.name, "--emit=typed"], cwd=folder, capture_output=True, text=True)


def mutants(text):
    sizes = re.findall(r"^dim (\w+)\s*= ", text, re.M)
    declared = {m.start(1) for m in re.finditer(r"^dim (\w+)", text, re.M)}
    for token in TOKEN.finditer(text):
        if token[0] not in sizes or token.start() in declared:
            continue
        for other in sizes:
            if other != token[0]:
                yield token.start(), token[0], other, text[: token.start()] + other + text[token.end() :]


def place(text, start):
    return f"{text[:start].count(chr(10)) + 1}:{start - text.rfind(chr(10), 0, start)}"


failures, summary = [], []
for program in PROGRAMS:
    text = (root / program).read_text()
    original = typed("original", text)
    assert original.returncode == 0, original.stderr
    tried = list(mutants(text))
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda entry: typed(entry[0], entry[1][3]), enumerate(tried)))
    counts = dict(refused=0, reduction=0, outside=0)
    for (start, name, other, mutant), run in zip(tried, runs):
        if run.returncode:
            assert re.search(r"^error\[E0[2-4]\d\d\]", run.stderr, re.M), run.stderr
            counts["refused"] += 1
        elif reduced(text, start):
            counts["reduction"] += 1
        elif any(a <= start < b for a, b in heads(text)):
            counts["outside"] += 1
        else:
            failures.append(f"{program}:{place(text, start)}: accepted with `{other}` in place of `{name}`")
    summary.append(f"{program}: {len(tried)} mutants, {counts}")
    if counts["refused"] < 0.9 * len(tried):
        failures.append(f"of {program} only {counts['refused']} of {len(tried)} mutants are refused")
print("\n".join(summary))
if failures:
    sys.exit("\n".join(failures))
