"""Who is measured. A peer is made ready once for a workload, then answers with a command; `read` finds its figures in what the command prints."""
import json
import re
import time

from tools import Failed, command, environment, on_core
from workloads import root

scripts = root / "bench" / "mlp"


class Peer:
    """`label` stands in reports; `arguments(epochs)` is the command; `versions` and `facts` are for the results."""

    name = label = ""

    def prepare(self, workload, folders):
        """Makes what the command needs, in `folders.scratch`; raises Failed."""
        self.workload, self.folders, self.facts = workload, folders, {}

    def run(self, core, epochs):
        """Seconds of a step after the first epoch, and the mean losses of the first and the last epoch."""
        found = json.loads(on_core(core, self.arguments(epochs)).splitlines()[-1])
        return found["seconds_per_step"], found["losses"]


class Burin(Peer):
    name, label = "burin", "Burin"

    def prepare(self, workload, folders):
        super().prepare(workload, folders)
        self.program = folders.burin / "step"
        begin = time.monotonic()
        command([folders.build / "bin" / "burin", "build", workload.program, "-o", self.program])
        self.facts = {"compile_seconds": round(time.monotonic() - begin, 3), "executable_bytes": self.program.stat().st_size}
        self.early, self.late = [], []  # seconds of a step in the first and the last epoch of a run
        command([self.program, "start", "--directory", folders.burin])

    def arguments(self, epochs):
        return [self.program, "train", "--epochs", epochs, "--time", "--directory", self.folders.burin]

    def run(self, core, epochs):
        text = on_core(core, self.arguments(epochs))
        found = re.search(r"steps (\d+), seconds per step (\S+); in the first .* loop (\S+), in the last (\S+)", text)
        losses = re.findall(r"^epoch .* loss (\S+)$", text, re.M)
        if not found or int(found[1]) != epochs * self.workload.steps_per_epoch or len(losses) != epochs:
            raise Failed(f"burin: not {epochs} epochs of {self.workload.steps_per_epoch} steps:\n{text[-2000:]}")
        self.early.append(float(found[3]))
        self.late.append(float(found[4]))
        return float(found[2]), [float(losses[0]), float(losses[-1])]


class C(Peer):
    name, label = "c", "C, gcc -O3 -march=native -ffast-math"

    def prepare(self, workload, folders):
        super().prepare(workload, folders)
        layers = workload.layers
        sizes = {"BATCH": workload.batch}
        if workload.peers == "mlp":
            sizes |= {"INPUTS": layers[0], "HIDDEN": layers[1], "CLASSES": layers[-1], "LAYERS": len(layers) - 2}
        self.program = folders.scratch / "step_c"
        flags = [f"-D{name}={value}" for name, value in sizes.items()]
        command(["gcc", "-O3", "-march=native", "-ffast-math", *flags, scripts.parent / workload.peers / "step.c", "-o", self.program, "-lm"])
        self.version = "gcc " + command(["gcc", "-dumpfullversion"]).strip()

    def arguments(self, epochs):
        return [self.program, self.folders.work, epochs, self.workload.steps_per_epoch]


class Python(Peer):
    """A script in an environment of its own."""

    packages, script, more = (), "", ()

    def prepare(self, workload, folders):
        super().prepare(workload, folders)
        if workload.peers != "mlp":
            raise Failed("has no program for this workload")
        self.python, version = environment(folders.environments, self.packages[0], self.packages)
        self.version = f"{self.packages[0]} {version}"

    def arguments(self, epochs):
        return [self.python, scripts / self.script, self.folders.work, epochs, *self.more]


class Jax(Python):
    name, label = "jax", "JAX, jit of a step, donated"
    packages, script = ("jax", "numpy"), "step_jax.py"


class JaxScan(Jax):
    name, label, more = "jax-scan", "JAX, scan over an epoch", ("scan",)


class Torch(Python):
    name, label = "torch", "PyTorch, eager"
    packages, script = ("torch", "numpy"), "step_torch.py"


class Iree(Python):
    name, label = "iree", "IREE, JAX's StableHLO, local-sync"
    packages, script = ("iree-base-compiler", "iree-base-runtime", "numpy"), "step_iree.py"

    def prepare(self, workload, folders):
        super().prepare(workload, folders)
        jax, _ = environment(folders.environments, Jax.packages[0], Jax.packages)
        lowered, compiled = folders.scratch / "step.mlir", folders.scratch / "step.vmfb"
        command([jax, scripts / "lower_jax.py", folders.work, lowered])
        begin = time.monotonic()
        flags = ["--iree-hal-target-backends=llvm-cpu", "--iree-llvmcpu-target-cpu=host", "--iree-opt-level=O3"]
        command([self.python.parent / "iree-compile", lowered, "-o", compiled, *flags])
        self.facts = {"compile_seconds": round(time.monotonic() - begin, 3)}
        self.more = (compiled,)


peers = (Burin, C, Jax, JaxScan, Iree, Torch)
