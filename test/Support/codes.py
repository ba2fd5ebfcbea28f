"""Every code that Syntax and Sema report stands in a test of theirs, and none is used by both.

RUN: %python %s %root
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])


def codes(folder, pattern):
    return {c for path in (root / folder).rglob("*.*") for c in re.findall(pattern, path.read_text())}


syntax, sema = (codes(f"compiler/{stage}", r'"([EW]\d{4})"') for stage in ("Syntax", "Sema"))
tested = codes("test/Syntax", r"[EW]\d{4}") | codes("test/Sema", r"[EW]\d{4}")
assert len(syntax) > 10 and len(sema) > 20, "codes are not found where they are reported"
assert not syntax & sema, f"of two stages: {sorted(syntax & sema)}"
missing = (syntax | sema) - tested - {"E0599"}  # a mistake of the compiler: no program that is known brings it about
assert not missing, f"without a test: {sorted(missing)}"
