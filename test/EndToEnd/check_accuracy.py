"""What the digits program learns: accuracy on unseen digits, the mean of five seeds and splits; computed here, from the weights that it saved.

RUN: %python %s %t
"""
import sys

import burin_reference as reference
import numpy

EPOCHS, LEAST = 20, 0.965


def accuracy(weights, images, labels):
    hidden = numpy.maximum(images @ weights["inner.w"] + weights["inner.b"], 0)
    return numpy.mean((hidden @ weights["outer.w"] + weights["outer.b"]).argmax(1) == labels)


def measure(digits, seed):
    """Test accuracy of one run; what the program itself recorded last must agree."""
    recorded, weights = digits.train(EPOCHS, seed=seed, split_seed=seed)
    _, test = reference.split(len(digits.labels), 0.8, seed)
    found = accuracy(weights, digits.images[test], digits.labels[test])
    said = recorded["accuracy"][-1]
    assert len(recorded["accuracy"]) == EPOCHS and len(recorded["loss"]) == EPOCHS * 44
    assert abs(found - said) < 1.5 / len(test), f"seed {seed}: recorded {said}, and the saved weights give {found}"
    return found


if __name__ == "__main__":
    program = reference.Digits(sys.argv[1])
    found = [measure(program, seed) for seed in range(5)]
    print("accuracy", " ".join(f"{a:.4f}" for a in found), f"mean {numpy.mean(found):.4f}")
    assert numpy.mean(found) >= LEAST, f"{numpy.mean(found):.4f} is less than {LEAST}"
