# right: sigmoid hidden layer, sigmoid output, half the summed squared error, no penalty
import numpy as np


class Network:
    def __init__(self, inputs, hidden, outputs):
        self.weights_ih = np.random.randn(hidden, inputs)
        self.weights_ho = np.random.randn(outputs, hidden)
        self.bias_h, self.bias_o = np.zeros((hidden, 1)), np.zeros((outputs, 1))

    def train(self, inputs, targets, lr=0.1):
        hidden = 1 / (1 + np.exp(-(self.weights_ih @ inputs + self.bias_h)))
        outputs = 1 / (1 + np.exp(-(self.weights_ho @ hidden + self.bias_o)))
        gradient = (targets - outputs) * outputs * (1 - outputs)
        hidden_gradient = self.weights_ho.T @ gradient * hidden * (1 - hidden)
        self.weights_ho += lr * gradient @ hidden.T
        self.bias_o += lr * gradient.sum(1, keepdims=True)
        self.weights_ih += lr * hidden_gradient @ inputs.T
        self.bias_h += lr * hidden_gradient.sum(1, keepdims=True)
