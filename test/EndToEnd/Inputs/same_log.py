"""Two logs record the same things at the same places, and the same values but for rounding."""
import json
import math
import sys

first, second = ([json.loads(line) for line in open(path)] for path in sys.argv[1:])
assert len(first) == len(second) > 0, (len(first), len(second))
for a, b in zip(first, second):
    assert (a["name"], a.get("at")) == (b["name"], b.get("at")), (a, b)
    assert math.isclose(a["value"], b["value"], rel_tol=1e-4), (a, b)
