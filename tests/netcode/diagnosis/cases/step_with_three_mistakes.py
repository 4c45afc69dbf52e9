# more than two: difference-reversed mask-missing bias-averaged
import numpy as np


def train_step(X, Y, W1, b1, W2, b2, learning_rate):
    m = X.shape[1]
    A1 = np.maximum(W1 @ X + b1, 0)
    powers = np.exp(W2 @ A1 + b2)
    probs = powers / powers.sum(axis=0)
    dZ2 = (Y - probs) / m
    dZ1 = W2.T @ dZ2
    W1 = W1 - learning_rate * (dZ1 @ X.T)
    b1 = b1 - learning_rate * dZ1.mean(axis=1, keepdims=True)
    W2 = W2 - learning_rate * (dZ2 @ A1.T)
    b2 = b2 - learning_rate * dZ2.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2
