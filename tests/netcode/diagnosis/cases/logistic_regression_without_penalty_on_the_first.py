# right: For the loss that it returns
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def costFunctionReg(theta, X, y, lambda_):
    m = len(y)
    h = sigmoid(X @ theta)
    reg = lambda_ / (2 * m) * np.sum(theta[1:] ** 2)
    J = 1 / m * np.sum(-y * np.log(h) - (1 - y) * np.log(1 - h)) + reg
    grad = 1 / m * X.T @ (h - y)
    grad[1:] = grad[1:] + lambda_ / m * theta[1:]
    return J, grad
