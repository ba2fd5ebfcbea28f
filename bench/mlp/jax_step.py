"""The step in JAX, for the peers that begin from it: state is (weights, first moments, second moments, t)."""
import jax
import jax.numpy as jnp


def loss_of(weights, x, y):
    for w, b in weights[:-1]:
        x = jax.nn.relu(x @ w + b)
    w, b = weights[-1]
    return -jnp.mean(jax.nn.log_softmax(x @ w + b)[jnp.arange(len(y)), y])


def step(state, images, labels, rows):
    weights, m, v, t = state
    loss, gradient = jax.value_and_grad(loss_of)(weights, images[rows], labels[rows])
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradient)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradient)
    update = lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return (jax.tree.map(update, weights, m, v), m, v, t), loss


def first_state(start):
    weights = jax.tree.map(jnp.array, [tuple(layer) for layer in start])
    zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
    return weights, zeros(), zeros(), jnp.float32(0)
