"""Every op has its test, its derivative's decision, its evaluation and its documentation; every constraint's label stands in the records or
Burin.md, in the verifier's message and in a test.

RUN: %python %s
"""
import re
import sys

import operation_needs as needs


def labels():
    """(documented, in messages, tested)"""
    folder = needs.ROOT / "dialects" / "Burin"
    documents = "".join(path.read_text() for path in [*folder.glob("*.td"), folder / "Burin.md"])
    listed = re.findall(r"\[(?:labels?:)?((?:[ ,]*[a-z]+_[a-z_]+)+)\]", documents)
    documented = {label for group in listed for label in re.findall(r"[a-z]+(?:_[a-z]+)+", group)}
    strings = [text for source in needs.sources("dialects/Burin").values() for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', source)]
    raised = {label for text in strings for label in re.findall(needs.LABEL, text)}
    raised |= documented & set(strings)  # handed to what reports them
    tests = (path.read_text() for path in needs.TESTS.parent.rglob("*.mlir"))
    tested = {label for text in tests for line in re.findall(r"expected-error.*", text) for label in re.findall(needs.LABEL, line)}
    return documented, raised, tested


def faults():
    table = needs.records()
    operations = needs.operations(table)
    for name, record in sorted(operations.items()):
        for lack in needs.missing(table, name, record):
            yield f"burin.{name} lacks {lack}"
    for test in sorted(needs.TESTS.glob("*.mlir")):
        if test.stem not in operations:
            yield f"{test.relative_to(needs.ROOT)} is the test of no operation"
    documented, raised, tested = labels()
    for label in sorted(raised - documented):
        yield f"the verifiers say [{label}], which no record nor Burin.md explains"
    for label in sorted(documented - raised - {"maybe_unused"}):
        yield f"[{label}] is documented, and no verifier says it"
    for label in sorted(raised - tested):
        yield f"no test under test/Dialect makes a verifier say [{label}]"


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found))
    sys.exit(1 if found else 0)
