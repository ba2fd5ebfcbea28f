"""Texts that are far too deep, long or wrong. For each, one line: its name, exit status, number of errors, and the first error."""
import os
import re
import resource
import subprocess
import sys

burin, folder = sys.argv[1:]
n = 100_000


def task(body):
    return "task t() {\n" + body + "\n}\n"


texts = {
    "parentheses": "let x = " + "(" * n + "1" + ")" * n + "\n",
    "parentheses_open": "let x = " + "(" * n,
    "parentheses_closing": ")" * n,
    "braces": task("if true {" * n + "}" * n),
    "braces_open": "task t() " + "{" * n,
    "lists": task("let x = " + "[" * n + "]" * n),
    "else_if": task("if true {1} " + "else if true {1} " * n),
    "if_then": task("let a = " + "if true then 1 else " * n + "1"),
    "minus": task("let a = " + "-" * n + "1"),
    "not": task("let a = " + "not " * n + "true"),
    "power": task("let a = " + "2^" * n + "1"),
    "plus": task("let a = " + "1+" * n + "1"),
    "calls": task("let a = f" + "()" * n),
    "members": task("let a = f" + ".x" * n),
    "indices": task("let a = f" + "[0]" * n),
    "calls_in_calls": task("let a = " + "f(" * n + ")" * n),
    "sums_in_calls": task("let a = " + ("1+" * 900 + "f(") * 150 + "1" + ")" * 150),
    "sums_in_branches": task("let a = " + ("1+" * 900 + "(if true {") * 90 + "1" + "} else {1})" * 90),
    "sums_in_loops": task(("1+" * 900 + "(for i in 0..2 {") * 60 + "1" + "})" * 60),
    "extents": "fn f(x: f32[a:" + "1+" * n + "1]) = x\n",
    "reductions": task("let a = " + "sum[i] " * n + "1"),
    "empty_reductions": task("let a = " + "sum[] " * n + "1"),
    "gradients": task("grad(over: x) {" * n + "}" * n),
    "directions": task("jvp(over: x, along: v) {" * (n // 2) + "}" * (n // 2)),
    "minimizes": task("minimize {" * n + "} over x with y" * n),
    "sums_in_data": 'data d = csv("x") { a: f32 = ' + "1+" * n + "1 }\n",
    "sums_in_parts": 'data d = csv("x") split (a: ' + "1+" * n + "1)\n",
    "sums_in_models": "model M { let a = " + "1+" * n + "1 }\n",
    "extents_in_structs": "struct S { a: f32[x:" + "1+" * n + "1] }\n",
    "types": "fn f(x: " + "(a: " * n + "f32" + ")" * n + ") = x\n",
    "axes": "fn f(x: f32[" + "(" * n + "a" + ")" * n + "]) = x\n",
    "pattern": task("let " + "(" * n + "a" + ")" * n + " = 1"),
    "blank_lines_before_operator": task("let a = 1" + "\n" * 2_000_000 + "+ 2"),
    "blank_lines_in_block": task("\n" * 2_000_000 + "let a = 1"),
    "comments": task("# x\n" * 500_000 + "let a = 1"),
    "statements": "a\n" * 2_000_000,
    "number": task("let a = " + "1" * 5_000_000),
    "exponent": task("let a = 1e999999999999999999999"),
    "names": task("let " + "a" * 5_000_000 + " = 1"),
    "primes": task("let a = a" + "'" * n),
    "all_bytes": bytes(range(256)) * 100,
    "zeros": bytes(1000),
    "latin1": "# caf\xe9\n".encode("latin-1"),
    "errors": "".join(f"task t{i}() {{ let x = }}\n" for i in range(500)),
    "million_errors": "?\n" * 1_000_000,
    "million_characters": "\u20ac " * 1_000_010,
    "words_in_parentheses": "let a = (" + "a " * 1_000_010,
    "no_block": "task t()",
    "million_lines": "let = 1\n" * 1_000_000,
    "unknown_names": task("".join(f"  let a{i} = missing{i}\n" for i in range(160_000))),
    "errors_in_a_line": task("let a = nope; " * 160_000),
    "long_line": task("let a = \"" + "x" * 10_000_000 + "\" + nope"),
    "long_line_of_letters": task("let a = \"" + "\u00e4" * 5_000_000 + "\" + nope"),
    "long_line_of_blanks": task(" " * 10_000_000 + "let a = nope"),
    "long_line_of_braces": task("{}" * 450_000),
    "values_below": "".join(f"let a{i} = a{i + 1}\n" for i in range(100_000)) + "let a100000 = 1\n" + task("record x = a0"),
    "values_doubled": "state a0: f32 = 1\n" + "".join(f"let a{i + 1} = a{i} + a{i}\n" for i in range(90)) + task("record x = a90"),
    "calls_doubled": "fn a0() -> f32 = 1\n" + "".join(f"fn a{i + 1}() -> f32 = a{i}() + a{i}()\n" for i in range(90)) + task("record x = a90()"),
    "calls_in_a_row": "fn a0() -> f32 = 1\n" + "".join(f"fn a{i + 1}() -> f32 = a{i}()\ntask t{i}() {{ record x = a{i + 1}() }}\n" for i in range(1000)),
    "empty": "",
}
for name, text in texts.items():
    path = f"{folder}/{name}.burin"
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    run = subprocess.run([burin, "check", path], capture_output=True, timeout=60)
    out = run.stderr.decode()  # what is printed is UTF-8, whatever was read
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", out), name
    assert max(map(len, out.splitlines()), default=0) < 400, name
    errors = re.findall(r"^error\[(E\d+)\]: (.*)\n *--> .*?:(\d+:\d+)$", out, re.M)
    print(f"{name}:", f"exit {run.returncode},", f"{len(errors)} errors", *(f"{c} {place} {message}" for c, message, place in errors[:1]), sep=" ")
    if "more errors" in out:
        print(f"{name}:", out.splitlines()[-1])
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
watched = "-fsanitize" in os.environ.get("BURIN_CC", "")  # which keeps what is freed, and shadows of all
assert most < (1_400_000 if watched else 700_000), f"{most} kB of memory were needed"
