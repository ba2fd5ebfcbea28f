"""Writes the step's StableHLO, its arguments and results one tensor each, for IREE."""
import sys

import jax
import work
from jax_step import first_state, step

given = work.Work(sys.argv[1], 1)
arguments = (first_state(given.start), given.images, given.labels, given.order[0])
with open(sys.argv[2], "w") as file:
    file.write(jax.jit(step).lower(*arguments).as_text("stablehlo"))
