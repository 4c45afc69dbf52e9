# right: sigmoid hidden layer, sigmoid output, half the summed squared error, no penalty, no biases
import numpy as np


class NeuralNetwork:
    def __init__(self, n_in, n_hidden, n_out, learning_rate=0.01):
        self.wih = np.random.normal(0.0, n_hidden**-0.5, (n_hidden, n_in))
        self.who = np.random.normal(0.0, n_out**-0.5, (n_out, n_hidden))
        self.lr = learning_rate
        self.activation = lambda x: 1 / (1 + np.exp(-x))

    def train(self, inputs_list, targets_list):
        inputs = np.array(inputs_list, ndmin=2).T
        targets = np.array(targets_list, ndmin=2).T
        hidden = self.activation(self.wih @ inputs)
        final = self.activation(self.who @ hidden)
        output_errors = targets - final
        hidden_errors = self.who.T @ (output_errors * final * (1 - final))
        self.who += self.lr * (output_errors * final * (1.0 - final)) @ hidden.T
        self.wih += self.lr * (hidden_errors * hidden * (1.0 - hidden)) @ inputs.T
