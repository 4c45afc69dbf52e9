# penalty-of-squares: dW1, dW2
import numpy as np


def backward(X, Y, W1, b1, W2, b2, lambd):
    m = X.shape[1]
    A1 = np.maximum(W1 @ X + b1, 0)
    Z2 = W2 @ A1 + b2
    A2 = np.exp(Z2 - Z2.max(0)) / np.exp(Z2 - Z2.max(0)).sum(0)
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m + lambd / m * W2**2
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = W2.T @ dZ2 * (A1 > 0)
    dW1 = dZ1 @ X.T / m + lambd / m * W1**2
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dW2, db2
