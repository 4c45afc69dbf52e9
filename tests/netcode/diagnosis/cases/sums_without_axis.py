# bias-summed-over-everything: db1, db2
import numpy as np

N = 41000


def encode(labels):
    return np.eye(labels.max() + 1)[labels].T


def back_propagation(z1, a1, z2, a2, w1, w2, x, y):
    error = a2 - encode(y)
    hidden = w2.T.dot(error) * (z1 > 0)
    return hidden.dot(x.T) / N, np.sum(hidden) / N, error.dot(a1.T) / N, np.sum(error) / N
