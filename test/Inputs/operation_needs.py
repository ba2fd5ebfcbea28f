"""What an operation of the burin dialect needs besides its record, read from the records themselves (llvm-tblgen's JSON)."""
import json
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LLVM = pathlib.Path(os.environ.get("LLVM_PREFIX", "/usr/lib/llvm-22"))
TESTS = ROOT / "test" / "Dialect" / "Burin"
LABEL = r"\[([a-z]+(?:_[a-z]+)+)\]"  # a constraint's name, where a person reads it


def sources(*folders):
    return {path: path.read_text() for folder in folders for path in sorted((ROOT / folder).rglob("*.cpp"))}


def records():
    command = [LLVM / "bin" / "llvm-tblgen", "--dump-json", "-I", ROOT, "-I", LLVM / "include", ROOT / "dialects/Burin/Burin.td"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def operations(table):
    """mnemonic -> record, of every op of the dialect"""
    found = (table[name] for name in table["!instanceof"]["Op"])
    return {record["opName"]: record for record in found if record["opDialect"]["def"] == "Burin_Dialect"}


def traits(table, record):
    each = [table[trait["def"]] for trait in record["traits"]]
    return {trait.get("cppInterfaceName") or trait["!name"] for trait in each}


def documented():
    """Mnemonics that Burin.md writes in code quotes, alone or among others."""
    text = (ROOT / "dialects" / "Burin" / "Burin.md").read_text()
    return {word for quote in re.findall(r"`([^`]+)`", text) for word in re.findall(r"[a-z]+(?:_[a-z]+)*", quote)}


def decides_derivative(table, name, record):
    """A rule, a declaration that there is none, or, for loops and scopes, Differentiate's own care."""
    if traits(table, record) & {"DifferentiableOpInterface", "NonDifferentiable"}:
        return True
    return "Control.td" in str(record["!locs"]) and any(re.search(rf"\b{record['!name']}\b", text) for text in sources("compiler/Differentiate").values())


def missing(table, name, record):
    """What is not there yet, in words."""
    lacks = []
    test = TESTS / f"{name}.mlir"
    text = test.read_text() if test.exists() else ""
    code = re.sub(r"//.*", "", text)
    if not decides_derivative(table, name, record):
        lacks.append("a derivative: a rule (DifferentiableOpInterface) or a declaration that there is none (NonDifferentiable)")
    if name not in documented():
        lacks.append("its row in dialects/Burin/Burin.md")
    if "Terminator" in traits(table, record):
        return lacks  # tested in the operations that it ends
    if "Control.td" not in str(record["!locs"]) and not traits(table, record) & {"PointwiseOpInterface", "CostOpInterface", "NoArithmetic"}:
        lacks.append("what it costs: its arithmetic (CostOpInterface, dialects/Burin/Costs.cpp) or a declaration that it has none (NoArithmetic)")
    if "GeneratableOpInterface" not in traits(table, record):
        lacks.append("random instances of itself (GeneratableOpInterface): a few lines in dialects/Burin/Generate.cpp")
    if not text:
        return [*lacks, f"its test, {test.relative_to(ROOT)}"]
    if f"burin.{name} " not in code and f"burin.{name}\n" not in code:
        lacks.append(f"its use in {test.name}")
    if "task.expect" not in code or not re.search(r"RUN:.*--interpret\b", text):
        lacks.append(f"an evaluation: a task with `task.expect` in {test.name}, run with --interpret")
    if not re.search(r"RUN:.*compiled\.py %s", text):
        lacks.append(f"machine code: `RUN: %python %S/Inputs/compiled.py %s %t.program` in {test.name}")
    if "DifferentiableOpInterface" in traits(table, record) and "burin.grad" not in code:
        lacks.append(f"its gradient's numbers: `burin.grad` around it in {test.name}")
    if record["hasVerifier"] and "expected-error" not in text:
        lacks.append(f"what its verifier refuses: `expected-error` in {test.name}")
    return lacks
