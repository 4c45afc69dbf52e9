# %% [markdown]
# # Playground
#
# Choose data and a network, and watch it learn. The training runs in your browser, with this project's own code: the
# lines below, which the controls fill in. Nothing that you do here leaves your computer.
#
# <div><training-playground><p>The controls need JavaScript. What stands below was computed when this page was built.</p>
# </training-playground><script type="module" src="../assets/live/playground.js"></script></div>
#
# Some things to try:
#
# - How few hidden units are enough for the spiral? What do the regions look like with 2, 3, 5 of them?
# - Take a learning rate of 10, then of 100. What does the loss do?
# - Raise `lam` to 0.1. What happens to the borders, and to the loss?
# - Raise the noise until no network can be right everywhere. Does a large network with `lam` = 0 still try?
# - The spiral begins with some points at the very same place. How many can be right at most?
#
# ## What the controls set
#
# Each line is one control. `h` is the number of hidden units, `lam` the strength of the regularization; the other names
# are those of [the training loop](training.py).

# %% tags=["settings"]
settings = {
    "data": "spiral",  # spiral, rings or clusters
    "classes": 3,
    "points": 100,  # of each class
    "noise": 0.2,
    "h": 25,
    "learning_rate": 1.0,
    "lam": 0.001,
    "updates": 2000,
    "seed": 0,
}

# %% [markdown]
# ## The data
#
# Three kinds of points in the plane. No straight line separates the arms of a spiral or a ring from the one inside it; two
# clusters far apart are easy.

# %%
import numpy as np

import netcode
from netcode import data


def examples(kind, classes, points, noise, seed):
    """Points in the plane as rows (m, 2), and the class of each (m,)."""
    if kind == "spiral":
        return data.spiral(points, classes, noise, seed)
    random = np.random.default_rng(seed)
    y = np.repeat(np.arange(classes), points)
    if kind == "rings":  # one inside the other
        radius, angle = (y + 1) / classes, random.uniform(0, 2 * np.pi, y.size)
    else:  # clusters around places on a circle
        radius, angle = 0.7, 2 * np.pi * y / classes
    center = np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))
    return center + noise / 2 * random.standard_normal(center.shape), y


# %% [markdown]
# ## The training
#
# The loop is that of [the chapter on training](training.py). Between the updates it looks up now and then, and shows the loss so
# far and the class that the network gives to each place in the plane.

# %%
SIDE = np.linspace(-1.3, 1.3, 90)
PLANE = np.stack(np.meshgrid(SIDE, SIDE)).reshape(
    2, -1
)  # (2, 8100): each place is a column


def train(X, Y, h, learning_rate, lam, updates, seed):
    """Yields, ever less often: the losses so far, the share of points that are right, and the class of each place."""
    (n, _), (C, _) = X.shape, Y.shape
    start = netcode.initialize(n, h, C, seed)
    descent = netcode.GradientDescent(
        X, Y, start, learning_rate=learning_rate, lam=lam, updates=updates
    )
    moments = {round(moment) for moment in np.geomspace(1, updates, 60)}
    losses = []
    for loss in descent:
        losses.append(loss)
        if len(losses) in moments:
            right = netcode.forward(X, descent.parameters).P.argmax(axis=0) == Y.argmax(
                axis=0
            )
            regions = netcode.forward(PLANE, descent.parameters).P.argmax(axis=0)
            yield losses, right.mean(), regions.reshape(SIDE.size, -1)


rows, y = examples(
    *(settings[name] for name in ("data", "classes", "points", "noise", "seed"))
)
X, Y = rows.T, netcode.one_hot(y, settings["classes"])
network = {
    name: settings[name] for name in ("h", "learning_rate", "lam", "updates", "seed")
}

# %%
*_, (losses, right, regions) = train(X, Y, **network)  # the last moment
print(f"update {len(losses)}: loss {losses[-1]:.4f}, {right:.1%} of the points right")

# %% tags=["hide-input"] alt="Left: the plane in the colours of the classes that the network gives to its places; three regions wind around the middle, each along an arm of the spiral, whose points lie in it. Right: the loss against the update, on logarithmic axes; it falls from above 1 to about a quarter."
import matplotlib.pyplot as plt

from netcode import plot

figure, (plane, curve) = plt.subplots(1, 2, figsize=(7, 3.4))
plane.contourf(
    SIDE,
    SIDE,
    regions,
    levels=np.arange(len(Y) + 1) - 0.5,
    colors=plot.COLORS[: len(Y)],
    alpha=0.35,
)
for k, color in zip(range(len(Y)), plot.COLORS, strict=False):
    plane.plot(*rows[y == k].T, plot.MARKERS[k], color=color, markersize=3)
plane.set(xticks=[], yticks=[], aspect="equal", title="what it says")
curve.loglog(np.arange(1, len(losses) + 1), losses)
curve.set(xlabel="update", ylabel="loss", title="the loss")
curve.grid()
plt.show()
