"""The digits program beside scikit-learn's MLPClassifier on the same splits: it must not learn worse by more than chance explains.

REQUIRES: all, sklearn
RUN: %python %s %t
"""
import sys
import warnings

import burin_reference as reference
import check_accuracy
import numpy
from sklearn.neural_network import MLPClassifier

SEEDS = range(5)


def theirs(digits, seed):
    train, test = reference.split(len(digits.labels), 0.8, seed)
    network = MLPClassifier((128,), learning_rate_init=3e-3, alpha=0, batch_size=32, max_iter=check_accuracy.EPOCHS, n_iter_no_change=check_accuracy.EPOCHS, random_state=seed)
    network.fit(digits.images[train], digits.labels[train])
    return network.score(digits.images[test], digits.labels[test])


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # that it stops at max_iter is what is wanted
    program = reference.Digits(sys.argv[1])
    difference = numpy.array([check_accuracy.measure(program, seed) - theirs(program, seed) for seed in SEEDS])
    print("accuracy, Burin less scikit-learn:", " ".join(f"{d:+.4f}" for d in difference))
    error = difference.std(ddof=1) / numpy.sqrt(len(difference))
    assert difference.mean() > -max(0.005, 3 * error), f"{difference.mean():+.4f} on average"
