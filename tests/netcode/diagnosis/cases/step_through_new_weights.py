# weights-updated-too-early: dW1, db1
import numpy as np


def train_batch(X, Y, W1, b1, W2, b2, lr):
    m = len(X)
    H = np.maximum(X @ W1 + b1, 0)
    S = H @ W2 + b2
    P = np.exp(S - S.max(1, keepdims=True))
    P = P / P.sum(1, keepdims=True)
    dS = (P - Y) / m
    W2 = W2 - lr * (H.T @ dS)
    b2 = b2 - lr * dS.sum(0)
    dH = dS @ W2.T
    dH[H <= 0] = 0
    W1 = W1 - lr * (X.T @ dH)
    b1 = b1 - lr * dH.sum(0)
    return W1, b1, W2, b2
