# mask-missing: dW1, db1
import numpy as np


class Classifier:
    def __init__(self, sizes):
        self.W1, self.b1 = np.ones((sizes[0], sizes[1])), np.zeros((1, sizes[1]))
        self.W2, self.b2 = np.ones((sizes[1], sizes[2])), np.zeros((1, sizes[2]))

    def forward(self, X):
        self.X = X
        self.A1 = np.maximum(X @ self.W1 + self.b1, 0)
        powers = np.exp(self.A1 @ self.W2 + self.b2)
        self.probs = powers / powers.sum(axis=1, keepdims=True)
        return self.probs

    def backward(self, Y):
        delta = (self.probs - Y) / len(Y)
        self.dW2, self.db2 = self.A1.T @ delta, delta.sum(axis=0, keepdims=True)
        delta = delta @ self.W2.T
        self.dW1, self.db1 = self.X.T @ delta, delta.sum(axis=0, keepdims=True)
