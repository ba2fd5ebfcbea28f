"""From seconds to a table, JSON and a chart."""
import json
import statistics

import chart
import machine
from tools import Failed, command
from workloads import root


def spread(values):
    low, _, high = statistics.quantiles(values, n=4)
    return {"median_us": round(1e6 * statistics.median(values), 2), "quartiles_us": [round(1e6 * low, 2), round(1e6 * high, 2)]}


def row(workload, peer, seconds, limits):
    ours, theirs = seconds["Burin"], seconds[peer.label]
    of_peak = statistics.median(workload.flops / s / 1e9 / peak for s, peak in zip(theirs, limits.peaks()))
    return {
        "peer": peer.label,
        **spread(theirs),
        "burin_takes": round(statistics.median(o / t for o, t in zip(ours, theirs)), 3),  # of this peer's time, within a round
        "gflops": round(statistics.median(workload.flops / s / 1e9 for s in theirs), 1),
        "of_peak": round(of_peak, 3),
        "all_us": [round(1e6 * s, 2) for s in theirs],
    }


def commit():
    try:
        changed = command(["git", "-C", root, "status", "--porcelain", "--", "compiler", "dialects", "runtime", "bench", ":!bench/results"]).strip()
        return command(["git", "-C", root, "rev-parse", "--short", "HEAD"]).strip() + (" and changes" if changed else "")
    except (Failed, OSError):
        return "unknown"


def results(workload, able, missing, seconds, limits):
    burin = able[0]
    return {
        "workload": workload.title,
        "commit": commit(),
        "machine": machine.described(),
        "limits": limits.medians(),
        "versions": {peer.name: peer.version for peer in able if hasattr(peer, "version")},
        "flops_per_step": workload.flops,
        "losses_of_two_epochs": {peer.label: peer.losses for peer in able},
        "steps": [row(workload, peer, seconds, limits) for peer in able],
        "missing": missing,
        "burin": {
            **burin.facts,
            "epochs": workload.epochs,
            "step_in_first_epoch": spread(burin.early),
            "step_in_last_epoch": spread(burin.late),
            "last_takes_of_first": round(statistics.median(late / early for early, late in zip(burin.early, burin.late)), 3),
        },
        "compile_seconds": {peer.label: peer.facts["compile_seconds"] for peer in able if "compile_seconds" in peer.facts},
    }


def show(found):
    print(f"\n{found['workload'] + ', one core':42} {'median µs':>10} {'quartiles':>20} {'GFLOP/s':>8} {'of peak':>8} {'burin takes':>12}")
    for r in found["steps"]:
        low, high = r["quartiles_us"]
        quartiles = f"{low:.1f} to {high:.1f}"
        print(f"{r['peer']:42} {r['median_us']:10.1f} {quartiles:>20} {r['gflops']:8.1f} {r['of_peak']:8.1%} {r['burin_takes']:10.2f} x")
    for r in found["missing"]:
        print(f"{r['peer']:42} not measured: {r['missing']}")
    limits, burin = found["limits"], found["burin"]
    print("limits of the core: " + ", ".join(f"{value:.0f} GFLOP/s at {width}" for width, value in limits["gflops"].items()))
    print("reads, GB/s: " + ", ".join(f"{value['read']:.0f} in {size}" for size, value in limits["gigabytes_per_second"].items()))
    early, late = burin["step_in_first_epoch"]["median_us"], burin["step_in_last_epoch"]["median_us"]
    print(f"burin: a step takes {early:.1f} µs in epoch 1, {late:.1f} µs in epoch {burin['epochs']}, {burin['last_takes_of_first']:.2f} x within a run; "
          f"compiled in {burin['compile_seconds']} s to {burin['executable_bytes']} bytes")


def write(found, folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    (folder / f"{name}.svg").write_text(chart.bars(found))
