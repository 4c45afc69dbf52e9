# mask-by-matrix-product: dW1, db1
import numpy as np


def backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2 @ A1 + b2
    P = np.exp(Z2 - Z2.max(0)) / np.exp(Z2 - Z2.max(0)).sum(0)
    dZ2 = (P - Y) / m
    dZ1 = (W2.T @ dZ2) @ (Z1 > 0)
    return dZ1 @ X.T, dZ1.sum(1, keepdims=True), dZ2 @ A1.T, dZ2.sum(1, keepdims=True)
