# %% [markdown]
# # Regularization
#
# A network with large weights can bend its borders around single points, and be very sure of itself. On new examples that
# is often wrong, and being sure and wrong costs much. *L2 regularization* puts a penalty on large weights: it adds their
# squares to the loss. It is also called *weight decay*, and this chapter shows that both names mean the same here.
#
# At its end you will know the gradient of the penalty, why there is a 1/2 in it, why the biases are free, and what the
# strength $\lambda$ does to a network.
#
# ## The penalty
#
# $W^{[1]}$ $(h \times n)$ and $W^{[2]}$ $(C \times h)$ are the weights, and $\lambda$, `lam` in code, is one number from 0 on:

# %%
from derivations import EquationBlock, network
from derivations import regularization as chapter

chapter.penalty.prove()

# %% [markdown]
# Training brings down $J$, the loss $L$ on the data plus this penalty:

# %%
network.forward_J.prove()

# %% [markdown]
# ## Its gradient
#
# Let $dR^{[1]}$ $(h \times n)$ be the gradient of the penalty with respect to the first weights. The sums have a term for each
# weight, and Kronecker deltas pick the one that is asked for:

# %%
chapter.R_by_W1.prove()

# %% [markdown]
# **Why the 1/2?** So that nothing is left of it. The derivative of a square has a 2, and without the 1/2 each line of code
# would have $2 \lambda$ in it. Some books and libraries leave the 1/2 out. Their $\lambda$ is then half of ours, for the
# same network, and whoever compares two programs should know.
#
# For the second layer it is the same, with $dR^{[2]}$ $(C \times h)$:

# %%
chapter.R_by_W2.prove()

# %% [markdown]
# A derivative of a sum is the sum of the derivatives, so the penalty only *adds* to the gradients of the weights. All other
# lines of the backward pass stay as they are.

# %%
EquationBlock(network.backward_dW2, network.backward_dW1)

# %% [markdown] tags=["question"]
# The penalty is $\frac{\lambda}{2}$ times the sum of all squares of $W$. What does it add to $dW$?
#
# - [x] `lam * W`
#   The 2 of the derivative and the 1/2 cancel.
# - [ ] `2 * lam * W`
#   It would without the 1/2.
# - [ ] `lam / m * W`
#   The penalty belongs to no example, so there is no $m$ in it.

# %% [markdown]
# ## Why squares: the weights decay
#
# An update subtracts from each weight its gradient times the learning rate $\eta$. Let $dL^{[1]}$ $(h \times n)$ be the share
# of the data. Then:

# %%
chapter.decay.prove()

# %% [markdown]
# First every weight becomes smaller by the same *factor*, $1 - \eta \lambda$; then the data have their say. A weight
# that the data don't ask for fades away. That is weight decay. It also shows what is needed of $\lambda$:
# if $\eta \lambda$ were more than 2, the factor would be below $-1$, and the weights would grow from update to update.
#
# ## Why not the biases
#
# A weight multiplies what comes in, so large weights make a function steep. A bias only shifts it: it makes nothing steeper,
# so there is nothing to pay for. And a free bias is good for something. At a minimum its gradient is 0:

# %%
EquationBlock(network.backward_db2, network.backward_dZ2)

# %% [markdown]
# If the sum of $P - Y$ over the examples is 0, then **the network's mean probability of each class is the part of the
# examples that have this class**, however strong the penalty on the weights. A penalty on the biases would spoil that. Here are
# two spiral arms with 100 points each and a third with 10, a strong penalty, and both ways:

# %% tags=["hide-input"]
import numpy as np
from IPython.display import Markdown

import netcode
from netcode import data

rows, y = data.spiral()
few = (y < 2) | (np.arange(len(y)) % 10 == 0)
X, Y = rows[few].T, netcode.one_hot(y[few], 3)
strong = 0.1


def mean_probabilities(penalty_on_biases):
    parameters = netcode.initialize(n=2, h=25, C=3, seed=0)
    for _ in range(3000):
        forward = netcode.forward(X, parameters)
        gradients = netcode.backward(X, Y, parameters, forward, strong)
        if penalty_on_biases:
            gradients = gradients._replace(
                db1=gradients.db1 + strong * parameters.b1,
                db2=gradients.db2 + strong * parameters.b2,
            )
        parameters = netcode.update(parameters, gradients, learning_rate=0.5)
    return netcode.forward(X, parameters).P.mean(axis=1)


shares = Y.mean(axis=1)
free, punished = mean_probabilities(False), mean_probabilities(True)
assert np.allclose(free, shares, atol=1e-4)
assert not np.allclose(punished, shares, atol=0.01)
lines = ["| | class 0 | class 1 | class 2 |", "| --- | ---: | ---: | ---: |"]
for name, values in (
    ("part of the examples", shares),
    ("mean probability, biases free", free),
    ("mean probability, penalty on biases", punished),
):
    lines.append(f"| {name} | {' | '.join(f'{value:.3f}' for value in values)} |")
Markdown("\n".join(lines))

# %% [markdown]
# ## What the strength does
#
# To see it we need data on which one can be too eager: spiral arms with few points and so much noise that they run into each
# other. From the same spiral come new points, which the network has not seen. Here are three networks that differ in
# $\lambda$ alone.

# %% tags=["hide-input"] alt="The same 120 noisy spiral points three times, with the regions in which the network predicts each class. With lam 0 the borders have sharp bends, some of them around a few points far out. With lam 0.001 they are smoother and still follow the arms. With lam 0.01 they are short and simple, and cut through the ends of the arms."
import matplotlib.pyplot as plt

from netcode import plot

n, h, C = 2, 50, 3
rows, y = data.spiral(points_per_class=40, noise=0.4)
new_rows, new_y = data.spiral(points_per_class=1000, noise=0.4, seed=1)
Y, new_Y = netcode.one_hot(y, C), netcode.one_hot(new_y, C)


def trained(lam):
    start = netcode.initialize(n, h, C, seed=0)
    descent = netcode.GradientDescent(
        rows.T, Y, start, learning_rate=1.0, lam=lam, updates=5000
    )
    for _ in descent:
        pass
    return descent.parameters


side = np.linspace(-1.15, 1.15, 90)
plane = np.stack(np.meshgrid(side, side)).reshape(2, -1)


def draw_regions(axes, parameters):
    scores = netcode.forward(plane, parameters).Z2
    for k in range(C):
        # How far class k is ahead of the other classes: positive where it wins.
        ahead = scores[k] - np.delete(scores, k, axis=0).max(axis=0)
        axes.contourf(
            side,
            side,
            ahead.reshape(90, 90),
            levels=[0, np.inf],
            colors=[plot.COLORS[k]],
            alpha=0.35,
        )
        axes.plot(
            *rows[y == k].T, plot.MARKERS[k], markersize=2.5, color=plot.COLORS[k]
        )
    axes.set(xticks=[], yticks=[], aspect="equal")


strengths = [0, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2]
networks = {lam: trained(lam) for lam in strengths}
figure, panels = plt.subplots(1, 3, figsize=(7, 2.8))
for axes, lam in zip(panels, (0, 1e-3, 1e-2), strict=True):
    draw_regions(axes, networks[lam])
    axes.set_title(f"lam = {lam:g}", fontsize=11)
plt.show()

# %% [markdown]
# How much of this is good? The question is decided by the new points. (All losses here are those of the data, without the
# penalty.)


# %% tags=["hide-input"] alt="The loss on the data against lam, from 0 to 0.03. On the points trained with, it rises all the way, slowly at first. On new points it is higher at first, falls to its lowest value at a small lam, and then rises with the other curve."
def data_loss(parameters, rows, Y):
    return netcode.loss(netcode.forward(rows.T, parameters).Z2, Y, parameters, lam=0)


own = [data_loss(networks[lam], rows, Y) for lam in strengths]
new = [data_loss(networks[lam], new_rows, new_Y) for lam in strengths]
figure, axes = plt.subplots(figsize=(6, 3.2))
places = np.arange(len(strengths))
axes.plot(places, own, "s--", label="the 120 points trained with")
axes.plot(places, new, "o-", label="3,000 new points")
axes.set_xticks(places, [f"{lam:g}" for lam in strengths])
axes.set(xlabel="lam", ylabel="loss on the data")
axes.set_ylim(bottom=0)
axes.grid()
axes.legend()
plt.show()

# %% tags=["remove-input"]
best = strengths[int(np.argmin(new))]
assert 0 < best < strengths[-1]
squares = {lam: float(np.sum(p.W1**2) + np.sum(p.W2**2)) for lam, p in networks.items()}
Markdown(
    f"On the points trained with, the loss only rises with $\\lambda$, from {own[0]:.3f} to {own[-1]:.3f}. On new points it is "
    f"{new[0]:.3f} without a penalty, lowest with $\\lambda = {best:g}$, at {min(new):.3f}, and {new[-1]:.3f} with the strongest. "
    f"The squares of the weights add up to {squares[0]:.0f}, {squares[best]:.0f} and {squares[strengths[-1]]:.0f}."
)

# %% [markdown]
# A little helps and much harms. How much is right depends on the data; one finds out by trying, with examples that were
# kept back.
#
# ## In code
#
# The penalty is one term in the loss, and one in each line for weights:

# %%
print(chapter.penalty.numpy)
print(network.backward_dW1.numpy)
print(network.backward_dW2.numpy)

# %%
parameters = networks[1e-3]
forward = netcode.forward(rows.T, parameters)
without, with_penalty = (
    netcode.backward(rows.T, Y, parameters, forward, lam) for lam in (0, 0.25)
)

assert np.allclose(
    with_penalty.dW1 - without.dW1, chapter.R_by_W1.evaluate(W1=parameters.W1, lam=0.25)
)
assert np.allclose(
    with_penalty.dW2 - without.dW2, chapter.R_by_W2.evaluate(W2=parameters.W2, lam=0.25)
)
assert np.array_equal(with_penalty.db1, without.db1)
assert np.array_equal(with_penalty.db2, without.db2)
print("lam changes dW1 and dW2 by lam times the weights, and nothing else.")

# %% [markdown] tags=["question"]
# Each example is put in twice, and the loss is a mean. How does $\lambda$ have to change, so that the training stays
# the same?
#
# - [x] Not at all
#   The mean over the examples stays, and the penalty has nothing to do with them.
# - [ ] It must be doubled
#   It would, if the loss were a sum over the examples.
# - [ ] It must be halved
#   Neither the mean nor the penalty has changed.

# %% [markdown]
# ## Exercises
#
# **1.** With random initial weights, the penalty is part of the first loss. The weights of the first layer have the variance
# $2/n$, those of the second $2/h$. How large is the penalty on average, for $h = 25$, $C = 3$ and $\lambda = 10^{-3}$?

# %% tags=["solution"]
h, C, lam = 25, 3, 1e-3
# h n weights with the mean square 2/n, and C h with 2/h: 2 h + 2 C. Times lam/2:
expected = lam * (h + C)

penalties = []
for seed in range(200):
    W1, _, W2, _ = netcode.initialize(n, h, C, seed)
    penalties.append(lam / 2 * (np.sum(W1**2) + np.sum(W2**2)))
assert abs(np.mean(penalties) - expected) < 0.001
print(f"expected {expected:.4f}, mean over 200 seeds {np.mean(penalties):.4f}")

# %% [markdown]
# **2.** If the data had no say at all, what would be left of a weight after $k$ updates? With learning rate 1 and
# $\lambda = 10^{-3}$, after how many updates is it half as large?

# %% tags=["solution"]
eta, lam = 1.0, 1e-3
weight, updates = 1.0, 0
while weight > 0.5:
    weight -= eta * lam * weight
    updates += 1
assert updates == int(np.ceil(np.log(0.5) / np.log(1 - eta * lam)))
print(f"(1 - eta lam)^k of it is left; half of it after {updates} updates")

# %% [markdown]
# **3.** *L1 regularization* takes absolute values for squares, $R = \lambda \sum |W_{vu}|$. Write $|w|$ as
# $\mathrm{ReLU}(w) + \mathrm{ReLU}(-w)$ and find its gradient. What does it do to a small weight that L2 does not?

# %% tags=["solution"]
from derivations import Derivation
from derivations.calculus import Partial, array, relu, step, sum_over
from derivations.notation import W1, R, lam, t, u, v, w
from derivations.notation import h as units
from derivations.notation import n as features

dR1 = array("dR1", units, features)
absolute = Derivation(
    "L1: the same pull on each weight",
    dR1[w, t],
    (
        lam * (step(W1[w, t]) - step(-W1[w, t])),
        "the slope of the absolute value is the sign",
    ),
    where={
        R: lam * sum_over((v, u), relu(W1[v, u]) + relu(-W1[v, u])),
        dR1[v, u]: Partial(R, W1[v, u]),
    },
)
print(absolute.prove())
print("The pull is lam, however small the weight: it goes on to 0.")
print("L2's pull shrinks with the weight.")

# %% [markdown]
# Next: [any depth](any-depth.py), the same for networks of many layers.
