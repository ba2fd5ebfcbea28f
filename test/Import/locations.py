# Every operation comes from somewhere in the source, at every stage: else errors, profiles and debuggers have nothing to show. Constants
# are shared by all that use them, so those that were merged have no place of their own.
# RUN: %python %s %burin %root/examples/digits/digits.burin %root/test/Import/statements.burin %root/test/EndToEnd/deep.burin %root/test/EndToEnd/numbers.burin
import re
import subprocess
import sys

burin, *sources = sys.argv[1:]
for source in sources:
    for stage in ("graph", "grad", "kernels", "loops"):
        ir = subprocess.run([burin, "build", source, f"--emit={stage}", "--locations"], check=True, capture_output=True, text=True).stdout
        unknown = set(re.findall(r"^(#\w+) = loc\(unknown\)", ir, re.M)) | {"unknown"}
        placed = 0
        for line in ir.splitlines():
            if line.startswith("#") or not (place := re.search(r" loc\(([^()]+|\"[^\"]*\":\d+:\d+)\)$", line)):
                continue
            constant = re.search(r"= \"?(burin|arith|llvm\.mlir)\.constant|llvm\.mlir\.constant", line)
            assert place[1] not in unknown or constant and stage != "graph", f"{source}, {stage}: {line.strip()[:200]}"
            placed += 1
        assert placed > 20, f"{source}, {stage}: {placed} operations have a location"
        assert re.search(r"loc\(\"[^\"]*" + re.escape(source.split("/")[-1]) + r"\":\d+:\d+\)", ir), f"{source}, {stage}: nothing names the file"
