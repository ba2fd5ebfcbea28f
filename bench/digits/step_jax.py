"""JAX: `jit` of one step with donated state, called from Python for each batch; with a third argument `scan`, one epoch is one compiled loop."""
import functools
import sys
import time

import jax
import jax.numpy as jnp
import numpy
import work

images, labels, start, order = work.read(sys.argv[1])
warm_up, whole_epochs = int(sys.argv[2]), sys.argv[3:] == ["scan"]
images, labels = jnp.asarray(images), jnp.asarray(labels)


def loss_of(weights, x, y):
    w1, b1, w2, b2 = weights
    logits = jax.nn.relu(x @ w1 + b1) @ w2 + b2
    return -jnp.mean(jax.nn.log_softmax(logits)[jnp.arange(len(y)), y])


def step(state, rows):
    weights, m, v, t = state
    loss, gradient = jax.value_and_grad(loss_of)(weights, images[rows], labels[rows])
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradient)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradient)
    update = lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return (jax.tree.map(update, weights, m, v), m, v, t), loss


run = jax.jit(functools.partial(jax.lax.scan, step) if whole_epochs else step, donate_argnums=0)
weights = tuple(map(jnp.asarray, start))
state = (weights, jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights), jnp.float32(0))
pieces = order.reshape(-1, warm_up, work.BATCH) if whole_epochs else order
first = 1 if whole_epochs else warm_up

losses = []
for rows in pieces[:first]:
    state, loss = run(state, rows)
    losses.append(loss)
jax.block_until_ready(state)
begin = time.perf_counter()
for rows in pieces[first:]:
    state, loss = run(state, rows)
jax.block_until_ready((state, loss))
seconds = time.perf_counter() - begin
work.report(seconds, len(order) - warm_up, numpy.concatenate([numpy.ravel(loss) for loss in losses]))
