# %% [markdown]
# # Training on the spiral
#
# Three arms of points wind around each other. No straight line separates them, so a network without a hidden layer
# fails; one with 25 hidden units learns them in a second. The data are those of the course CS231n (Stanford): 100 points
# for each of three classes.
#
# At the end of this page you will know the whole training loop, what its first loss must be, how well this network can
# do at all, and how to check its gradient in numbers.

# %%
import numpy as np

import netcode
from netcode import data

rows, y = data.spiral()  # examples as rows, as data usually come
X = rows.T  # (n, m): examples as columns from here on
Y = netcode.one_hot(y, 3)  # (C, m)
n, m = X.shape
C, h = 3, 25
print(f"{m} examples, {n} features, {C} classes")

# %% [markdown]
# ## The loop
#
# Four functions make an update: forward, loss, backward, update. They take and return arrays and change nothing that is
# given to them. The settings are those of the post: 25 hidden units, learning rate 1, $\lambda = 10^{-3}$, all examples in
# each update.

# %%
lam, learning_rate = 1e-3, 1.0
parameters = netcode.initialize(n, h, C, seed=0)

losses = []
for _ in range(1000):
    forward = netcode.forward(X, parameters)
    losses.append(netcode.loss(forward.Z2, Y, parameters, lam))
    gradients = netcode.backward(X, Y, parameters, forward, lam)
    parameters = netcode.update(parameters, gradients, learning_rate)

for k in (0, 10, 100, 999):
    print(f"after {k:3d} updates: loss {losses[k]:.4f}")

# %% tags=["remove-input"]
from IPython.display import Markdown

start = netcode.initialize(n, h, C, seed=0)
at_start = netcode.forward(X, start)
zero = netcode.Parameters(*[np.zeros_like(array) for array in start])
at_zero = netcode.loss(netcode.forward(X, zero).Z2, Y, zero, lam)
Markdown(
    f"The first loss is {losses[0]:.4f}. If all weights were 0, it would be {at_zero:.4f}, the logarithm of 3, as "
    "[the previous chapter](softmax-cross-entropy.py#the-first-loss) proves. Random weights and the regularization add the rest."
)

# %% [markdown]
# The loop above shows each formula. For the rest of this page the same formulas run in `netcode.GradientDescent`, which works
# in place and is several times faster; the two are compared by this project's checks.

# %% tags=["hide-input"] alt="Left: the loss falls steeply during the first updates and slowly after some thousand. Right: the plane with the 300 points in three arms around the origin; the coloured regions in which the trained network predicts each class follow the three arms."
import matplotlib.pyplot as plt

from netcode import plot

descent = netcode.GradientDescent(X, Y, start, learning_rate=learning_rate, lam=lam, updates=10_000)
curve = list(descent)


def predict(points):
    return netcode.forward(points.T, descent.parameters).P.argmax(axis=0)


figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
plot.loss_curve(curve, axes=left)
plot.decision_regions(predict, rows, y, axes=right)
plt.show()

# %% tags=["remove-input"]
accuracy = np.mean(predict(rows) == y)
Markdown(f"After 10,000 updates the loss is {curve[-1]:.4f} and {accuracy:.1%} of the points are classified rightly.")

# %% [markdown]
# ## How good can it be?
#
# Not all 300 points can be right. Each arm starts at the origin exactly, so three points are the same point with three
# different labels, and at least two of them must be wrong. One run says little, so here are 20, from 20 different
# initializations:

# %% tags=["hide-input"]
scores = []
for seed in range(20):
    model = netcode.TwoLayerClassifier(hidden=h, learning_rate=learning_rate, lam=lam, updates=10_000, seed=seed)
    scores.append(model.fit(rows, y).score(rows, y))

# %% tags=["remove-input"]
Markdown(
    f"The accuracy is {np.mean(scores):.4f} on average over 20 seeds, between {min(scores):.4f} and {max(scores):.4f}; the ceiling is "
    f"298/300 = {298 / 300:.4f}. (The post's code reaches 0.9873 ± 0.0045 in the same setting.)"
)

# %% [markdown]
# ## Is the gradient right?
#
# It was derived and proven. A reader with a gradient of their own can't always do that, but can compare it with numbers:
# move one weight up and down by a small step, and divide the change of the loss by the length of the step. This is the
# method of *central differences*. The *complex step* uses an imaginary step instead, and loses no digits.
#
# There is a trap. At the start all biases are 0, and three points are the origin, so some of the hidden units' inputs are
# exactly 0, where ReLU has a corner and no slope. A naive check reports a large error there, though the gradient is right.

# %%
gradients = netcode.backward(X, Y, start, at_start, lam)
print(f"{np.sum(at_start.Z1 == 0)} inputs of ReLU are exactly 0")
print(netcode.check_gradient(X, Y, start, gradients, lam))

# %%
from netcode.gradient_check import complex_step

print(netcode.check_gradient(X, Y, start, gradients, lam, method=complex_step))

# %% [markdown]
# And a wrong gradient? If the factor $1/m$ is forgotten, each entry is 300 times too large (but for the regularization's
# share):

# %%
from netcode.mistake import backward_with

wrong = backward_with("dZ2 = P - Y")  # the training code's backward, with this line in the place of the right one
print(netcode.check_gradient(X, Y, start, wrong(X, Y, start, at_start, lam), lam))

# %% [markdown]
# Back to [the formulas](index.py).
