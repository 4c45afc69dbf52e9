# right: one layer, linear output, mean squared error, no penalty, no biases


def mse_loss_grad(theta, X, y):
    """Linear regression with a column of ones in X."""
    n = len(y)
    residual = X @ theta - y
    return residual @ residual / n, 2 / n * X.T @ residual
