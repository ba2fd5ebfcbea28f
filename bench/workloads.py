"""What is measured: perceptrons of some sizes and a small convolutional network, trained with Adam; and what every peer is given, so that all do the same work.

Rows, first weights and the order of batches are Burin's own: the weights are what its `start` task saves, the order follows from the language's
definition of draws (test/Inputs/burin_reference.py). A peer gets them as raw files in one folder, with `work.json` for the sizes.
"""
import dataclasses
import json
import pathlib
import sys

import numpy

root = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root / "test" / "Inputs"))
import burin_reference as reference  # noqa: E402


@dataclasses.dataclass
class Workload:
    name: str
    title: str
    layers: tuple  # of these widths, inputs first
    weights: tuple  # names of the layers in what Burin saves
    batch: int
    epochs: int  # of the timed run; the first is warm-up
    rows: int  # in the data set; 4/5 of them are trained on
    peers: str = "mlp"  # the folder of the peers' programs
    products: int = 0  # multiply-adds of one example's products, in all directions; 0: those of the layers

    @property
    def program(self):
        return root / "bench" / self.name / "step.burin"

    @property
    def steps_per_epoch(self):
        return self.rows * 4 // 5 // self.batch

    @property
    def flops(self):
        """Multiplications and additions of products in one step: forward, gradients of weights, gradients of all but the inputs."""
        if self.products:
            return 2 * self.batch * self.products
        products = [a * b for a, b in zip(self.layers, self.layers[1:])]
        return 2 * self.batch * (3 * sum(products) - products[0])


workloads = {
    w.name: w
    for w in (
        Workload("digits", "training step, 64-128-10, batch 32", (64, 128, 10), ("inner", "outer"), 32, 200, 1797),
        Workload("perceptron", "training step, 784-512-512-10, batch 128", (784, 512, 512, 10), ("first", "inner", "outer"), 128, 4, 2560),
        Workload(
            "convolution",
            "training step, 28x28, two convolutions of 5x5 to 6 and 16 maps with pooling, 10 classes, batch 64",
            (784, 10),
            ("first", "second", "head"),
            64,
            8,
            1280,
            "convolution",
            2 * (24 * 24 * 25 * 6 + 8 * 8 * 150 * 16 + 256 * 10) + 8 * 8 * 150 * 16 + 256 * 10,
        ),
    )
}


def write_data(workload, folder):
    """The folder where Burin's program runs: its data, as its program names them. Digits lie in examples/; the others are made up."""
    if workload.name == "digits":
        (folder / "data").mkdir(parents=True, exist_ok=True)
        table = (root / "examples" / "digits" / "data" / "digits.csv").read_bytes()
        (folder / "data" / "digits.csv").write_bytes(table)
        return
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(0)
    labels = random.integers(0, workload.layers[-1], workload.rows)
    prototypes = random.integers(0, 17, (workload.layers[-1], workload.layers[0]))
    taught = numpy.where(random.random(workload.rows) < 0.25, random.permutation(labels), labels)  # some are wrong: the loss stays a number to compare
    pixels = numpy.clip(prototypes[labels] + random.integers(-8, 9, (workload.rows, workload.layers[0])), 0, 16)
    numpy.savetxt(folder / f"{workload.name}.csv", numpy.column_stack([pixels, taught]), "%d", ",")


def order_of(workload, rows, seed=0):
    """The rows of each step's batch, epoch by epoch, as `for b in digits.train.shuffle.batches` in task `train` draws them."""
    task = reference.fold_in(reference.fold_in(seed, "train"), "train#0")
    for epoch in range(workload.epochs):
        key = reference.fold_in(reference.fold_in(task, epoch), "digits.train#1")
        order = reference.shuffle(key, rows, numpy.arange(rows))
        yield order[: rows // workload.batch * workload.batch].reshape(-1, workload.batch)


def write_inputs(workload, burin_folder, folder):
    """For the peers, from what lies in the folder of Burin's program; its `start` task has run."""
    folder.mkdir(parents=True, exist_ok=True)
    (csv,) = burin_folder.rglob("*.csv")
    table = numpy.loadtxt(csv, delimiter=",")
    table = table[reference.split(len(table), 0.8)[0]]
    weights = reference.safetensors(burin_folder / "start.safetensors")
    start = [weights[f"{layer}.{part}"].ravel() for layer in workload.weights for part in ("w", "b")]
    order = numpy.concatenate(list(order_of(workload, len(table))))
    (table[:, :-1] / 16).astype("<f4").tofile(folder / "images.f32")
    table[:, -1].astype("<i4").tofile(folder / "labels.i32")
    numpy.concatenate(start).astype("<f4").tofile(folder / "start.f32")
    order.astype("<i4").tofile(folder / "order.i32")
    sizes = {"layers": workload.layers, "batch": workload.batch, "steps_per_epoch": workload.steps_per_epoch}
    (folder / "work.json").write_text(json.dumps(sizes))
