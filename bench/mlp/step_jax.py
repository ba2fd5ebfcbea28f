"""JAX: `jit` of one step with donated state, called from Python for each batch; with `scan`, one epoch is one compiled loop."""
import sys
import time

import jax
import jax.numpy as jnp
import work
from jax_step import first_state, step

given = work.Work(sys.argv[1], int(sys.argv[2]))
whole_epochs = sys.argv[3:] == ["scan"]
images, labels = jnp.asarray(given.images), jnp.asarray(given.labels)


def epoch(state, images, labels, order):
    return jax.lax.scan(lambda state, rows: step(state, images, labels, rows), state, order)


run = jax.jit(epoch if whole_epochs else step, donate_argnums=0)
state = first_state(given.start)
pieces = given.order.reshape(-1, given.warm_up, given.order.shape[1]) if whole_epochs else given.order
first = 1 if whole_epochs else given.warm_up

losses = []
for rows in pieces[:first]:
    state, loss = run(state, images, labels, rows)
    losses.append(loss)
jax.block_until_ready(state)
begin = time.perf_counter()
for rows in pieces[first:]:
    state, loss = run(state, images, labels, rows)
    losses.append(loss)
jax.block_until_ready((state, loss))
seconds = time.perf_counter() - begin
given.report(seconds, jax.device_get(losses))
