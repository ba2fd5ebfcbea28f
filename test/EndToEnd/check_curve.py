"""The compiled trainer against NumPy in float64: first weights, and the loss of 100 steps of Adam over three epochs' shuffles.

RUN: %python %s %t
"""
import sys

import burin_reference as reference
import numpy

BATCH, STEPS, TOLERANCE = 32, 100, 2e-6
LR, B1, B2, EPS = (float(numpy.float32(value)) for value in (3e-3, 0.9, 0.999, 1e-8))  # the library declares them f32


def first_weights(seed):
    def he_normal(slot, fan_in, shape):
        key = reference.fold_in(reference.fold_in(seed, slot), slot + "#0")
        return reference.normal(key_of_normal(key), shape) * numpy.sqrt(2 / fan_in)

    def key_of_normal(key):  # he_normal calls normal, which draws: each call and draw folds in its place
        return reference.fold_in(reference.fold_in(key, "he_normal#0"), "normal#0")

    inner, outer = he_normal("net.inner.w", 64, (64, 128)), he_normal("net.outer.w", 128, (128, 10))
    return {"inner.w": inner, "inner.b": numpy.zeros(128), "outer.w": outer, "outer.b": numpy.zeros(10)}


def batches(seed, rows):
    """Rows of the training part, step by step, epoch by epoch."""
    task = reference.fold_in(seed, "train")
    for epoch in range(1_000_000):
        body = reference.fold_in(reference.fold_in(task, "train#0"), epoch)
        key = reference.fold_in(body, "digits.train#1")
        order = reference.shuffle(key, rows, numpy.arange(rows))
        assert sorted(order) == list(range(rows))
        yield from order[: rows // BATCH * BATCH].reshape(-1, BATCH)


def gradient(weights, x, y):
    w1, b1, w2, b2 = weights
    hidden = numpy.maximum(x @ w1 + b1, 0)
    z = hidden @ w2 + b2
    z -= z.max(axis=1, keepdims=True)
    log_p = z - numpy.log(numpy.exp(z).sum(axis=1, keepdims=True))
    dz = (numpy.exp(log_p) - numpy.eye(10)[y]) / len(y)
    dh = dz @ w2.T * (hidden > 0)
    return -log_p[numpy.arange(len(y)), y].mean(), [x.T @ dh, dh.sum(0), hidden.T @ dz, dz.sum(0)]


def losses(weights, images, labels, order):
    weights = [weights[name] for name in ("inner.w", "inner.b", "outer.w", "outer.b")]
    m, v = [0.0] * 4, [0.0] * 4
    for t, rows in zip(range(1, STEPS + 1), order):
        loss, g = gradient(weights, images[rows], labels[rows])
        m = [B1 * m + (1 - B1) * g for m, g in zip(m, g)]
        v = [B2 * v + (1 - B2) * g * g for v, g in zip(v, g)]
        weights = [p - LR * (m / (1 - B1**t)) / (numpy.sqrt(v / (1 - B2**t)) + EPS) for p, m, v in zip(weights, m, v)]
        yield loss


def compare(name, expected, found, tolerance):
    expected, found = numpy.asarray(expected), numpy.asarray(found)
    assert expected.shape == found.shape, f"{name}: {found.shape} where {expected.shape} was expected"
    error = numpy.abs(found - expected) / numpy.maximum(numpy.abs(expected), 1e-2)
    worst = error.argmax()
    print(f"{name}: largest relative difference {error.max():.2e}, at {worst}")
    assert error.max() <= tolerance, f"{name}: {found.ravel()[worst]} where {expected.ravel()[worst]} was expected"


def check(digits, seed, split_seed):
    _, weights = digits.train(0, seed, split_seed)
    for name, expected in first_weights(seed).items():
        compare(f"seed {seed}, first {name}", expected, weights[name], TOLERANCE)
    recorded, _ = digits.train(3, seed, split_seed)
    train, _ = reference.split(len(digits.labels), 0.8, split_seed)
    expected = list(losses(weights, digits.images[train], digits.labels[train], batches(seed, len(train))))
    compare(f"seed {seed}, loss of {STEPS} steps", expected, recorded["loss"][:STEPS], TOLERANCE)


if __name__ == "__main__":
    program = reference.Digits(sys.argv[1])
    check(program, seed=0, split_seed=0)
    check(program, seed=7, split_seed=3)
