"""How a peer written in Python reads what bench/workloads.py wrote, and says what it found."""
import json
import os
import sys

import numpy


class Work:
    """images [rows, inputs], labels [rows], start: ((weights [from, to], biases), ...), order [steps, batch]; `warm_up` steps are an epoch."""

    def __init__(self, folder, epochs):
        load = lambda name, kind: numpy.fromfile(os.path.join(folder, name), kind)
        with open(os.path.join(folder, "work.json")) as file:
            sizes = json.load(file)
        self.warm_up, layers = sizes["steps_per_epoch"], sizes["layers"]
        self.images, self.labels = load("images.f32", "<f4").reshape(-1, layers[0]), load("labels.i32", "<i4")
        self.order = load("order.i32", "<i4").reshape(-1, sizes["batch"])[: epochs * self.warm_up]
        values, self.start, at = load("start.f32", "<f4"), [], 0
        for inputs, outputs in zip(layers, layers[1:]):
            weights = values[at : at + inputs * outputs].reshape(inputs, outputs)
            at += inputs * outputs
            self.start.append((weights, values[at : at + outputs]))
            at += outputs

    def report(self, seconds, losses):
        """One line of JSON on stdout: time, and the mean losses of the first and of the last epoch, by which all are held to the same work."""
        losses = numpy.ravel(losses)
        means = [float(losses[: self.warm_up].mean()), float(losses[-self.warm_up :].mean())]
        json.dump({"seconds_per_step": seconds / (len(self.order) - self.warm_up), "losses": means}, sys.stdout)
        print()
