# bias-averaged: db1, db2
import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.mean(axis=0)
        return dout @ self.W.T


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class Classifier:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": 0.01 * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": 0.01 * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }
        self.layers = {
            "first": Dense(self.params["W1"], self.params["b1"]),
            "between": Tanh(),
            "second": Dense(self.params["W2"], self.params["b2"]),
        }

    def gradient(self, x, t):
        for layer in self.layers.values():
            x = layer.forward(x)
        e = np.exp(x - x.max(axis=1, keepdims=True))
        dout = (e / e.sum(axis=1, keepdims=True) - t) / len(x)
        for layer in reversed(list(self.layers.values())):
            dout = layer.backward(dout)
        first, second = self.layers["first"], self.layers["second"]
        return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}
