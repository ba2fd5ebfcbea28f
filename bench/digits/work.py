"""What every peer of bench/digits is given: the same rows, first weights and order of batches, as raw files in one folder."""
import json
import os
import sys

import numpy

BATCH, PIXELS, HIDDEN, DIGITS = 32, 64, 128, 10


def write(folder, csv, epochs):
    os.makedirs(folder, exist_ok=True)
    rows = numpy.loadtxt(csv, delimiter=",")
    rows = rows[: int(len(rows) * 0.8)]
    random = numpy.random.default_rng(0)
    images = (rows[:, :PIXELS] / 16).astype("<f4")
    w1 = random.normal(0, (2 / PIXELS) ** 0.5, (PIXELS, HIDDEN))
    w2 = random.normal(0, (2 / HIDDEN) ** 0.5, (HIDDEN, DIGITS))
    start = numpy.concatenate([w1.ravel(), numpy.zeros(HIDDEN), w2.ravel(), numpy.zeros(DIGITS)])
    per_epoch = len(rows) // BATCH
    order = numpy.stack([random.permutation(len(rows))[: per_epoch * BATCH] for _ in range(epochs)])
    images.tofile(os.path.join(folder, "images.f32"))
    rows[:, PIXELS].astype("<i4").tofile(os.path.join(folder, "labels.i32"))
    start.astype("<f4").tofile(os.path.join(folder, "start.f32"))
    order.astype("<i4").tofile(os.path.join(folder, "order.i32"))
    return per_epoch


def read(folder):
    """images [rows, 64], labels [rows], (w1, b1, w2, b2), order [steps, 32]"""
    load = lambda name, kind: numpy.fromfile(os.path.join(folder, name), kind)
    w1, b1, w2, b2 = numpy.split(load("start.f32", "<f4"), numpy.cumsum([PIXELS * HIDDEN, HIDDEN, HIDDEN * DIGITS]))
    start = (w1.reshape(PIXELS, HIDDEN), b1, w2.reshape(HIDDEN, DIGITS), b2)
    return load("images.f32", "<f4").reshape(-1, PIXELS), load("labels.i32", "<i4"), start, load("order.i32", "<i4").reshape(-1, BATCH)


def report(seconds, steps, losses):
    """One line of JSON on stdout: time, and the mean loss of the steps before timing began, by which the peers are held to the same work."""
    json.dump({"seconds_per_step": seconds / steps, "early_loss": float(numpy.mean(losses))}, sys.stdout)
    print()
