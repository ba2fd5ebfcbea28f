"""The machine: what it is, and what one core of it can do."""
import json
import pathlib
import platform
import re
import statistics

from tools import command, on_core


class Limits:
    """Multiply-adds and bandwidth of the core, measured once each round (bench/limits.c)."""

    def __init__(self, scratch):
        self.program, self.rounds = scratch / "limits", []
        command(["gcc", "-O3", pathlib.Path(__file__).parent / "limits.c", "-o", self.program])

    def measure(self, core):
        self.rounds.append(json.loads(on_core(core, [self.program])))

    def peaks(self):
        """GFLOP/s of the widest vectors, round by round."""
        return [max(found["gflops"].values()) for found in self.rounds]

    def medians(self):
        """All figures, as the program names them."""
        first = self.rounds[0]
        middle = lambda *keys: round(statistics.median(self.at(found, keys) for found in self.rounds), 1)
        bandwidth = {size: {kind: middle("gigabytes_per_second", size, kind) for kind in row} for size, row in first["gigabytes_per_second"].items()}
        return {"gflops": {width: middle("gflops", width) for width in first["gflops"]}, "gigabytes_per_second": bandwidth}

    @staticmethod
    def at(found, keys):
        for key in keys:
            found = found[key]
        return found


def described():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    processor = {key: re.search(rf"^{key}\s*: (.*)$", text, re.M)[1] for key in ("model name", "cpu family", "model")}
    flags = re.search(r"^flags\s*: (.*)$", text, re.M)[1].split()
    return processor | {"vectors": [f for f in ("avx2", "avx512f", "amx_tile") if f in flags], "system": platform.platform()}
