"""`./x bench [workload ...] [--rounds N] [--without PEER]`: training steps of Burin beside its peers, in one run. bench/README.md says how."""
import argparse
import dataclasses
import os
import pathlib
import subprocess
import sys

import machine
import report
import threads
from peers import Burin, peers
from tools import Failed
from workloads import root, workloads, write_data, write_inputs


@dataclasses.dataclass
class Folders:
    build: pathlib.Path
    name: str

    def __post_init__(self):
        self.environments = self.build / "bench"  # of peers, shared by workloads
        self.scratch = self.build / "bench" / "work" / self.name
        self.burin = self.scratch / "burin"  # where Burin's program runs
        self.work = self.scratch / "inputs"  # what the peers read
        self.scratch.mkdir(parents=True, exist_ok=True)


def ready(workload, folders, without, core):
    """The peers that can run, Burin first, and why the others can't."""
    write_data(workload, folders.burin)
    able, missing = [], []
    for kind in peers:
        peer = kind()
        if peer.name in without:
            missing.append({"peer": peer.label, "missing": "left out by --without"})
            continue
        try:
            peer.prepare(workload, folders)
            if kind is Burin:
                write_inputs(workload, folders.burin, folders.work)
            peer.losses = peer.run(core, 2)[1]
            able.append(peer)
        except (Failed, OSError, subprocess.SubprocessError) as failure:
            if kind is Burin:
                raise
            print(f"bench: {peer.label} can't be measured: {failure}", file=sys.stderr)
            missing.append({"peer": peer.label, "missing": str(failure).strip().splitlines()[-1][:200]})
    return able, missing


def check(able):
    """Before anything is timed: the same mean losses from all, in the first epoch and in the second."""
    expected = able[0].losses
    for peer in able:
        for epoch, tolerance in ((0, 1e-4), (1, 1e-2)):  # they round in other orders, and training amplifies that
            if not abs(peer.losses[epoch] - expected[epoch]) <= tolerance * abs(expected[epoch]):
                raise Failed(f"{peer.label} does other work than Burin: mean loss {peer.losses[epoch]} in epoch {epoch + 1}, not {expected[epoch]}")


def measure(workload, able, core, rounds, limits):
    """Seconds of a step by label: one run of each in every round, in turn, with the machine's limits measured in the same round."""
    seconds = {peer.label: [] for peer in able}
    for number in range(rounds):
        print(f"\r{workload.name}: round {number + 1}/{rounds} ", end="", file=sys.stderr, flush=True)
        limits.measure(core)
        for peer in able:
            seconds[peer.label].append(peer.run(core, workload.epochs)[0])
    print(file=sys.stderr)
    return seconds


def bench(workload, options):
    folders = Folders(options.build, workload.name)
    core = max(os.sched_getaffinity(0))
    able, missing = ready(workload, folders, options.without, core)
    check(able)
    limits = machine.Limits(folders.scratch)
    able[0].early, able[0].late = [], []
    seconds = measure(workload, able, core, options.rounds, limits)
    results = report.results(workload, able, missing, seconds, limits)
    report.show(results)
    report.write(results, options.out or root / "bench" / "results", workload.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="workload", help=f"of {', '.join(workloads)}, threads; all if none is named")
    parser.add_argument("--build", type=pathlib.Path, default=root / "build", help="where the compiler was built")
    parser.add_argument("--out", type=pathlib.Path, help="where results go in place of bench/results")
    parser.add_argument("--rounds", type=int, default=9, help="at least 2; 9 if not given")
    parser.add_argument("--without", action="append", default=[], choices=[kind.name for kind in peers[1:]])
    parser.add_argument("--realtime", action="store_true", help="threads: before all other programs of the machine (SCHED_FIFO, needs the right to)")
    options = parser.parse_args()
    known = [*workloads, "threads"]
    for name in options.workloads:
        if name not in known:
            parser.error(f"there is no workload `{name}`: {', '.join(known)}")
    if options.rounds < 2:
        parser.error("--rounds: at least 2, for a spread")
    try:
        for name in options.workloads or known:
            if name == "threads":
                threads.bench(options)
            else:
                bench(workloads[name], options)
    except Failed as failure:
        sys.exit(f"bench: {failure}")


if __name__ == "__main__":
    main()
