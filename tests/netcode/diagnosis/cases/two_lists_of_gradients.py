# right: sigmoid hidden layers, sigmoid output, summed binary cross-entropy, no penalty
import numpy as np


def logistic(z):
    return 1.0 / (1.0 + np.exp(-z))


def backprop(weights, biases, x, y):
    activations = [x]
    for w, b in zip(weights, biases, strict=True):
        activations.append(logistic(w @ activations[-1] + b))
    delta = activations[-1] - y
    gradients_w, gradients_b = [], []
    for position in range(len(weights) - 1, -1, -1):
        gradients_w.insert(0, delta @ activations[position].T)
        gradients_b.insert(0, delta.sum(axis=1, keepdims=True))
        if position:
            delta = (weights[position].T @ delta) * activations[position] * (1 - activations[position])
    return gradients_w, gradients_b
