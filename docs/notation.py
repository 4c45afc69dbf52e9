# %% [markdown]
# # Notation and shapes
#
# Many mistakes in backpropagation are mistakes of shape: a transpose too few, a sum too few, an example read as a
# feature. This chapter says what each letter stands for, and what shape it has.
#
# At its end you will know the shape of every array of the network and of every gradient, and you will be able to read a
# formula with indices, entry by entry.
#
# On every page, a quantity has one colour. Point at one in a derivation, or tap it, and it is lit wherever it occurs there; with the
# keyboard, come to the derivation with Tab and go on with the arrow keys. A whole line under it is a value, a broken one a gradient. A
# note beside it says what it is, and its shape; Escape puts it away.
#
# ## Sizes and indices
#
# Four sizes describe all there is: the number of examples $m$, of features $n$, of hidden units $h$ and of classes $C$.
# An *index* counts through one of them, and each index counts through the same one everywhere on this site. Formulas
# count from 1, as mathematics does; NumPy counts from 0.

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations import Index, notation
from netcode import data

rows_of = {"spiral": data.spiral(), "digits": data.digits()}
hidden = {"spiral": 25, "digits": 100}
sizes = {
    name: {"m": X.shape[0], "n": X.shape[1], "h": hidden[name], "C": len(set(y))}
    for name, (X, y) in rows_of.items()
}
indices = [value for value in vars(notation).values() if isinstance(value, Index)]
assert {str(index.size) for index in indices} == set(notation.SIZES)

lines = [
    "| size | number of | indices | spiral | digits |",
    "| --- | --- | --- | ---: | ---: |",
]
for size, meaning in notation.SIZES.items():
    letters = ", ".join(f"${index}$" for index in indices if str(index.size) == size)
    lines.append(
        f"| ${size}$ | {meaning} | {letters} | {sizes['spiral'][size]} | {sizes['digits'][size]} |"
    )
Markdown("\n".join(lines))

# %% [markdown]
# The last two columns are the two sets of data on this site, small points in a plane and small pictures of digits. Their
# numbers of hidden units are our choice.
#
# A formula here holds for *every* $m$, $n$, $h$ and $C$ from 1 on. That is what "proven" means on this site.
#
# ## Layers
#
# A number in square brackets says which layer something belongs to: $W^{[1]}$ are the weights of the first layer,
# $W^{[2]}$ those of the second. In code this is `W1` and `W2`.
#
# A layer takes in a matrix $A$ and makes *scores* $Z$ of it. Each entry of $Z$ is a weighted sum, with weights $W$, plus a
# bias $b$:

# %%
from derivations import affine, network

affine.forward.prove()

# %% [markdown]
# This is the entry of $Z$ for unit $v$ and example $i$. It reads: take row $v$ of $W$ and column $i$ of $A$, multiply them
# entry by entry, add up, and add the bias of unit $v$. For all entries at once one writes $Z = W A + b$.
#
# What comes into the first layer is the data: $A^{[0]} = X$. What comes into the second layer is what the first gives,
# after ReLU, which makes negative numbers 0. So the whole network is:

# %%
from derivations import EquationBlock

EquationBlock(
    network.forward_Z1, network.forward_A1, network.forward_Z2, network.forward_P
)

# %% [markdown]
# On the right stands the shape: $\in \mathbb{R}^{h \times m}$ means a matrix of real numbers with $h$ rows and $m$
# columns. The vector $\mathbf{1}_m$ has $m$ ones and repeats the bias for each example; NumPy does this by itself.
#
# The rule "ReLU after each layer" ends before the last one: its scores go to softmax as they are. Without the exception
# it is the rule of another network, in which all classes with negative scores are equally likely. The program found numbers that tell the two apart:

# %%
from derivations import errata

errata.relu_on_scores.refute()

# %% [markdown]
# Two letters need a warning, because books differ:
#
# - Elsewhere $L$ is often the *number of layers*, so that the last layer is $[L]$. Here there are two layers, and $L$ is
#   always the *loss* on the data. With the penalty for large weights, $R$, it makes $J = L + R$, which training brings down.
# - Elsewhere $x^{(i)}$, with round brackets, is *example* $i$. Here it is column $i$ of $X$.
#
# ## Every array
#
# This table is made from the definitions that the proofs use.

# %% tags=["remove-input"]
from sympy import MatrixSymbol

from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.notation import name_in_latex
from derivations.calculus.writers.reasons import reason_for_page

arrays = {
    value.name: value
    for value in vars(notation).values()
    if isinstance(value, MatrixSymbol)
}
gradients = {name[1:]: array for name, array in arrays.items() if name.startswith("d")}
assert set(notation.ARRAYS) | {f"d{name}" for name in gradients} == set(arrays)
assert all(gradients[name].shape == arrays[name].shape for name in gradients)


def shape(array):
    return rf"${latex(array.shape[0])} \times {latex(array.shape[1])}$"


def numbers(array):
    return " × ".join(str(sizes["spiral"].get(str(size), size)) for size in array.shape)


lines = [
    "| array | in code | shape | on the spiral | what it is | gradient |",
    "| --- | --- | --- | --- | --- | --- |",
]
for name, meaning in notation.ARRAYS.items():
    what = reason_for_page(meaning, notation.network_notation)
    gradient = f"`d{name}`" if name in gradients else ""
    lines.append(
        f"| ${name_in_latex(name, notation.network_notation)}$ | `{name}` | {shape(arrays[name])} | {numbers(arrays[name])} | {what} | {gradient} |"
    )
Markdown("\n".join(lines))

# %% [markdown]
# A vector such as $b^{[1]}$ is a matrix with one column, $h \times 1$, in code too. (An array of shape `(h,)` would be
# read by NumPy as a row, and the sum $W A + b$ would then fail, or worse, work where $h = m$.)
#
# The gradients have the last column to themselves. $dW^{[1]}$, in code `dW1`, is the gradient of $J$ with respect to
# $W^{[1]}$: the matrix of *all* derivatives of $J$ by an entry of $W^{[1]}$. The loss is a single number, so there is one
# derivative for each entry, and **a gradient always has the shape of what it is the gradient of**. It must, because
# training subtracts a multiple of the one from the other.
#
# ## An example is a column
#
# The figure shows the shapes to scale, for a small network. Follow the filled column: it is the same example all the
# way. No product ever mixes two columns. Examples meet each other in one place only, in the loss, which is their mean.

# %% tags=["hide-input"] alt="Two equations drawn as grids. Above: Z1, 4 rows by 6 columns, equals W1, 4 by 2, times X, 2 by 6, plus b1, 4 by 1. Below: Z2, 3 by 6, equals W2, 3 by 4, times A1, 4 by 6, plus b2, 3 by 1. The third column, which is the third example, is filled in X, Z1, A1 and Z2."
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

small = {"m": 6, "n": 2, "h": 4, "C": 3, "1": 1}
example = 2
blue = plt.rcParams["axes.prop_cycle"].by_key()["color"][0]


def draw(axes, name, x, y):
    """The array as a grid with its middle at height y; returns where it ends."""
    rows, columns = (small[str(size)] for size in arrays[name].shape)
    for column in range(columns):
        filled = columns == small["m"] and column == example
        for row in range(rows):
            corner = (x + column, y + rows / 2 - row - 1)
            axes.add_patch(
                Rectangle(
                    corner,
                    1,
                    1,
                    facecolor=blue if filled else "none",
                    edgecolor="black",
                    linewidth=0.7,
                )
            )
    label = f"{name}  ({', '.join(str(size) for size in arrays[name].shape)})"
    axes.text(x + columns / 2, y - rows / 2 - 0.35, label, ha="center", va="top")
    return x + columns


figure, axes = plt.subplots(figsize=(6.4, 3.8))
for y, line in (
    (3.6, ("Z1", "=", "W1", "·", "X", "+", "b1")),
    (-2.6, ("Z2", "=", "W2", "·", "A1", "+", "b2")),
):
    x = 0.0
    for part in line:
        if part in arrays:
            x = draw(axes, part, x, y)
        else:
            axes.text(x + 0.9, y, part, ha="center", va="center", fontsize=15)
            x += 1.8
axes.set(xlim=(-1, 23.5), ylim=(-6, 6))
axes.set_aspect("equal")
axes.axis("off")
plt.show()

# %% [markdown]
# In a product the two inner sizes must be equal, and they are what is summed over: $(h \times n)(n \times m)$ gives
# $h \times m$. The sum runs over the features, and what is left are units and examples.
#
# Data files, and most code, have examples as *rows*. Everything is then transposed: $X W + b$ takes the place of
# $W X + b$, and the bias is a row. Both are fine; mixing them is not: with columns in formulas and rows in code
# no line can be compared. Here formulas and code both have columns, and a line of code is a
# displayed formula. [Examples as rows](rows.py) translates every result, with proof.
#
# ## Signs

# %% tags=["remove-cell"]
import numpy as np

# What the table below says, run.
rng = np.random.default_rng(0)
m, n, h = 5, 2, 3
W, A, b, Z, dZ, dA = (
    rng.normal(size=s) for s in ((h, n), (n, m), (h, 1), (h, m), (h, m), (h, m))
)
assert np.allclose(
    W @ A,
    [[sum(W[v, u] * A[u, i] for u in range(n)) for i in range(m)] for v in range(h)],
)
assert np.array_equal(W.T, [[W[v, u] for v in range(h)] for u in range(n)])
assert np.array_equal(
    dA * Z, [[dA[v, i] * Z[v, i] for i in range(m)] for v in range(h)]
)
assert np.array_equal(
    (Z > 0) * 1.0, [[1.0 if Z[v, i] > 0 else 0.0 for i in range(m)] for v in range(h)]
)
assert np.allclose(b @ np.ones((1, m)) + Z, b + Z)
assert np.allclose(dZ @ np.ones((m, 1)), dZ.sum(axis=1, keepdims=True))
assert np.array_equal(
    np.eye(h), [[1.0 if v == w else 0.0 for w in range(h)] for v in range(h)]
)

# %% [markdown]
# | sign | read | NumPy |
# | --- | --- | --- |
# | $Z_{vi}$ | the entry of $Z$ in row $v$, column $i$ | `Z[v, i]` |
# | $W A$ | matrix product: entry $vi$ is $\sum_u W_{vu} A_{ui}$ | `W @ A` |
# | $W^\top$ | transpose: entry $uv$ is $W_{vu}$ | `W.T` |
# | $dA \odot Z$ | product entry by entry | `dA * Z` |
# | $P \oslash Z$ | quotient entry by entry | `P / Z` |
# | $e^Z$, $\mathrm{ReLU}(Z)$ | the function of each entry | `np.exp(Z)`, `np.maximum(Z, 0)` |
# | $[Z > 0]$ | 1 where $Z$ is positive, else 0 | `Z > 0` |
# | $b\,\mathbf{1}_m^\top$ | the column $b$, repeated $m$ times | `b`, NumPy repeats it |
# | $dZ\,\mathbf{1}_m$ | the sum of the columns of $dZ$ | `dZ.sum(axis=1, keepdims=True)` |
# | $\delta_{vw}$ | Kronecker delta: 1 if $v = w$, else 0 | `np.eye(h)` |
# | $\lambda$ | strength of the regularization | `lam` |
#
# ## Derivatives
#
# $\frac{\partial J}{\partial W_{vu}}$ says how fast $J$ changes when the one entry $W_{vu}$ changes and all other entries
# stay. The sign $\partial$ stands above *and* below, and each letter keeps its layer: $\frac{\partial Z^{[2]}}{\partial W^{[2]}}$.
# (Where the lower sign or the layer is left out, it may be clear what is meant; in a longer formula it isn't.)
#
# When both are matrices, there is one derivative for each *pair* of entries, so an array with four indices. Such arrays
# soon become large. This is how many numbers the derivative of the second layer's scores by its weights has on the spiral:

# %%
shapes = {
    name: [sizes["spiral"][str(size)] for size in arrays[name].shape]
    for name in ("Z2", "W2", "A1")
}
entries = {name: rows * columns for name, (rows, columns) in shapes.items()}
pairs = entries["Z2"] * entries["W2"]
print(f"Z2 by W2: {entries['Z2']} times {entries['W2']} = {pairs:,} numbers")
print(f"A1, from which they can all be read: {entries['A1']:,} numbers")

# %% [markdown]
# A good deal of backpropagation is the art of never writing such an array down.
#
# ## Exercises
#
# **1.** A network for the digits takes 64 features and has 100 hidden units and 10 classes. How many parameters does it
# have?

# %% tags=["solution"]
import netcode

n, h, C = 64, 100, 10
count = h * n + h + C * h + C
assert count == sum(array.size for array in netcode.initialize(n, h, C, seed=0))
print(f"{h} x {n} + {h} + {C} x {h} + {C} = {count}")

# %% [markdown]
# **2.** Which of these products exist for all sizes, and what shape do they have? Three of them are a gradient in
# disguise; which?
#
# - $W^{[2]} dZ^{[2]}$
# - $W^{[2]\top} dZ^{[2]}$
# - $dZ^{[2]} A^{[1]}$
# - $dZ^{[2]} A^{[1]\top}$
# - $dZ^{[1]} X^\top$

# %% tags=["solution"]
m, n, h, C = 7, 2, 4, 3  # no two alike, so that nothing fits by chance
of = {"h": h, "m": m, "n": n, "C": C, "1": 1}
zeros = {
    name: np.zeros([of[str(size)] for size in array.shape])
    for name, array in arrays.items()
}
found = {}
for product in ("W2 @ dZ2", "W2.T @ dZ2", "dZ2 @ A1", "dZ2 @ A1.T", "dZ1 @ X.T"):
    try:
        found[product] = eval(product, {}, zeros).shape
    except ValueError:
        found[product] = None
    same = [
        f"d{name}" for name in ("W1", "W2", "A1") if zeros[name].shape == found[product]
    ]
    print(f"{product:11}", found[product] or "does not exist", *same)
assert [found[p] for p in found] == [None, (h, m), None, (C, h), (h, n)]

# %% [markdown]
# **3.** Write the scores of the first layer with loops and no `@`, straight from the formula with indices, and compare.

# %% tags=["solution"]
rng = np.random.default_rng(1)
X, W1, b1 = rng.normal(size=(n, m)), rng.normal(size=(h, n)), rng.normal(size=(h, 1))
Z1 = np.empty((h, m))
for v in range(h):
    for i in range(m):
        Z1[v, i] = b1[v, 0]
        for u in range(n):
            Z1[v, i] += W1[v, u] * X[u, i]
assert np.allclose(Z1, W1 @ X + b1)
print("Largest difference:", f"{np.abs(Z1 - (W1 @ X + b1)).max():.0e}")

# %% [markdown]
# Next: [the network and its graph](network.py), where these arrays depend on one another.
