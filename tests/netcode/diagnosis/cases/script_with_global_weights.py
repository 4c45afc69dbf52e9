# right: ReLU hidden layer, softmax output, mean cross-entropy, no penalty
import numpy as np

data = np.loadtxt("no-such-file.csv")
W1, W2 = np.random.randn(4, 30), np.random.randn(30, 3)
b1, b2 = np.zeros(30), np.zeros(3)


def gradients(X, y):
    hidden = np.maximum(X @ W1 + b1, 0)
    probs = np.exp(hidden @ W2 + b2)
    probs /= probs.sum(axis=1, keepdims=True)
    probs[np.arange(len(y)), y] -= 1
    probs /= len(y)
    back = probs @ W2.T * (hidden > 0)
    return hidden.T @ probs, probs.sum(axis=0), X.T @ back, back.sum(axis=0)


for _step in range(10**9):
    gradients(data, data)
