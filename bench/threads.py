"""What a second thread gains: the perceptron's training step on one thread and on two, in turn."""
import json
import os
import re
import resource
import statistics
import subprocess

import machine
from tools import Failed, command
from workloads import root, workloads, write_data

EPOCHS = 3
counts = (1, 2)


def run(program, folder, count, realtime):
    """Seconds of a step after the first epoch, and processor seconds of the whole run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    first = (lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))) if realtime else None
    try:
        text = command([program, "train", "--epochs", EPOCHS, "--threads", count, "--time", "--directory", folder], preexec_fn=first)
    except subprocess.SubprocessError as refused:
        raise Failed(f"--realtime: the system does not allow it: {refused}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = re.search(r"in the last (\S+)", text)
    if not found:
        raise Failed(f"burin: no time of a step:\n{text[-2000:]}")
    return float(found[1]), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, re.findall(r"loss (\S+)", text)


def spread(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return {"median": middle, "quartiles": [low, high], "best": min(values)}


def bench(options):
    if len(os.sched_getaffinity(0)) < max(counts):
        raise Failed(f"threads: {max(counts)} processors are wanted")
    workload = workloads["perceptron"]
    folder = options.build / "bench" / "work" / "threads"
    write_data(workload, folder)
    program = folder / "step"
    command([options.build / "bin" / "burin", "build", workload.program, "-o", program])
    runs = {count: [] for count in counts}
    for number in range(options.rounds):
        for count in counts:
            runs[count].append(run(program, folder, count, options.realtime))
        if runs[1][-1][2] != runs[2][-1][2]:
            raise Failed(f"threads: other losses in round {number + 1}: {runs[1][-1][2]} and {runs[2][-1][2]}")
    seconds = {count: [one[0] for one in runs[count]] for count in counts}
    ratios = [a / b for a, b in zip(seconds[1], seconds[2])]
    results = {
        "workload": workload.title,
        "machine": machine.described(),
        "realtime": options.realtime,
        "load": os.getloadavg()[0],
        "seconds_per_step": {count: spread(seconds[count]) | {"all": seconds[count]} for count in counts},
        "speed_up": spread(ratios) | {"of_bests": min(seconds[1]) / min(seconds[2])},
        "processor_seconds_ratio": statistics.median(b[1] / a[1] for a, b in zip(runs[1], runs[2])),
    }
    for count in counts:
        s = results["seconds_per_step"][count]
        print(f"{workload.title}, {count} thread{'s' * (count > 1)}: median {1e3 * s['median']:.2f} ms, quartiles {1e3 * s['quartiles'][0]:.2f} to {1e3 * s['quartiles'][1]:.2f}, best {1e3 * s['best']:.2f}")
    s = results["speed_up"]
    print(f"speed-up: median of rounds {s['median']:.2f}, quartiles {s['quartiles'][0]:.2f} to {s['quartiles'][1]:.2f}; of the best times {s['of_bests']:.2f}; load {results['load']:.1f}")
    out = options.out or root / "bench" / "results"
    out.mkdir(parents=True, exist_ok=True)
    (out / "threads.json").write_text(json.dumps(results, indent=1) + "\n")
