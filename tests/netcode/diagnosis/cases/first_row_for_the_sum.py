# bias-of-one-example: db1, db2
import numpy as np


def backward(X, Y, W1, b1, W2, b2):
    m = X.shape[0]
    h = np.tanh(X @ W1 + b1)
    s = h @ W2 + b2
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    ds = (p - Y) / m
    dh = ds @ W2.T * (1 - h * h)
    return {"dW1": X.T @ dh, "db1": dh[0], "dW2": h.T @ ds, "db2": ds[0]}
