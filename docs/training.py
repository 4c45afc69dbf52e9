# %% [markdown]
# # Training on the spiral and on the digits
#
# Training repeats four steps: compute the probabilities (forward), measure how wrong they are (loss), find the gradient
# (backward), and move the weights a little against it (update). This chapter runs that loop on two sets of data and looks
# at what happens.
#
# At its end you will be able to write the loop from memory. You will know what its first loss must be, what the network
# learns first and what last, how good it can become at all, and how to tell learning from learning by heart.
#
# ## The data: three arms of a spiral
#
# The data come from the course CS231n (Stanford): 100 points for each of three classes, each class an arm of a spiral. No
# straight lines separate the arms, so a network without a hidden layer can't learn them.

# %%
import numpy as np

import netcode
from netcode import data

rows, y = data.spiral()  # examples as rows, as data usually come
X = rows.T  # (n, m): examples as columns from here on
Y = netcode.one_hot(y, 3)  # (C, m): each column has a 1 at the right class
n, m = X.shape
C, h = 3, 25  # classes; hidden units
print(f"{m} examples, {n} features, {C} classes; {h} hidden units")

# %% [markdown]
# ## First without a hidden layer
#
# How far do straight lines get? Scores right from the inputs, $Z = WX + b$, and their softmax: a *linear classifier*. Its gradients are the
# last layer's, with $X$ where the hidden units were:

# %%
from netcode.network import softmax

W, b = np.zeros((C, n)), np.zeros((C, 1))
for _ in range(1000):
    P = softmax(W @ X + b)
    dZ = (P - Y) / m
    W, b = W - dZ @ X.T, b - dZ.sum(axis=1, keepdims=True)

right = np.argmax(W @ X + b, axis=0) == y
print(f"{right.sum()} of {m} points are on the right side")

# %% [markdown]
# About half, where guessing gives a third, and more updates don't help: three lines through the middle cut each arm into pieces. The hidden
# layer makes the lines bend.
#
# ## Where to start
#
# The weights start at random; otherwise all hidden units would compute the same and learn the same. Their size matters too.
# A hidden unit adds up $n$ products of a weight and an input. If the weights have the variance $2/n$, the mean square of the
# sums is twice that of the inputs, and ReLU, which makes about half of them 0, brings it back. So signals neither grow nor
# fade from layer to layer, however many layers there are. This is the *initialization of He* and others (2015). The biases
# $b^{[1]}$ and $b^{[2]}$ start at 0.

# %%
start = netcode.initialize(n, h, C, seed=0)
for name, array in start._asdict().items():
    print(name, array.shape)

wide = netcode.forward(X, netcode.initialize(n, 10_000, C, seed=0))
print(f"mean square of the inputs: {np.mean(X**2):.3f}")
print(f"mean square of 10,000 hidden units: {np.mean(wide.A1**2):.3f}")

# %% [markdown]
# ## The loop
#
# The settings: learning rate 1, $\lambda = 10^{-3}$, all examples in each update. Each
# of the four functions is a few lines of NumPy, and each of those lines is a formula of the earlier chapters.

# %%
lam, learning_rate, updates = 1e-3, 1.0, 10_000

parameters = start
losses = []
for k in range(updates):
    forward = netcode.forward(X, parameters)
    losses.append(netcode.loss(forward.Z2, Y, parameters, lam))
    gradients = netcode.backward(X, Y, parameters, forward, lam)
    parameters = netcode.update(parameters, gradients, learning_rate)
    if k % 1000 == 0:
        print(f"after {k:4d} updates: loss {losses[k]:.4f}")

# %% [markdown]
# The loop is short, and yet three mistakes are easily made in it:
#
# - **One update too many.** The loop runs over `range(num_iter + 1)`, to have a last line of output. Above, `range(updates)` makes exactly
#   as many updates as asked; the loss printed after $k$ updates is the loss *before* update $k+1$.
# - **The start is overwritten.** An update in place, `W1 -= ...`, changes the array that the caller passed in. Whoever wants to try two
#   learning rates from the same start gets two different starts. `netcode.update` makes new arrays.
# - **Sizes from outside.** The number of examples and of classes is read from global variables. Then the code works for one set of
#   data and one batch size, and divides by the wrong $m$ for any other. `netcode.backward` takes $m$ from the array it is given.
#
# Each can be checked:

# %%
print("losses:", len(losses), "for", updates, "updates")

same = netcode.initialize(n, h, C, seed=0)
unchanged = [np.array_equal(a, b) for a, b in zip(start, same, strict=True)]
print("the start is unchanged:", all(unchanged))

# Fewer examples: the gradient is still that of their own mean loss.
X_few, Y_few = X[:, ::7], Y[:, ::7]
gradients = netcode.backward(X_few, Y_few, start, netcode.forward(X_few, start), lam)
print(netcode.check_gradient(X_few, Y_few, start, gradients, lam))

# %% [markdown]
# ## The first loss
#
# Before any update, a loop can be judged by its first number. If all weights were 0, all scores would be equal, and then the
# data's loss is known for any data:

# %%
from derivations import softmax_cross_entropy

softmax_cross_entropy.first_loss.prove()

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations.calculus.writers.latex import power_of_ten

zero = netcode.Parameters(*[np.zeros_like(array) for array in start])
at_zero = netcode.loss(netcode.forward(X, zero).Z2, Y, zero, lam)
without_penalty = netcode.loss(netcode.forward(X, start).Z2, Y, start, 0.0)
Markdown(
    f"With zero weights the code gives {at_zero:.4f}, and $\\log 3 = {np.log(3):.4f}$. With the random weights the first loss is "
    f"{losses[0]:.4f}: {without_penalty:.4f} from the data and {losses[0] - without_penalty:.4f} from the penalty on the weights. A first loss "
    f"of 5 or 50 would say that the weights are too large or the loss is wrong. A first loss near {np.log(3):.1f} says little about "
    "the *gradient*, though: it is found before any gradient is used. Only [a gradient check](checking-gradients.py) can make one confident of that."
)

# %% [markdown] tags=["question"]
# All weights and biases start at 0. What is `dW1`?
#
# - [ ] A different number for each hidden unit
#   Nothing tells the units apart, so they can't get different gradients.
# - [x] 0 everywhere
#   What comes back is multiplied by $W^{[2]}$, which is 0.
# - [ ] It can't be computed
#   It can: softmax of equal scores is $1/C$.

# %% [markdown]
# ## What it learns, and when
#
# The same formulas also run in `netcode.GradientDescent`, which works in place and is several times faster. It yields the loss
# of each update, so one can stop and look at any time. Here are the regions of the plane in which the network predicts each
# class, with every second point. A class has a colour and a shape: a point is right where its colour is the ground's.

# %% tags=["hide-input"]
import matplotlib.pyplot as plt
from IPython.display import HTML

from netcode import plot

SIDE = 300  # of the drawing
REACH = 1.15  # of the plane, to each side of the origin
SHAPES = "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "m0-5l5 9h-10z", "m0-5l5 5-5 5-5-5z"
line = np.linspace(-REACH, REACH, 51)
plane = np.stack(np.meshgrid(line, line)).reshape(2, -1)


def on_page(points):
    """In the drawing's coordinates, which count downwards from its upper left corner."""
    across, up = np.transpose(points)
    scale = SIDE / (2 * REACH)
    pairs = np.stack([across + REACH, REACH - up], axis=1) * scale
    return [f"{x} {y}" for x, y in pairs.round().astype(int)]


def drawn_points(k):
    """All of class k as one path: so the page stays small."""
    path = "".join(f"M{point}{SHAPES[k]}" for point in on_page(rows[y == k][::2]))
    return f'<path d="{path}" fill="{plot.COLORS[k]}" stroke="currentColor"/>'


def drawn_regions(parameters):
    """A path for each class, around all of the plane where its score is the largest."""
    scores = netcode.forward(plane, parameters).Z2
    figure, axes = plt.subplots()
    paths = []
    for k in range(C):
        # How far class k is ahead of the other classes: positive where it wins.
        ahead = scores[k] - np.delete(scores, k, axis=0).max(axis=0)
        grid = ahead.reshape(len(line), -1)
        area = axes.contourf(line, line, grid, levels=[0, np.inf], colors="k")
        (region,) = area.get_paths()
        rings = (f"M{'L'.join(on_page(ring))}z" for ring in region.to_polygons())
        color = f'fill="{plot.COLORS[k]}" fill-opacity=".35"'
        paths.append(f'<path d="{"".join(rings)}" {color} fill-rule="evenodd"/>')
    plt.close(figure)
    return "".join(paths)


moments = [0, 3, 10, 20, 30, 50, 100, 200, 300, 1000]
descent = netcode.GradientDescent(
    X, Y, start, learning_rate=learning_rate, lam=lam, updates=moments[-1]
)
curve, steps, frames = [], iter(descent), []
for moment in moments:
    while len(curve) < moment:
        curve.append(next(steps))
    right = np.mean(netcode.forward(X, descent.parameters).P.argmax(axis=0) == y)
    said = f"After {moment:,} updates: {right:.1%} right"
    shown = " shown" if moment == moments[-1] else ""  # the others wait for the slider
    frames.append(
        f'<g class="frame{shown}" data-said="{said}">{drawn_regions(descent.parameters)}</g>'
    )

shown_in_words = (
    "A map of the plane with half of the 300 points: dots, triangles and diamonds. Before training the regions of the three "
    "classes are wedges that ignore the arms, and after 10 updates wedges that fit the outer points better. After 30 the borders "
    "begin to bend near the origin; after 100 they wind along the arms, and after 300 and 1,000 updates they follow all three closely."
)
HTML(
    f'<update-frames><figure class="drawing" data-search-exclude><svg viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="{shown_in_words}">'
    f"{''.join(frames)}{''.join(map(drawn_points, range(C)))}</svg><figcaption>{said}</figcaption></figure></update-frames>"
)

# %% tags=["hide-input"] alt="The loss against the number of the update, both on logarithmic axes. It starts above the dotted line at log 3, falls to 0.75 within ten updates, most steeply between update 30 and update 300, and is level at 0.24 from about update 1,000 on."
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(np.arange(1, updates + 1), losses)
axes.axhline(np.log(3), linestyle=":", color="#888888")
axes.annotate("log 3", (3000, np.log(3)), xytext=(0, 4), textcoords="offset points")
axes.set(
    xscale="log",
    yscale="log",
    xlabel="update",
    ylabel="loss",
    yticks=[0.25, 0.5, 1],
    yticklabels=["0.25", "0.5", "1"],
)
axes.minorticks_off()
axes.grid()
plt.show()

# %% tags=["remove-input"]
penalty = losses[-1] - netcode.loss(
    netcode.forward(X, parameters).Z2, Y, parameters, 0.0
)
agree = max(abs(a - b) for a, b in zip(curve, losses[:1000], strict=True))
Markdown(
    f"The first updates turn the wedges the right way. Most of the loss falls between update 10 and update 300, from {losses[10]:.2f} to {losses[300]:.2f}, while the borders bend "
    f"along the arms. The last {updates - 1000:,} updates change almost nothing: {losses[1000]:.4f} becomes {losses[-1]:.4f}. Of what remains, "
    f"{penalty:.2f} is the penalty on the weights. (The losses of the plain loop and of the fast one differ by at most ${power_of_ten(agree)}$ over the first 1,000 updates.)"
)

# %% [markdown]
# ## How good can it be?
#
# Not all 300 points can be right. Each arm starts at the origin exactly, so three points are the same point with three
# different labels, and at least two of them must be wrong: at most 298 of 300 can be right. One run says little about how near
# one gets, so here are 20, each with a spiral and random weights of its own:

# %%
scores = []
for seed in range(20):
    points, labels = data.spiral(seed=seed)
    model = netcode.Classifier(h, learning_rate, lam, updates, seed=seed)
    model.fit(points, labels)  # as in scikit-learn, examples are rows here
    scores.append(model.score(points, labels))

# %% tags=["hide-input"] alt="For each number of rightly classified points that occurred, a stack of one dot a run. The stacks stand between 294 and 298; a dashed line marks the ceiling, 298 of 300, which a few runs reach and none exceeds. The tallest stack is at 297."
wrong_points = np.round((1 - np.array(scores)) * m).astype(int)
values, counts = np.unique(wrong_points, return_counts=True)
figure, axes = plt.subplots(figsize=(6, 2.2))
for value, count in zip(values, counts, strict=True):
    axes.plot([m - value] * count, np.arange(1, count + 1), "o", color=plot.COLORS[0])
axes.axvline(298, linestyle="--", color="#888888", zorder=0)
axes.annotate("ceiling", (298, counts.max()), xytext=(4, 0), textcoords="offset points")
axes.set(
    xlabel="points classified rightly, of 300",
    ylabel="seeds",
    ylim=(0, counts.max() + 1),
    xlim=(m - values.max() - 1, 299.5),
)
axes.xaxis.get_major_locator().set_params(integer=True)
plt.show()

# %% tags=["remove-input"]
Markdown(
    f"The accuracy is {np.mean(scores):.4f} ± {np.std(scores):.4f} (mean and standard deviation of 20 runs), the best is {max(scores):.4f}, and the ceiling is "
    f"298/300 = {298 / 300:.4f}. The code of [the post that this site grew from](errata.py) reaches 0.9873 ± 0.0045 with the same settings."
)

# %% [markdown]
# ## Handwritten digits
#
# The same code, other sizes: 1,797 handwritten digits of 8 × 8 pixels, which come with scikit-learn. A picture is a column of
# $n = 64$ numbers, and there are $C = 10$ classes.
#
# Two things are new. First, a part of the digits is *held out*: the network never trains on it, so its accuracy there tells
# what it has learned about digits, not which pictures it has learned by heart. Second, each update takes a *mini-batch*, 100
# examples chosen at random, instead of all. Its gradient is a rough estimate of the whole one, but costs a fraction of it. One
# pass over all training examples is called an *epoch*. The two losses are those of the data, without the penalty.

# %%
pictures, digit = data.digits()
order = np.random.default_rng(0).permutation(len(pictures))
train, held_out = order[:1300], order[1300:]
X_train, Y_train = pictures[train].T, netcode.one_hot(digit[train], 10)
X_held, Y_held = pictures[held_out].T, netcode.one_hot(digit[held_out], 10)

start = netcode.initialize(64, 100, 10, seed=0)
settings = {"learning_rate": 0.5, "lam": 1e-3, "batch_size": 100}
updates = 50 * 13  # 50 epochs of 13 batches
descent = netcode.GradientDescent(X_train, Y_train, start, **settings, updates=updates)


def data_loss(X, Y):
    """Without the penalty, so that it can be compared between sets of examples."""
    return netcode.loss(netcode.forward(X, descent.parameters).Z2, Y, start, lam=0.0)


epochs = []
for update, _ in enumerate(descent):
    if update % 13 == 0:
        epochs.append([data_loss(X_train, Y_train), data_loss(X_held, Y_held)])

# %% tags=["hide-input"] alt="Left: two loss curves over 50 epochs on a logarithmic axis. Both start near log 10 and fall together to 0.14 within ten epochs; then the loss on the training examples falls further than that on the held-out ones, which stays near 0.09. Right: six held-out digits of 8 by 8 pixels that the network takes for another digit; some are hard to read for people too."
figure, axes = plt.subplot_mosaic("AAABCD;AAAEFG", figsize=(7, 3.2))
for name, style, values in zip(
    ("training", "held out"), ("-", "--"), np.transpose(epochs), strict=True
):
    axes["A"].plot(values, style, label=name)
axes["A"].axhline(np.log(10), linestyle=":", color="#888888")
axes["A"].annotate(
    "log 10", (35, np.log(10)), xytext=(0, -12), textcoords="offset points"
)
axes["A"].set(
    yscale="log",
    xlabel="epochs",
    ylabel="loss of the data",
    yticks=[0.1, 0.3, 1],
    yticklabels=["0.1", "0.3", "1"],
)
axes["A"].minorticks_off()
axes["A"].grid()
axes["A"].legend()

seen = netcode.forward(X_held, descent.parameters).P.argmax(axis=0)
errors = np.flatnonzero(seen != digit[held_out])
for error, panel in zip(errors, "BCDEFG", strict=False):
    ink = pictures[held_out[error]].reshape(8, 8)
    for row, column in np.argwhere(ink > 0):
        axes[panel].fill(
            [column, column + 1, column + 1, column],
            [-row, -row, -row - 1, -row - 1],
            color="#4c78c9",
            alpha=ink[row, column],
            linewidth=0,
        )
    axes[panel].set(xlim=(0, 8), ylim=(-8, 0), aspect="equal")
    axes[panel].axis("off")
    axes[panel].set_title(
        f"{digit[held_out[error]]}, taken for {seen[error]}", fontsize=8
    )
plt.show()

# %% tags=["remove-input"]
on_training = np.mean(
    netcode.forward(X_train, descent.parameters).P.argmax(axis=0) == digit[train]
)
Markdown(
    f"The first loss is {epochs[0][0]:.2f}, near $\\log 10 = {np.log(10):.2f}$, as it must be. At the end {on_training:.1%} of the training examples and "
    f"{1 - len(errors) / len(held_out):.1%} of the held-out ones are right: {len(errors)} of {len(held_out)} are not, six of which are drawn above. Where the two curves "
    f"part ({epochs[-1][0]:.3f} against {epochs[-1][1]:.3f} at the end), the network begins to learn its examples by heart."
)

# %% [markdown]
# Outside a page one would let the command line do all this:
#
# ```sh
# python -m netcode train --data digits --save digits.npz
# python -m netcode train --data spiral --plot spiral.svg
# ```

# %% [markdown] tags=["question"]
# 1,050 examples are taken in mini-batches of 100. How many updates does an epoch take?
#
# - [ ] 10
#   Then 50 examples would never be seen.
# - [x] 11
#   Ten of 100 examples, and one of the 50 that are left. It divides by 50.
# - [ ] 105,000
#   An update takes a batch, not an example.

# %% [markdown]
# ## Exercises
#
# **1.** Start the spiral's training with all weights at 0 instead of random ones. Which of the four gradients are 0 at the
# start? Does the network ever learn?

# %% tags=["solution"]
X = rows.T
gradients = netcode.backward(X, Y, zero, netcode.forward(X, zero), lam)
for name in ("dW1", "db1", "dW2", "db2"):
    print(f"{name}: largest entry {np.abs(getattr(gradients, name)).max():.0e}")

# Z1 is 0 everywhere, so A1 and with it dW2 = dZ2 A1^T are 0. W2 is 0, so dA1 = W2^T dZ2
# is 0, and dZ1, dW1, db1 with it. Only db2 could differ from 0, but the classes have
# equally many points, and so it is 0 but for rounding. Nothing ever moves.
descent = netcode.GradientDescent(X, Y, zero, learning_rate=1.0, lam=lam, updates=1000)
last = list(descent)[-1]
assert np.isclose(last, np.log(3), rtol=1e-12)
assert not descent.parameters.W1.any()
print(f"loss after 1,000 updates: {last:.4f}, still log 3")

# %% [markdown]
# **2.** Some code takes the *sum* of the examples' losses instead of their mean, so that `dZ2 = P - Y`. Which learning rate
# and which $\lambda$ make its updates the same as above? Check your answer with ten updates.

# %% tags=["solution"]
from netcode.mistakes.mistake import backward_with

backward_of_sum = backward_with("dZ2 = P - Y")  # in the place of netcode's own line
by_mean = by_sum = netcode.initialize(n, h, C, seed=0)
for _ in range(10):
    gradients = netcode.backward(X, Y, by_mean, netcode.forward(X, by_mean), lam)
    by_mean = netcode.update(by_mean, gradients, 1.0)
    # All of the gradient is m times as large, if the penalty is too.
    # So the rate must be m times smaller.
    gradients = backward_of_sum(X, Y, by_sum, netcode.forward(X, by_sum), m * lam)
    by_sum = netcode.update(by_sum, gradients, 1.0 / m)

apart = max(np.abs(a - b).max() for a, b in zip(by_mean, by_sum, strict=True))
assert apart < 1e-12
print(f"after ten updates the parameters differ by at most {apart:.0e}")

# %% [markdown]
# **3.** How many updates does an epoch of 1,797 digits take with mini-batches of 100, and how many examples are in the last?
# Check that its gradient is not too small: it must be divided by its own number of examples.

# %% tags=["solution"]
batches = [range(first, min(first + 100, 1797)) for first in range(0, 1797, 100)]
assert len(batches) == 18
assert len(batches[-1]) == 97
last_X, last_Y = pictures[batches[-1]].T, netcode.one_hot(digit[batches[-1]], 10)
forward = netcode.forward(last_X, start)
dZ2 = netcode.backward(last_X, last_Y, start, forward, lam=0.0).dZ2
assert np.allclose(dZ2 * 97, forward.P - last_Y)
print("18 updates; the last has 97 examples, and dZ2 is (P - Y) / 97")

# %% [markdown]
# Next: how to make sure that a gradient is right, [by numbers alone](checking-gradients.py).
