# Every value that an operation's test expects, computed by machine code too: without and with optimisation.
# RUN: %python %s %burin %root %t
import pathlib, re, subprocess, sys

burin, root, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
failed, ran = [], 0
for test in sorted((root / "test/Dialect/Burin").glob("*.mlir")):
    for number, part in enumerate(re.split(r"^// -----.*$", test.read_text(), flags=re.M)):
        tasks = re.findall(r"task\.task @(\w+)\(%\w+: !burin\.tensor<i64>\)", part)
        if "task.expect" not in part or "expected-error" in part:
            continue
        source = folder / f"{test.stem}-{number}.mlir"
        source.write_text(part)
        for level in ("-O0", "-O2"):
            program = folder / f"{test.stem}-{number}{level}"
            built = subprocess.run([burin, "build", source, level, "-o", program], capture_output=True, text=True)
            if built.returncode:
                failed.append(f"{source.name} {level}: {built.stderr.strip()[:300]}")
                continue
            for task in tasks:
                done = subprocess.run([program, task, "--poison"], capture_output=True, text=True)
                ran += 1
                if done.returncode:
                    failed.append(f"{source.name} {level} {task}: exit {done.returncode} {done.stderr.strip()[:300]}")
assert ran > 100, f"only {ran} tasks were found"
assert not failed, f"{len(failed)} of {ran}:\n" + "\n".join(failed)
