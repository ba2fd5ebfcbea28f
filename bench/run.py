"""`./x bench [--rounds N] [--without PEER]`: the digits training step of Burin beside PyTorch, JAX and C, in one run.

Every round starts each of them once, in turn, on the same core, as a process of its own; what is compared are medians over the rounds. All train
64-128-10 with Adam on batches of 32, a new batch each step. The peers get the same weights and batches and must report the same loss; Burin's draws
are its own (test/EndToEnd/check_curve.py holds its numbers to account).
"""
import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parent.parent
digits = root / "bench" / "digits"
sys.path.insert(0, str(digits))

EPOCHS = 101  # the first is warm-up


def command(arguments, **more):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, arguments))} failed\n{done.stdout}{done.stderr}")
    return done.stdout


def environment(folder, package):
    """A virtual environment with one package from PyPI; made once."""
    place = folder / package
    if not (place / "installed").exists():
        print(f"bench: installing {package} from PyPI into {place} (once; minutes)", flush=True)
        command(["/usr/bin/python3", "-m", "venv", place])
        command([place / "bin" / "pip", "install", "-q", package, "numpy"])
        (place / "installed").write_text(command([place / "bin" / "pip", "show", package]).splitlines()[1].split()[1])
    return place / "bin" / "python", (place / "installed").read_text()


def pinned(core):
    return lambda: os.sched_setaffinity(0, {core})


class Peer:
    """Runs a program that prints {"seconds_per_step", "early_loss"}."""

    def __init__(self, label, arguments):
        self.label, self.arguments, self.seconds, self.loss = label, arguments, [], None

    def measure(self, core):
        environ = dict(os.environ, OMP_NUM_THREADS="1", JAX_PLATFORMS="cpu", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false")
        result = json.loads(command(self.arguments, env=environ, preexec_fn=pinned(core)).splitlines()[-1])
        self.seconds.append(result["seconds_per_step"])
        self.loss = result["early_loss"]


class Burin(Peer):
    """The compiled trainer; its own `--time` prints `steps N, seconds per step S`."""

    def measure(self, core):
        found = re.search(r"steps (\d+), seconds per step (\S+)", command(self.arguments, preexec_fn=pinned(core)))
        if not found:
            sys.exit("bench: the trainer printed no time")
        assert int(found[1]) == EPOCHS * self.per_epoch, f"{found[1]} steps where {EPOCHS * self.per_epoch} were asked for"
        self.seconds.append(float(found[2]))


def burin(build, scratch, per_epoch):
    program = scratch / "step"
    start = time.monotonic()
    command([build / "bin" / "burin", "build", digits / "step.burin", "-o", program])
    peer = Burin("burin", [program, "train", "--epochs", EPOCHS, "--time", "--directory", root / "examples" / "digits"])
    peer.per_epoch = per_epoch
    facts = {"compile_seconds": round(time.monotonic() - start, 3), "executable_bytes": program.stat().st_size}
    return peer, facts


def peers(build, scratch, without, per_epoch):
    work, warm_up = scratch / "work", per_epoch
    folder, versions, chosen = build / "bench", {}, []
    if "c" not in without:
        command(["gcc", "-O3", "-march=native", "-ffast-math", digits / "step.c", "-o", scratch / "step_c", "-lm"])
        chosen.append(Peer("C, gcc -O3 -march=native -ffast-math", [scratch / "step_c", work, warm_up]))
        versions["gcc"] = command(["gcc", "-dumpfullversion"]).strip()
    if "jax" not in without:
        python, versions["jax"] = environment(folder, "jax")
        chosen.append(Peer("JAX, jit of a step, donated", [python, digits / "step_jax.py", work, warm_up]))
        chosen.append(Peer("JAX, scan over an epoch", [python, digits / "step_jax.py", work, warm_up, "scan"]))
    if "torch" not in without:
        python, versions["torch"] = environment(folder, "torch")
        chosen.append(Peer("PyTorch, eager", [python, digits / "step_torch.py", work, warm_up]))
    return chosen, versions


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    return {key: re.search(rf"^{key}\s*: (.*)$", text, re.M)[1] for key in ("model name", "cpu family", "model")}


def summary(peer, ours):
    quarters = statistics.quantiles(peer.seconds, n=4)
    return {
        "peer": peer.label,
        "median_us": round(1e6 * statistics.median(peer.seconds), 2),
        "quartiles_us": [round(1e6 * quarters[0], 2), round(1e6 * quarters[2], 2)],
        "all_us": [round(1e6 * s, 2) for s in peer.seconds],
        "times_burin": round(statistics.median(t / o for t, o in zip(peer.seconds, ours.seconds)), 2),
    }


def show(table):
    print(f"\n{'one training step, one core':40} {'median µs':>10} {'quartiles':>18} {'× burin':>8}")
    for row in table:
        low, high = row["quartiles_us"]
        print(f"{row['peer']:40} {row['median_us']:10.1f} {f'{low:.1f} to {high:.1f}':>18} {row['times_burin']:8.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=root / "build")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--without", action="append", default=[], choices=["c", "jax", "torch"])
    options = parser.parse_args()
    import work

    scratch = options.build / "bench" / "digits"
    scratch.mkdir(parents=True, exist_ok=True)
    per_epoch = work.write(scratch / "work", root / "examples" / "digits" / "data" / "digits.csv", EPOCHS)
    ours, facts = burin(options.build, scratch, per_epoch)
    others, versions = peers(options.build, scratch, options.without, per_epoch)
    core = max(os.sched_getaffinity(0))
    for number in range(options.rounds):
        print(f"\rround {number + 1}/{options.rounds}", end="", flush=True)
        for peer in [ours, *others]:
            peer.measure(core)
    losses = [peer.loss for peer in others]
    if losses and max(losses) - min(losses) > 1e-4 * max(losses):
        sys.exit(f"bench: the peers do not do the same work: losses {losses}")
    table = [summary(peer, ours) for peer in [ours, *others]]
    show(table)
    print(f"burin compiles it in {facts['compile_seconds']} s to {facts['executable_bytes']} bytes")
    commit = command(["git", "-C", root, "rev-parse", "--short", "HEAD"]).strip()
    results = {"commit": commit, "processor": processor(), "system": platform.platform(), "versions": versions, "burin": facts, "steps": table}
    (root / "bench" / "results").mkdir(exist_ok=True)
    (root / "bench" / "results" / "digits.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
