"""The calls that code generation declares are those of runtime/abi.def, with its types.

RUN: mkdir -p %t && cd %t
RUN: %burin build %root/examples/digits/digits.burin --emit=llvm -o %t/digits.ll
RUN: %burin build %root/bench/perceptron/step.burin --emit=llvm -o %t/perceptron.ll
RUN: %burin build %root/test/EndToEnd/Inputs/resume.burin --emit=llvm -o %t/resume.ll
RUN: echo 'task t(n: int) { assert n < 3 }' > %t/assert.burin
RUN: %burin build %t/assert.burin --emit=llvm -o %t/assert.ll
RUN: %burin build %root/bench/perceptron/step.burin --check=nan --emit=llvm -o %t/watched.ll
RUN: echo 'task t(x: f32) { state y: f32 = x; while y > 1 max 5 { y <- y / 2 }; record y = y }' > %t/while.burin
RUN: %burin build %t/while.burin --emit=llvm -o %t/while.ll
RUN: echo 'task t(x: f32) { save x to "x.npy" }' > %t/write.burin
RUN: %burin build %t/write.burin --emit=llvm -o %t/write.ll
RUN: %python %s %root %t/write.ll %t/digits.ll %t/while.ll %t/perceptron.ll %t/resume.ll %t/assert.ll %t/watched.ll
"""
import pathlib
import re
import sys

root, modules = pathlib.Path(sys.argv[1]), "".join(pathlib.Path(path).read_text() for path in sys.argv[2:])
kinds = {"int64_t": "i64", "uint32_t": "i32", "double": "double", "void": "void", "burin_kernel": "ptr"}
kind = lambda text: "ptr" if "*" in text else next(k for name, k in kinds.items() if re.search(rf"\b{name}\b", text))
defined = {}
for result, name, parameters in re.findall(r"^BURIN_CALL\((.*?), (\w+), \((.*)\)\)$", (root / "runtime/abi.def").read_text(), re.M):
    defined[name] = (kind(result), tuple(kind(p) for p in parameters.split(",")))

declared = {}
for result, name, parameters in re.findall(r"^declare (?:noundef )?(\w+) @(burin_\w+)\((.*)\)", modules, re.M):
    declared[name] = (result, tuple(p.split()[0] for p in parameters.split(",")))
readers = {name: declared.pop(name) for name in list(declared) if name.startswith("burin_read_")}  # named by the tables, and called by the runtime
assert readers == {"burin_read_csv": ("i32", ("ptr", "i32", "i64", "ptr"))}, readers
assert declared == defined, (declared, defined)
