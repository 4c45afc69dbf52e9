# mean-forgotten: dW1
import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    scores -= scores.max(axis=1, keepdims=True)
    P = np.exp(scores)
    P /= P.sum(axis=1, keepdims=True)
    loss = -np.log(P[np.arange(N), y]).sum() / N + reg * np.sum(W * W)
    dS = P.copy()
    dS[np.arange(N), y] -= 1
    dW = X.T.dot(dS) + 2 * reg * W
    return loss, dW
