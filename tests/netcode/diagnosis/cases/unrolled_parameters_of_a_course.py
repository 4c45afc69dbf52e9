# right: For the loss that it returns
import numpy as np

sigmoid = lambda z: 1 / (1 + np.exp(-z))


def nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_=0.0):
    Theta1 = np.reshape(
        nn_params[: hidden_layer_size * (input_layer_size + 1)], (hidden_layer_size, input_layer_size + 1)
    )
    Theta2 = np.reshape(nn_params[hidden_layer_size * (input_layer_size + 1) :], (num_labels, hidden_layer_size + 1))
    m = y.size
    a1 = np.concatenate([np.ones((m, 1)), X], axis=1)
    a2 = np.concatenate([np.ones((m, 1)), sigmoid(a1.dot(Theta1.T))], axis=1)
    a3 = sigmoid(a2.dot(Theta2.T))
    y_matrix = np.eye(num_labels)[y]
    J = -1 / m * np.sum(np.log(a3) * y_matrix + np.log(1 - a3) * (1 - y_matrix))
    J += lambda_ / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
    delta_3 = a3 - y_matrix
    delta_2 = delta_3.dot(Theta2)[:, 1:] * a2[:, 1:] * (1 - a2[:, 1:])
    Theta1_grad = delta_2.T.dot(a1) / m
    Theta2_grad = delta_3.T.dot(a2) / m
    Theta1_grad[:, 1:] += lambda_ / m * Theta1[:, 1:]
    Theta2_grad[:, 1:] += lambda_ / m * Theta2[:, 1:]
    grad = np.concatenate([Theta1_grad.ravel(), Theta2_grad.ravel()])
    return J, grad
