# %% [markdown]
# # The affine layer: why the transpose, why the sum
#
# An affine layer computes $Z = W A + b$: weighted sums of what comes in, plus a bias. ("Affine" is the word for "linear,
# plus a constant".) Its three gradients are short, and everybody copies them:
# $dZ\,A^\top$ for the weights, the sum of $dZ$ over the examples for the bias, $W^\top dZ$ for what came in.
#
# Why is there a transpose in the first and the last, on different factors? Why a sum in the middle? "Because the shapes
# have to match" is the usual answer. It is not a reason, and it can be wrong. At the end of this chapter you will know
# the reason, and will be able to work out such a gradient for a layer that you have never seen.
#
# ## The layer
#
# $A$ $(n \times m)$ comes in: $n$ numbers for each of $m$ examples. $W$ $(h \times n)$ are the weights, $b$
# $(h \times 1)$ the biases, and $Z$ $(h \times m)$ goes out.

# %%
from derivations import EquationBlock
from derivations import affine as chapter

chapter.forward.prove()

# %% [markdown]
# Behind this layer come others, and at the end the loss. All that we need to know about them is one matrix: $dZ$
# $(h \times m)$, how the loss changes with each entry of $Z$. It *arrives* from behind. The question of this chapter is how
# the loss changes with the entries of $W$, $b$ and $A$.
#
# There is one rule for it, the *chain rule*. To know how the loss changes with $W_{wt}$, take **every** entry of $Z$ in
# which $W_{wt}$ takes part, multiply how the loss changes with that entry by how that entry changes with $W_{wt}$, **and
# add it all up**. Everything below is this rule and patience.
#
# ## The weights
#
# First, how does the entry $Z_{vi}$ change with the weight $W_{wt}$? The Kronecker delta $\delta_{vw}$ is 1 if $v = w$ and
# 0 otherwise.

# %%
chapter.Z_by_W.prove()

# %% [markdown]
# In words: a unit's score changes with the unit's own weights only, and it changes by what the weight is multiplied with.
#
# There are four indices, $v, i, w, t$, so this derivative is not a matrix but an array with four axes. Here is a small one
# as numbers: two units, two examples, three features.

# %% tags=["hide-input"] alt="The matrix A, 3 by 2, with a column for example 1 and a column for example 2. Beside it four blocks in a 2 by 2 arrangement, one for each entry of Z; each block has the shape of W, 2 by 3. In the blocks of unit 1 the first row holds the example's column of A, written as a row, and the second row is 0. In the blocks of unit 2 it is the other way round."
import matplotlib.pyplot as plt
import numpy as np

A = np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])  # (n, m) = (3, 2)
W = np.array([[0.5, -1.0, 0.0], [2.0, 1.0, -0.5]])  # (h, n) = (2, 3)
four = chapter.Z_by_W.evaluate(A=A, W=W)  # (h, m, h, n) = (2, 2, 2, 3)

blue, orange = plt.rcParams["axes.prop_cycle"].by_key()["color"][:2]


def grid(axes, matrix, title, colours):
    """The numbers of a matrix in boxes; a colour for each box that is not 0."""
    rows, columns = matrix.shape
    for (row, column), value in np.ndenumerate(matrix):
        colour = colours(row, column) if value else "none"
        axes.add_patch(
            plt.Rectangle((column, -row), 1, 1, facecolor=colour, alpha=0.35)
        )
        axes.add_patch(
            plt.Rectangle(
                (column, -row), 1, 1, facecolor="none", edgecolor="black", linewidth=0.7
            )
        )
        axes.text(column + 0.5, 0.5 - row, f"{value:g}", ha="center", va="center")
    axes.set(xlim=(-0.1, columns + 0.1), ylim=(1 - rows - 0.1, 1.1), title=title)
    axes.title.set_fontsize(11)
    axes.set_aspect("equal")
    axes.axis("off")


figure = plt.figure(figsize=(7, 3.6))
layout = figure.add_gridspec(2, 3, width_ratios=[1, 1.5, 1.5])
grid(
    figure.add_subplot(layout[:, 0]), A, "A", lambda row, column: (blue, orange)[column]
)
for v in range(2):
    for i in range(2):
        axes = figure.add_subplot(layout[v, 1 + i])
        grid(
            axes,
            four[v, i],
            f"Z[{v}, {i}] by W",
            lambda row, column, i=i: (blue, orange)[i],
        )
plt.show()

# %% [markdown]
# Each block is the derivative of *one* entry of $Z$ by all of $W$, so it has the shape of $W$. A column of $A$ lies in it
# as a row. Half of the numbers are 0, with more units nearly all, and none is new: the array is made of $A$ and a
# delta.
#
# **A common error:** "this derivative is $A^\top$". That can't be, already by the number of axes:

# %%
from derivations import errata

errata.Z_by_W_is_A_transposed.refute()

# %% [markdown]
# The transpose is not in the derivative. It appears in the next step.
#
# Now the chain rule: multiply the derivative of each entry of $Z$ by what has arrived there, and add up over all units $v$
# and all examples $i$. (This is called *contracting* the array with $dZ$.)

# %%
chapter.dW_contracted.prove()

# %% [markdown]
# **Here is the transpose.** The delta has done away with the sum over the units. What is left is a sum over the examples
# $i$, and $i$ is the *second* index of both factors. A matrix product sums over the second index of its left factor and
# the *first* index of its right factor. To write our sum as a matrix product, the right factor must be turned over so
# that $i$ comes first: $dZ\,A^\top$. That is all. The transpose is how the matrix product spells "sum over the
# examples".
#
# In the picture: multiply each of the four blocks by its number in $dZ$, and add them. Say, 10 and 1 arrive at the first
# unit for the two examples, and 0 and $-1$ at the second:

# %% tags=["hide-input"] alt="The four blocks with their factors: 10 times the first, plus 1 times the second, plus 0 times the third, minus 1 times the fourth, equals dW, whose rows are 14, 25, 36 and -4, -5, -6."
dZ = np.array([[10.0, 1.0], [0.0, -1.0]])  # (h, m)

figure = plt.figure(figsize=(6, 2.8))
layout = figure.add_gridspec(2, 3)
factors = (("10 ×", "+  1 ×"), ("+  0 ×", "−  1 ×"))
for v, i in np.ndindex(dZ.shape):
    axes = figure.add_subplot(layout[v, i])
    grid(axes, four[v, i], factors[v][i], lambda row, column, i=i: (blue, orange)[i])
dW = np.einsum("vi,viwt->wt", dZ, four)
grid(figure.add_subplot(layout[:, 2]), dW, "=  dW", lambda row, column: "none")
plt.show()

# %% [markdown]
# In code the chain rule, as it stands, and the matrix product are:

# %%
by_blocks = np.einsum("vi,viwt->wt", dZ, four)
print(by_blocks)
print("the same as dZ @ A.T:", np.array_equal(by_blocks, dZ @ A.T))

# %% [markdown]
# Entry by entry, it is a row of $dZ$ times a column of $A^\top$, which is a row of $A$: both run over the examples. Point at an entry of
# $dW$, tap it, or go there with the arrow keys.

# %% tags=["remove-input"]
from derivations.figures import Product

Product(("dZ", dZ), (r"A^\top", A.T), "dW")

# %% [markdown]
# ## The bias
#
# Unit $v$ adds its bias $b_v$ to its score, for each example the same. So $Z_{vi}$ changes with $b_w$ at the rate 1 if $v = w$,
# and not at all otherwise, *whatever the example*:

# %%
chapter.Z_by_b.prove()

# %% [markdown]
# For one example this is the identity matrix. For $m$ examples it is the identity $m$ times. The chain
# rule adds up over every entry of $Z$ in which $b_w$ takes part, and that is one entry for each example:

# %%
chapter.db_contracted.prove()

# %% [markdown]
# **Here is the sum.** It is there because all examples use the same bias: move it, and you move the score of each of
# them. Often another reason is given: $b$ and its gradient must have the same size. But a mean over the examples
# has that size too, and so has the first column alone. Let us ask the loss itself, by moving each bias a
# little and looking how the loss changes:

# %%
rng = np.random.default_rng(0)
h, n, m = 4, 3, 6
W, b, A = rng.normal(size=(h, n)), rng.normal(size=(h, 1)), rng.normal(size=(n, m))
dZ = rng.normal(size=(h, m))


def loss(b):
    return np.sum(dZ * (W @ A + b))  # a loss whose gradient with respect to Z is dZ


step = 1e-6
moved = [
    (loss(b + step * unit) - loss(b - step * unit)) / (2 * step)
    for unit in np.eye(h)[:, :, np.newaxis]
]
for name, db in (
    ("sum", dZ.sum(axis=1)),
    ("mean", dZ.mean(axis=1)),
    ("first column", dZ[:, 0]),
):
    print(f"{name:12}", db.round(4), "right" if np.allclose(db, moved) else "wrong")

# %% [markdown]
# All three have the right size, and one is right.
#
# The same reason, by the way, explains the sum over the examples in $dW$: all examples use the same weights, too.
#
# ## What came in
#
# If this is the second layer, $A$ came out of the first, and its gradient is what has to be passed on. How does $Z_{vi}$
# change with $A_{tj}$?

# %%
chapter.Z_by_A.prove()

# %% [markdown]
# The delta $\delta_{ij}$ says: example $i$ depends on example $i$ alone. For one example the derivative is the matrix $W$. The
# post writes "the identity matrix" beside it, but $W$ is not the identity; as a rule it isn't even square.

# %%
errata.Z_by_A_is_identity.refute()

# %% [markdown]
# Not even where it is square, and the shapes would fit:

# %%
errata.Z_by_A_is_identity_if_square.refute()

# %% [markdown]
# Contracted with what arrives:

# %%
chapter.dA_contracted.prove()

# %% [markdown]
# This time a sum over the units $v$ is left, the *first* index of both factors. So now the left factor has to be turned
# over, $W^\top dZ$. Going forward, $W$ takes $n$ numbers to $h$; going back, $W^\top$ takes $h$ numbers to $n$, and sends what
# arrives at a unit back to each input by the weight through which that input had come.
#
# ## All three
#
# Each matrix form was computed from the entries above and proven equal to them. Most code has examples as rows: then each array is
# transposed, which a tilde marks, the factors change places, and so does the transpose ([the dictionary](rows.py)).

# %% choice="Examples as columns"
gradients = EquationBlock(
    chapter.dW_contracted,
    chapter.db_contracted,
    chapter.dA_contracted,
)
gradients

# %% choice="Examples as rows"
from derivations import rows

gradients_as_rows = EquationBlock(
    rows.dW_as_rows,
    rows.db_as_rows,
    rows.dA_as_rows,
)
gradients_as_rows

# %% [markdown]
# As lines of NumPy, written by the same derivations:

# %% choice="Examples as columns"
print(gradients)

# %% choice="Examples as rows"
print(gradients_as_rows)

# %% [markdown]
# ## Both layers of the network
#
# Nothing above is about a certain layer. With $A^{[1]}, W^{[2]}, b^{[2]}, Z^{[2]}$ for $A, W, b, Z$ it is the second layer
# of the network, with $X, W^{[1]}, b^{[1]}, Z^{[1]}$ the first. The derivatives of the first layer
# are these:

# %%
from derivations.network import local

local["Z1_by_W1"].prove()

# %%
local["Z1_by_b1"].prove()

# %%
local["Z1_by_X"].prove()

# %% [markdown]
# The last one is right, and training has no use for it: the data are not changed. It is of use to those who ask which
# feature mattered (an exercise of [the chain rule](chain-rule.py#exercises)).

# %% [markdown] tags=["question"]
# What shape does `dW2` have? There are $m$ examples, $h$ hidden units and $C$ classes.
#
# - [ ] `(h, C)`
#   That is the shape of its transpose: `W2` takes $h$ numbers to $C$, so it has $C$ rows.
# - [x] `(C, h)`
#   It has one derivative for each weight, so it has the shape of `W2`.
# - [ ] `(C, m)`
#   That is `dZ2`. The sum over the examples has done away with $m$.

# %% [markdown] tags=["question"]
# $dZ$ has arrived. Is $db$ its sum or its mean over the examples?
#
# - [x] The sum
#   All examples use the same bias, so what comes back from each is added. The $1/m$ of the mean loss is in $dZ$
#   already.
# - [ ] The mean
#   Where the loss is a mean, $dZ$ has its $1/m$ already. A second one would be wrong.

# %% [markdown]
# ## When shapes don't help
#
# A well-known course gives this advice for remembering the formulas: there is always exactly one way to make the
# dimensions work out. Let us count. $dW$ must be $h \times n$. Two factors, $dZ$ and $A$, each perhaps transposed, in one
# order or the other, make 8 candidates:


# %%
from itertools import product


def candidates(h, n, m):
    """Those of the 8 products that have the shape of W, and whether they are right."""
    rng = np.random.default_rng(0)
    dZ, A = rng.normal(size=(h, m)), rng.normal(size=(n, m))
    factors = {"dZ": dZ, "dZ.T": dZ.T, "A": A, "A.T": A.T}
    fit = {}
    for left, right in product(factors, repeat=2):
        if left[0] == right[0]:
            continue  # the same array twice
        if factors[left].shape[1] == factors[right].shape[0]:
            result = factors[left] @ factors[right]
            if result.shape == (h, n):
                fit[f"{left} @ {right}"] = np.allclose(result, dZ @ A.T)
    return fit


for sizes in ((4, 3, 6), (4, 4, 6), (4, 3, 3), (4, 4, 4)):
    fit = candidates(*sizes)
    wrong = [name for name, right in fit.items() if not right]
    assert fit["dZ @ A.T"]
    assert len(wrong) == len(fit) - 1
    print(f"h, n, m = {sizes}: {len(fit)} fit, wrong:", ", ".join(wrong) or "none")

# %% [markdown]
# Where all sizes differ, the advice is right. Where two are equal, it is not: a hidden layer as wide as the one before it,
# a batch of as many examples as there are features. With all sizes equal each of the 8 products fits, and 7 are wrong,
# without any error message.
#
# Two things follow. Work the gradient out, by the chain rule, instead of guessing by shapes. And test code at sizes that
# are all different. The [numeric checks](trusted.py) of this project do so.
#
# ## Exercises
#
# **1.** A layer that only adds: $Z = A + b$. What are $dA$ and $db$? Work it out by the chain rule. The solution lets the
# program of this site prove it; it can prove yours.

# %% tags=["solution"]
from derivations import Derivation
from derivations.calculus import Partial, array, sum_over
from derivations.notation import h, i, j, m, v, w

A, b, Z = array("A", h, m), array("b", h, 1), array("Z", h, m)
dA, db, dZ = array("dA", h, m), array("db", h, 1), array("dZ", h, m)
where = {
    Z[v, i]: A[v, i] + b[v, 0],
    dA[w, j]: sum_over((v, i), dZ[v, i] * Partial(Z[v, i], A[w, j])),
    db[w, 0]: sum_over((v, i), dZ[v, i] * Partial(Z[v, i], b[w, 0])),
}
passed_on = Derivation(
    "What came in",
    dA[w, j],
    (dZ[w, j], "Z changes as A does, at the rate 1"),
    where=where,
)
summed = Derivation(
    "The bias",
    db[w, 0],
    (sum_over(i, dZ[w, i]), "each example uses the same bias"),
    where=where,
)
print(passed_on.prove(), "\n")
print(summed.prove())
assert [passed_on.numpy, summed.numpy] == [
    "dA = dZ",
    "db = dZ.sum(axis=1, keepdims=True)",
]

# %% [markdown]
# **2.** Each example is put into the batch twice, so $A$ and $dZ$ have twice as many columns. What happens to $dW$, $db$ and
# $dA$? And what, if $dZ$ comes from a loss that is a *mean* over the examples?

# %% tags=["solution"]
rng = np.random.default_rng(0)
W, A, dZ = rng.normal(size=(4, 3)), rng.normal(size=(3, 6)), rng.normal(size=(4, 6))
A_twice, dZ_twice = np.hstack([A, A]), np.hstack([dZ, dZ])
assert np.allclose(dZ_twice @ A_twice.T, 2 * (dZ @ A.T))
assert np.allclose(dZ_twice.sum(axis=1), 2 * dZ.sum(axis=1))
assert np.allclose(W.T @ dZ_twice, np.hstack([W.T @ dZ] * 2))
# With a mean, dZ has a factor 1/m: it becomes half as large.
assert np.allclose((dZ_twice / 2) @ A_twice.T, dZ @ A.T)
print("dW and db are twice as large; dA has each column twice.")
print("With a mean, dZ is half as large, and dW and db are what they were.")

# %% [markdown]
# **3.** One matrix of weights is used at two places: $Z = W A$ and $U = W B$. Both $dZ$ and $dU$ arrive. What is $dW$?
# Hint: it is the same reason that makes the bias sum.

# %% tags=["solution"]
from derivations.notation import n, t, u

A, B, W = array("A", n, m), array("B", n, m), array("W", h, n)
Z, U, dZ, dU = (array(name, h, m) for name in ("Z", "U", "dZ", "dU"))
dW = array("dW", h, n)
twice = Derivation(
    "One matrix, used twice",
    dW[w, t],
    (
        sum_over((v, i), dZ[v, i] * Partial(Z[v, i], W[w, t]))
        + sum_over((v, i), dU[v, i] * Partial(U[v, i], W[w, t])),
        "chain rule: every entry in which W takes part",
    ),
    (
        sum_over(i, dZ[w, i] * A[t, i]) + sum_over(i, dU[w, i] * B[t, i]),
        "the affine layer, twice",
    ),
    where={
        Z[v, i]: sum_over(u, W[v, u] * A[u, i]),
        U[v, i]: sum_over(u, W[v, u] * B[u, i]),
        dW[w, t]: sum_over((v, i), dZ[v, i] * Partial(Z[v, i], W[w, t]))
        + sum_over((v, i), dU[v, i] * Partial(U[v, i], W[w, t])),
    },
)
print(twice.prove())
print(twice.numpy)

# %% [markdown]
# Next: [ReLU and its Jacobian](relu.py), the step between the two layers.
