# stray-factor: dW1, db1, dW2, db2
import numpy as np


def cost_and_gradient(theta, X, Y, n_in, n_hidden, n_out):
    W1 = theta[: n_hidden * n_in].reshape(n_hidden, n_in)
    rest = theta[n_hidden * n_in :]
    b1, rest = rest[:n_hidden].reshape(-1, 1), rest[n_hidden:]
    W2, b2 = rest[: n_out * n_hidden].reshape(n_out, n_hidden), rest[n_out * n_hidden :].reshape(-1, 1)
    A1 = np.maximum(W1 @ X + b1, 0)
    powers = np.exp(W2 @ A1 + b2)
    probs = powers / powers.sum(axis=0)
    d2 = (probs - Y) / 50
    d1 = W2.T @ d2 * (A1 > 0)
    gradient = [d1 @ X.T, d1.sum(axis=1), d2 @ A1.T, d2.sum(axis=1)]
    return -np.log((probs * Y).sum(axis=0)).mean(), np.concatenate([part.ravel() for part in gradient])
