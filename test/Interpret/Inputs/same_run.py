"""Runs of one program agree: NAME.jsonl (records) and NAME.safetensors (weights), against the first name."""
import json
import struct
import sys

import numpy


def records(name):
    return [(r["name"], r["at"], r["value"]) for r in map(json.loads, open(name + ".jsonl"))]


def weights(name):
    data = open(name + ".safetensors", "rb").read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    return {
        k: numpy.frombuffer(data[8 + size :][slice(*v["data_offsets"])], "<f4").reshape(v["shape"])
        for k, v in header.items()
        if k != "__metadata__"
    }


first, *others = sys.argv[1:]
expected, expected_weights = records(first), weights(first)
assert len(expected) == 45 and len(expected_weights) == 4, (len(expected), list(expected_weights))
for name in others:
    for (a, at, x), (b, bt, y) in zip(expected, records(name), strict=True):
        assert (a, at) == (b, bt) and abs(x - y) <= 2e-6 * max(1, abs(x)), (name, a, at, x, y)
    found = weights(name)
    assert found.keys() == expected_weights.keys(), name
    for k, w in expected_weights.items():
        assert numpy.abs(w - found[k]).max() <= 2e-6, (name, k, numpy.abs(w - found[k]).max())
    assert any(numpy.any(w != 0) for w in found.values()), name
