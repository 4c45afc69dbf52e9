# right: tanh hidden layer, linear output, half the summed squared error, no penalty, no biases
import numpy as np


def backprop(X, T, W, V):
    # hidden layer without biases
    H = np.tanh(X.dot(W))
    O = H.dot(V)
    E = O - T
    dV = H.T.dot(E)
    dW = X.T.dot(E.dot(V.T) * (1 - H * H))
    return dW, dV
