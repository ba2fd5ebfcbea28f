"""The library's draws follow their distributions (Kolmogorov and Smirnov; chi-squared for what is discrete), neighbouring streams are independent, and
log-densities are those of NumPy. Seeds are fixed: what fails, fails always.

RUN: mkdir -p %t
RUN: %python %s %burin %t
"""
import math
import pathlib
import subprocess
import sys

import numpy

burin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
COUNT = 4000
PROGRAM = """
dim n = 4000
dim face = 4
dim seat = 4
dim row = 6
dim col = 9
dim point = 7

task uniform_() -> f32[n] { uniform[n](-1, 3) }
task normal_() -> f32[n] { normal[n](2, 0.5) }
task truncated() -> f32[n] { truncated_normal[n](0.5, 1, -1, 2) }
task gamma_small() -> f32[n] { gamma[n](0.5, 2) }
task gamma_large() -> f32[n] { gamma[n](3.5) }
task beta_() -> f32[n] { beta[n](2, 0.7) }
task bernoulli_() -> f32[n] { bernoulli[n](0.3) }
task category() -> face[n] {
  let logits: f32[n, face] = logits()
  categorical(logits, over: face)
}
fn logits() -> f32[face] {
  let l[f: face] = log(0.1 * (1 + f32(int(f))))
  l
}
task integer_() -> int[n] { integer[n](-2, 4) }
task chosen() -> face[n] {
  let x: face[n] = choice[face](below: 3)
  x
}
task seats() -> seat[n, seat] {
  let x: seat[n, seat] = permutation[seat]()
  x
}
task wide() -> f32[row, col] { orthogonal[row, col]() }
task tall() -> f32[col, row] { orthogonal[col, row]() }

# Streams: two call sites, two turns of a loop, two calls of one function.
fn inner() -> f32 = random()
task sites() -> f32[n] {
  let a = uniform[n]()
  let b = uniform[n]()
  (a - 0.5) * (b - 0.5)
}
task turns() -> f32[n] {
  state last: f32[n] = 0.5
  state product: f32[n] = 0
  for i in 0..2 {
    let u = uniform[n]()
    product <- (last - 0.5) * (u - 0.5)
    last <- u
  }
  product
}
task calls() -> f32[n] {
  let a = inner[n]()
  let b = inner[n]()
  (a - 0.5) * (b - 0.5)
}
task draws() -> f32[n] { uniform[n]() }

# Log-densities at a few points.
task densities(x: f32[point], p: f32[point]) -> f32[point] {
  let a = log_prob_normal(4 * x, 1, 2) + log_prob_uniform(x, -1, 3) + log_prob_truncated_normal(x, 0.5, 1, -1, 2)
  a + log_prob_gamma(3 * x, 0.5, 2) + log_prob_gamma(x, 3.5) + log_prob_beta(x, 2, 0.7) + log_prob_bernoulli(1, p) + log_prob_bernoulli(0, p)
}
task outside() -> f32 { log_prob_uniform(4, -1, 3) }
task log_gammas(x: f32[point]) -> f32[point] { log_gamma(10 * x) }
task category_density() -> f32[face] {
  let p[f: face] = log_prob(logits(), f)
  p
}
"""
(folder / "program.burin").write_text(PROGRAM)
program = folder / "program"
subprocess.run([burin, "build", folder / "program.burin", "-o", program], check=True)


def run(task, seed=7, *options):
    printed = subprocess.run([program, task, "--seed", str(seed), *options], check=True, capture_output=True, text=True, cwd=folder).stdout
    return numpy.array([float(word) for word in printed.replace("[", " ").replace("]", " ").split()])


def integrated(density, x):
    """The distribution function of a density on (0, ∞) or (0, 1), in steps of a variable whose square is x: both ends may be poles."""
    root = numpy.linspace(1e-7, math.sqrt(x.max()) if x.max() > 1 else 1 - 1e-9, 200001)
    steps = density(root**2) * 2 * root
    sums = numpy.concatenate([[0], numpy.cumsum((steps[1:] + steps[:-1]) / 2 * numpy.diff(root))])
    return numpy.interp(numpy.sqrt(x), root, sums)


def below(x):
    return 0.5 + 0.5 * numpy.vectorize(math.erf)(x / math.sqrt(2))


def log_gamma(shape, x, scale):
    return (shape - 1) * numpy.log(x) - x / scale - math.lgamma(shape) - shape * math.log(scale)


def log_beta(x, a, b):
    return (a - 1) * numpy.log(x) + (b - 1) * numpy.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)


def beta_below(x):
    """b = 0.7 has a pole at 1: from there, in the square root of the distance to it, in closed form for a = 2."""
    c, b = math.gamma(2.7) / math.gamma(2) / math.gamma(0.7), 0.7
    return 1 - c * ((1 - x) ** b / b - (1 - x) ** (b + 1) / (b + 1))


inside = below(1.5) - below(-1.5)
continuous = {
    "uniform_": (lambda x: (x + 1) / 4, 1, 16 / 12),
    "normal_": (lambda x: below((x - 2) / 0.5), 2, 0.25),
    "truncated": (lambda x: (below(x - 0.5) - below(-1.5)) / inside, 0.5, None),
    "gamma_small": (lambda x: integrated(lambda t: numpy.exp(log_gamma(0.5, t, 2)), x), 1, 2),
    "gamma_large": (lambda x: integrated(lambda t: numpy.exp(log_gamma(3.5, t, 1)), x), 3.5, 3.5),
    "beta_": (beta_below, 2 / 2.7, 2 * 0.7 / (2.7**2 * 3.7)),
}
for task, (distribution, mean, variance) in continuous.items():
    x = numpy.sort(run(task))
    assert x.size == COUNT and len(set(x)) > 0.99 * COUNT, task
    f, steps = distribution(x), numpy.arange(COUNT + 1) / COUNT
    distance = max(abs(f - steps[1:]).max(), abs(f - steps[:-1]).max())
    assert distance < 1.63 / math.sqrt(COUNT), f"{task}: the distribution is off by {distance}"
    assert abs(x.mean() - mean) < 3.5 * x.std() / math.sqrt(COUNT), f"{task}: mean {x.mean()}, not {mean}"
    if variance:
        spread = math.sqrt(((x - x.mean()) ** 4).mean() / COUNT)
        assert abs(x.var() - variance) < 3.5 * spread, f"{task}: variance {x.var()}, not {variance}"
assert run("truncated").min() >= -1 and run("truncated").max() <= 2 and run("beta_").max() <= 1 and run("gamma_small").min() >= 0


def chi_squared(name, counts, chances):
    expected = COUNT * numpy.array(chances)
    value, free = ((counts - expected) ** 2 / expected).sum(), len(chances) - 1
    assert value < free + 3.1 * math.sqrt(2 * free) + 3, f"{name}: chi-squared is {value} at {free} degrees"


chi_squared("bernoulli", numpy.bincount(run("bernoulli_").astype(int), minlength=2), [0.7, 0.3])
chi_squared("category", numpy.bincount(run("category").astype(int), minlength=4), [0.1, 0.2, 0.3, 0.4])
chi_squared("integer", numpy.bincount(run("integer_").astype(int) + 2, minlength=7), [1 / 7] * 7)
chi_squared("choice", numpy.bincount(run("chosen").astype(int), minlength=3), [1 / 3] * 3)
seats = run("seats").astype(int).reshape(COUNT, 4)
assert (numpy.sort(seats, axis=1) == numpy.arange(4)).all(), "no permutations"
_, counts = numpy.unique(seats @ [64, 16, 4, 1], return_counts=True)
assert len(counts) == 24
chi_squared("permutation", counts, [1 / 24] * 24)
for task, shape in (("wide", (6, 9)), ("tall", (9, 6))):
    q = run(task).reshape(shape)
    gram = q @ q.T if shape[0] < shape[1] else q.T @ q
    assert abs(gram - numpy.eye(6)).max() < 1e-5, task

bound = 3.5 / 12 / math.sqrt(COUNT)
for task in ("sites", "turns", "calls"):
    assert abs(run(task).mean()) < bound, f"{task}: correlated, {12 * run(task).mean()}"
first, second = run("draws", 7) - 0.5, run("draws", 8) - 0.5
for lag in (0, 1, 2, 16):
    assert abs((first[: COUNT - lag] * second[lag:]).mean()) < bound, f"seeds 7 and 8, lag {lag}"
    if lag:
        assert abs((first[:-lag] * first[lag:]).mean()) < bound, f"elements at a distance of {lag}"

x, p = numpy.array([0.05, 0.2, 0.31, 0.5, 0.66, 0.9, 0.97]), numpy.array([0.1, 0.2, 0.5, 0.7, 0.9, 0.99, 0.01])
for name, value in (("x", x), ("p", p)):
    numpy.save(folder / f"{name}.npy", value.astype("f4"))


def log_normal(x, mean, std):
    return -0.5 * ((x - mean) / std) ** 2 - math.log(std) - 0.5 * math.log(2 * math.pi)


expected = log_normal(4 * x, 1, 2) - math.log(4) + log_normal(x, 0.5, 1) - math.log(inside)
expected += log_gamma(0.5, 3 * x, 2) + log_gamma(3.5, x, 1) + log_beta(x, 2, 0.7) + numpy.log(p) + numpy.log(1 - p)
assert abs(run("densities", 7, "--x", "x.npy", "--p", "p.npy") - expected).max() < 2e-4
assert abs(run("log_gammas", 7, "--x", "x.npy") - [math.lgamma(10 * v) for v in x]).max() < 2e-5
assert run("outside")[0] == -math.inf
assert abs(run("category_density") - numpy.log([0.1, 0.2, 0.3, 0.4])).max() < 1e-6
