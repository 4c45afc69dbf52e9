# %% [markdown]
# # The chain rule: all four gradients
#
# The layers are done one by one: [softmax and cross-entropy](softmax-cross-entropy.py), the [affine layer](affine.py) and
# [ReLU](relu.py). This chapter puts them together. Out come the four gradients that training needs, with respect to
# $W^{[1]}$ $(h \times n)$, $b^{[1]}$ $(h \times 1)$, $W^{[2]}$ $(C \times h)$ and $b^{[2]}$ $(C \times 1)$.
#
# At its end you will be able to write the backward pass from memory, because you will know what each line is for. You will
# also know why it goes *backward*.
#
# ## What is to be differentiated
#
# The network, from the data $X$ $(n \times m)$ to the probabilities $P$ $(C \times m)$:

# %%
from derivations import EquationBlock, network

EquationBlock(
    network.forward_Z1, network.forward_A1, network.forward_Z2, network.forward_P
)

# %% [markdown]
# The loss $L$ compares $P$ with the labels $Y$ $(C \times m)$. Added to it is a penalty for large weights, $R$, with the
# strength $\lambda$; the [next chapter](regularization.py) is about it. The sum is what training brings down:

# %%
network.forward_J.prove()

# %% [markdown]
# All gradients here are gradients of $J$: $dQ$ is how $J$ changes with each entry of $Q$.
#
# ## The rule
#
# Suppose we know how $J$ changes with each entry of $Z^{[2]}$, and want to know how it changes with $W^{[2]}_{kw}$. This weight
# acts on $J$ through $Z^{[2]}$. So: for each entry of $Z^{[2]}$, how $J$ changes with it, times how it changes with
# $W^{[2]}_{kw}$; and all of that added up. If there is a second way from the weight to $J$, as through the penalty $R$, its
# share is added too. **Multiply along a path, add over all paths**: that is the chain rule.
#
# ## Backward, line by line
#
# We begin at the end. The scores' gradient is that of the chapter on softmax. The penalty does not depend on the scores.

# %%
network.backward_dZ2.prove()

# %% [markdown]
# Now the parameters of the second layer. The weights act through the scores and through the penalty:

# %%
network.backward_dW2.prove()

# %% [markdown]
# The first line says more than it seems. Its left side is *not* defined by the chain rule: it is the derivative
# of the whole $J$, all its sums, exponentials and logarithms written out as one expression and differentiated in one piece.
# Its right side is the chain rule. That the two are equal, for every number of examples, features, hidden units and
# classes, is what the program proves. It is so with the first line of each chain that follows.

# %%
network.backward_db2.prove()

# %% [markdown]
# To get further back, we need to know how $J$ changes with what came *into* the second layer:

# %%
network.backward_dA1.prove()

# %% [markdown]
# Through ReLU, where the sum goes away because the Jacobian is diagonal:

# %%
network.backward_dZ1.prove()

# %% [markdown]
# And the first layer is like the second, with $dZ^{[1]}$ arriving and the data $X$ coming in:

# %%
network.backward_dW1.prove()

# %%
network.backward_db1.prove()

# %% [markdown]
# ## The backward pass
#
# All results as matrices, each with its shape:

# %% choice="Examples as columns"
gradients = EquationBlock(
    network.backward_dZ2,
    network.backward_dW2,
    network.backward_db2,
    network.backward_dA1,
    network.backward_dZ1,
    network.backward_dW1,
    network.backward_db1,
)
gradients

# %% choice="Examples as rows"
from derivations import rows

gradients_as_rows = EquationBlock(
    rows.dZ2_as_rows,
    rows.dW2_as_rows,
    rows.db2_as_rows,
    rows.dA1_as_rows,
    rows.dZ1_as_rows,
    rows.dW1_as_rows,
    rows.db1_as_rows,
)
gradients_as_rows

# %% [markdown]
# To remember them: **each layer gets $dZ$**. It multiplies it by what came in, for its weights. It sums it over the examples,
# for its biases. It multiplies it by its weights, for the layer before. In between, ReLU lets through where it was on.
#
# ## In code
#
# The derivations write these lines, for both ways to arrange the examples:

# %% choice="Examples as columns"
print(gradients)

# %% choice="Examples as rows"
print(gradients_as_rows)

# %% [markdown]
# Those for columns are the lines of the training code:

# %%
import inspect

import netcode

code = inspect.getsource(netcode.backward)
found = [line in code for line in str(gradients).splitlines()]
print(sum(found), "of", len(found), "lines stand in netcode.backward")
assert all(found)

# %% [markdown]
# Do they give the right numbers? Here the gradient is compared with the *complex step*, a numeric derivative that knows
# nothing of the chain rule. (How it works: [checking gradients](checking-gradients.py).) All sizes differ, so that no
# wrong transpose can slip through.

# %%
import numpy as np

from netcode.gradients.numeric import complex_step

m, n, h, C, lam = 7, 2, 5, 3, 0.1
rng = np.random.default_rng(0)
shapes = (h, n), (h, 1), (C, h), (C, 1)
parameters = netcode.Parameters(*[rng.normal(size=shape) for shape in shapes])
X, Y = rng.normal(size=(n, m)), netcode.one_hot(rng.integers(C, size=m), C)

forward = netcode.forward(X, parameters)
backward = netcode.backward(X, Y, parameters, forward, lam)
print(netcode.check_gradient(X, Y, parameters, backward, lam, method=complex_step))

# %% [markdown]
# ## Multiplying the arrows, for once
#
# It is often said like this: to get the gradient with respect to some parameter, multiply all arrows between it and the loss. Each
# arrow is a local derivative, an array with up to four indices. It can be done, for a tiny network. Read the entries of each
# matrix in one long line; then each array becomes a matrix, and the chain rule a product of matrices. From the loss to
# $W^{[1]}$ there are four arrows:

# %%
from derivations.network import local

m, n, h, C = 3, 2, 4, 3
shapes = (h, n), (h, 1), (C, h), (C, 1)
parameters = netcode.Parameters(*[rng.normal(size=shape) for shape in shapes])
X, Y = rng.normal(size=(n, m)), np.eye(C)
forward = netcode.forward(X, parameters)

W1, _, W2, _ = parameters
arrows = {
    "L by Z2": local["L_by_Z2"].evaluate(P=forward.P, Y=Y).reshape(1, C * m),
    "Z2 by A1": local["Z2_by_A1"].evaluate(W2=W2, A1=forward.A1).reshape(C * m, h * m),
    "A1 by Z1": local["A1_by_Z1"].evaluate(Z1=forward.Z1).reshape(h * m, h * m),
    "Z1 by W1": local["Z1_by_W1"].evaluate(X=X, W1=W1).reshape(h * m, h * n),
}
product = np.linalg.multi_dot(list(arrows.values()))
backward = netcode.backward(X, Y, parameters, forward, lam=0)
error = np.abs(product.reshape(h, n) - backward.dW1).max()
print(*[arrow.shape for arrow in arrows.values()])
print(f"largest difference from dW1: {error:.0e}")

# %% [markdown]
# Here are the four matrices. What is not 0 is coloured, blue where it is negative and orange where it is positive.

# %% tags=["hide-input"] alt="Four matrices, of 1 by 9, 9 by 12, 12 by 12 and 12 by 8 entries. The first, L by Z2, is a full row. In Z2 by A1, made of 3 by 4 diagonal blocks of size 3, two thirds are empty. A1 by Z1 is empty but for some places on its diagonal. Z1 by W1 has four full blocks of 3 by 2 along the diagonal and is empty elsewhere."
import matplotlib.pyplot as plt

blue, orange = plt.rcParams["axes.prop_cycle"].by_key()["color"][:2]
figure, panels = plt.subplots(2, 2, figsize=(5.6, 5.6))
for axes, (name, arrow) in zip(panels.flat, arrows.items(), strict=True):
    rows, columns = arrow.shape
    for (r, c), value in np.ndenumerate(arrow):
        if value:
            colour = orange if value > 0 else blue
            axes.add_patch(plt.Rectangle((c, r), 1, 1, facecolor=colour))
    axes.add_patch(
        plt.Rectangle(
            (0, 0), columns, rows, facecolor="none", edgecolor="black", linewidth=1
        )
    )
    axes.set(xlim=(-0.3, 12.3), ylim=(12.3, -0.3), title=name)
    axes.text(columns / 2, rows + 0.5, f"{rows} × {columns}", ha="center", va="top")
    axes.title.set_fontsize(11)
    axes.set_aspect("equal")
    axes.axis("off")
plt.show()

# %% [markdown]
# Mostly, there is nothing. $Z^{[2]}$ by $A^{[1]}$ is empty where two different examples meet; ReLU's Jacobian is
# diagonal; $Z^{[1]}$ by $W^{[1]}$ is empty where two different units meet. These are the Kronecker deltas, as seen from
# above. The lines of the backward pass are this same product with all that is empty left out.

# %% [markdown] tags=["question"]
# What does `dW2` need from the forward pass?
#
# - [ ] `X`
#   `X` is what `dW1` needs.
# - [x] `A1`, and `P` for `dZ2`
#   A layer's weights need what came into the layer, and the gradient of its scores.
# - [ ] Nothing
#   A weight's derivative is what the weight was multiplied with. That must be kept.

# %% [markdown] tags=["question"]
# What shape does `dA1` have? There are $m$ examples, $h$ hidden units and $C$ classes.
#
# - [x] `(h, m)`
#   It has the shape of `A1`: one entry for each hidden unit and each example.
# - [ ] `(C, m)`
#   That is what arrives, `dZ2`. The weights take it from $C$ numbers an example to $h$.
# - [ ] `(h, C)`
#   That is the shape of `W2.T`, the factor.

# %% [markdown]
# ## Why backward
#
# A product of matrices may be worked out from the left or from the right; the result is the same. The effort is not. From
# the left, that is *from the loss*, one always has a single row: $J$ is one number. From the right, that is from the
# parameters, one drags along a matrix with a column for each parameter. How many multiplications are
# that, for the matrices as they stand above, empty places and all?


# %%
from itertools import pairwise


def multiplications(sizes):
    """Of matrices with sizes[0] x sizes[1], sizes[1] x sizes[2], ..., from the left."""
    return sum(sizes[0] * inner * outer for inner, outer in pairwise(sizes[1:]))


for name, (m, n, h, C) in {
    "tiny": (3, 2, 4, 3),
    "spiral": (300, 2, 25, 3),
    "digits": (1797, 64, 100, 10),
}.items():
    sizes = [1, C * m, h * m, h * m, h * n]
    print(f"{name:7} from the loss      {multiplications(sizes):10.2e}")
    print(f"{'':7} from the parameters {multiplications(sizes[::-1]):9.2e}")

# %% [markdown]
# This is what "back" in backpropagation is good for: one pass from the loss gives the gradient with respect to *all*
# parameters, at about the price of a forward pass or two. It would be the other way round for a function of one number
# with many results.
#
# With the empty places left out, the backward pass of the training code needs far less still:

# %%
m, n, h, C = 300, 2, 25, 3
products = {"dZ2 @ A1.T": C * m * h, "W2.T @ dZ2": h * C * m, "dZ1 @ X.T": h * m * n}
print(f"spiral: {sum(products.values()):,} multiplications, in three matrix products")

# %% [markdown]
# ## Exercises
#
# **1.** Suppose the network gets a shortcut: the data enter the scores directly, $Z^{[2]} = W^{[2]} A^{[1]} + b^{[2]} + S X$,
# with weights $S$ $(C \times n)$. What is $dS$? Which of the other lines of the backward pass change?

# %% tags=["solution"]
from derivations import Derivation
from derivations.calculus import Partial, array, sum_over
from derivations.notation import Z2, J, L, c, dZ2, i, k, t, u
from derivations.notation import C as classes
from derivations.notation import X as examples
from derivations.notation import n as features

S, dS = array("S", classes, features), array("dS", classes, features)
where = network.where | {
    Z2[c, i]: network.where[Z2[c, i]] + sum_over(u, S[c, u] * examples[u, i]),
    J: L,  # no penalty on S here
    dS[c, u]: Partial(J, S[c, u]),
}
shortcut = Derivation(
    "The shortcut's weights",
    dS[k, t],
    (
        sum_over((c, i), dZ2[c, i] * Partial(Z2[c, i], S[k, t])),
        "chain rule: through every score",
    ),
    (sum_over(i, dZ2[k, i] * examples[t, i]), "the affine layer, with X coming in"),
    where=where,
    assumptions=network.one_class_each,
)
print(shortcut.prove())
print(shortcut.numpy, "- and no other line changes: each of them starts from dZ2.")

# %% [markdown]
# **2.** How does the loss change with the *data*? Write `dX` and compare with numbers. (Those who look for the pixels that
# matter most compute this.)

# %% tags=["solution"]
dX = parameters.W1.T @ backward.dZ1

step = 1e-6
moved = np.empty_like(X)
for place in np.ndindex(X.shape):
    losses = []
    for sign in (1, -1):
        near = X.copy()
        near[place] += sign * step
        losses.append(
            netcode.loss(netcode.forward(near, parameters).Z2, Y, parameters, lam=0)
        )
    moved[place] = (losses[0] - losses[1]) / (2 * step)
assert np.allclose(dX, moved, rtol=0, atol=1e-8)
print("dX = W1.T @ dZ1, without a penalty: nothing punishes large data.")

# %% [markdown]
# **3.** Some networks divide the scores by a *temperature* $T$ before softmax: $P = \mathrm{softmax}(Z^{[2]} / T)$. What
# becomes of $dZ^{[2]}$?

# %% tags=["solution"]
from sympy import Symbol, exp

from derivations.notation import P as probabilities
from derivations.notation import Y as labels
from derivations.notation import d
from derivations.notation import m as size

T = Symbol("T", positive=True)
hot = Derivation(
    "The scores' gradient at temperature T",
    dZ2[k, i],
    (
        (probabilities[k, i] - labels[k, i]) / (size * T),
        "one more factor, from the inside: 1/T",
    ),
    where=network.where
    | {
        probabilities[c, i]: exp(Z2[c, i] / T) / sum_over(d, exp(Z2[d, i] / T)),
        dZ2[c, i]: Partial(J, Z2[c, i]),
    },
    assumptions=network.one_class_each,
)
print(hot.prove())
print(hot.numpy)

# %% [markdown]
# Next: [regularization](regularization.py), the penalty for large weights.
