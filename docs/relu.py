# %% [markdown]
# # ReLU and its Jacobian
#
# Between the two layers stands ReLU: what is positive passes, what is negative becomes 0. Without it the two layers
# together would be one affine layer, $W^{[2]} (W^{[1]} X)$ being $(W^{[2]} W^{[1]}) X$, and the network could draw straight
# borders only.
#
# At the end of this chapter you will know ReLU's derivative with respect to all its inputs at once, why nobody ever
# computes that matrix, what takes its place, how much memory this saves, and what happens at 0.
#
# ## The function
#
# $Z$ $(h \times m)$ are the scores of the hidden units, $A$ $(h \times m)$ what comes out. Each entry is treated alone.

# %%
import derivations.relu as chapter

chapter.forward.prove()

# %% tags=["hide-input"] alt="Left: ReLU, 0 for negative z, and from 0 on a line of slope 1, with a corner at 0. Right: its slope, 0 for negative z and 1 for positive z, with a jump at 0, where a filled dot marks the value 0 that is chosen."
import matplotlib.pyplot as plt
import numpy as np

blue, orange = plt.rcParams["axes.prop_cycle"].by_key()["color"][:2]
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 2.6))
z = np.linspace(-2, 2, 5)
left.plot(z, np.maximum(z, 0), color=blue)
left.set(title="ReLU", xlabel="z")
right.plot([-2, 0], [0, 0], color=orange)
right.plot([0, 2], [1, 1], color=orange)
right.plot(0, 0, "o", color=orange)
right.plot(0, 1, "o", markerfacecolor="none", color=orange)
right.set(title="its slope", xlabel="z", yticks=[0, 1])
for axes in (left, right):
    axes.title.set_fontsize(11)
    axes.grid()
plt.show()

# %% [markdown]
# With a *mask* $[Z > 0]$, which is 1 where $Z$ is positive and 0 elsewhere, ReLU is a product: $\odot$ multiplies entry by
# entry.

# %%
chapter.as_mask.prove()

# %% [markdown]
# ## The corner
#
# At 0 the slope from the left is 0 and the slope from the right is 1. So there is no derivative. "ReLU's
# derivatives are 0 and 1" passes over the point where it has none. Is the slope from the left the same as the one
# from the right? The program tried to prove it, and found the number for which it is false:

# %%
from derivations import errata

errata.relu_has_slope_at_zero.refute()

# %% [markdown]
# The left side of the question is the slope from the left, the right side is the slope from the right.
#
# In plain words: a derivative at 0 would be *one* number that the ratio "change of ReLU by change of $z$" comes near, however
# small the step, and whichever way it goes. Take smaller and smaller steps both ways:

# %%
for step in (1e-1, 1e-3, 1e-6):
    right_slope = (max(step, 0) - max(0, 0)) / step
    left_slope = (max(-step, 0) - max(0, 0)) / -step
    print(f"step {step:g}: right {right_slope:g}, left {abs(left_slope):g}")

# %% [markdown]
# To the right all of the step passes, to the left nothing does, and no smaller step brings the two together. So whoever says "the
# slope at 0 is 1" is wrong on the left, whoever says "it is 0" is wrong on the right, and a number in between is wrong on both
# sides. One $z$ is enough to refute a statement about all $z$, and this one is it; for every other $z$ the two slopes agree.
#
# So a choice must be made, and said. Here it is **ReLU'(0) = 0**: in formulas by $[Z > 0]$, in code by `Z > 0` and not
# `Z >= 0`. Any number from 0 to 1 would do for training; 0 is what most libraries take. All proofs on this site are for
# this choice.
#
# Does it ever matter? A score that is exactly 0 is rare, but on the spiral it happens at the very start: three points are
# exactly the origin, and all biases begin with 0.

# %%
import netcode
from netcode import data

rows, y = data.spiral()
X, Y = rows.T, netcode.one_hot(y, 3)
parameters = netcode.initialize(n=2, h=25, C=3, seed=0)
forward = netcode.forward(X, parameters)
ours = netcode.backward(X, Y, parameters, forward, lam=0)

dZ1 = ours.dA1 * (forward.Z1 >= 0)  # the other choice: ReLU'(0) = 1
print("scores that are exactly 0:", np.sum(forward.Z1 == 0))
print("largest change of dZ1:", np.abs(dZ1 - ours.dZ1).max().round(5))
print("largest change of dW1:", np.abs(dZ1 @ X.T - ours.dW1).max())
print(
    "largest change of db1:",
    f"{np.abs(dZ1.sum(axis=1, keepdims=True) - ours.db1).max():.0e}",
)

# %% [markdown]
# What these three points send back depends on the choice, but here the parameters don't notice. In the weights' gradient
# what arrives is multiplied by the points, which are 0. In the biases' gradient it is added up over three points with the
# same probabilities and three different labels, and cancels. With other labels it would not. The corner does matter when
# a gradient is [checked in numbers](checking-gradients.py): a step to one side is on one slope, a step to the
# other side on the other.

# %% [markdown] tags=["question"]
# A score is exactly 0, and 0.7 arrives. What passes back on this site?
#
# - [x] 0
#   The choice here is a slope of 0 at 0: `Z > 0` is false.
# - [ ] 0.7
#   That is the other choice, `Z >= 0`.
# - [ ] 0.35
#   The slope 1/2 at 0 could be chosen too, but isn't here.

# %% [markdown]
# ## All derivatives at once
#
# How does each entry of $A$ change with each entry of $Z$? All these derivatives together are called the *Jacobian*.

# %%
chapter.jacobian.prove()

# %% [markdown]
# The two deltas say: 0, unless both unit and example are the same. A matrix that is 0 off its diagonal is called *diagonal*.
# Take a single example with three units, as a row. Its Jacobian is $3 \times 3$:

# %%
z = np.array([[0.5, -2.0, 3.0]])  # one example, three scores
da = np.array([[7.0, 8.0, 9.0]])  # what arrives, (1, 3)
jacobian = np.diagflat(z > 0) * 1.0
print(jacobian)
print("row times Jacobian:", da @ jacobian)
print("entry by entry:    ", da * (z > 0))

# %% [markdown]
# $(1 \times 3)(3 \times 3)$ gives the same as $(1 \times 3) \odot (1 \times 3)$. This is so for every number of units:

# %%
chapter.row_by_diagonal.prove()

# %% [markdown]
# And for a whole batch, $h$ units and $m$ examples, with $dA$ arriving:

# %%
chapter.dZ_elementwise.prove()

# %% [markdown]
# So the chain rule through ReLU, a sum over *all* entries of $A$, becomes a product entry by entry. Where a unit
# was off, nothing passes back; where it was on, all of it does.
#
# Mind the shapes of a batch. **A common error:** for 100 examples $(100 \times 1000)(1000 \times 1000)$ becomes
# $(1 \times 1000) \odot (1 \times 1000)$. But 100 examples remain 100 examples, and each has a mask of its own: the mask has
# the batch's shape. Let $D$ be the batch as rows and $K$ a diagonal matrix:

# %%
errata.jacobian_product_of_a_batch.refute()

# %% [markdown] tags=["question"]
# $Z$ has the shape $h \times m$. What shape does the mask $[Z > 0]$ have?
#
# - [ ] `(h, h)`
#   The Jacobian of one example has that shape. Nobody needs it.
# - [ ] `(h, 1)`
#   Each example has a mask of its own: a unit may be on for one and off for another.
# - [x] `(h, m)`
#   It has one entry for each score.

# %% [markdown]
# ## What it saves
#
# The Jacobian of one example has $h^2$ numbers, of which $h$ can be other than 0. The mask has $h$ numbers, of one byte each. For a
# batch of $m$ examples the full Jacobian has $(hm)^2$ numbers. The arrays up to width 10,000 are made here and asked for their
# size. Only the Jacobian of a batch of 100 examples is calculated: at the end it would take terabytes.

# %% tags=["hide-input"] alt="Bytes against the number of hidden units from 10 to 10,000, both axes logarithmic. The mask of one example rises from 10 bytes to 10 kilobytes. The Jacobian of one example rises from 800 bytes to 800 megabytes, twice as steeply. The Jacobian of a batch of 100 examples runs parallel to it, ten thousand times higher, and ends at 8 terabytes."
widths = np.array([10, 100, 1_000, 10_000])
batch = 100
mask = np.array([np.zeros((width, 1), dtype=bool).nbytes for width in widths])
full = np.array([np.zeros((width, width)).nbytes for width in widths], dtype=np.int64)
full_batch = full * batch**2

figure, axes = plt.subplots(figsize=(6.4, 3.8))
for size, style, name in (
    (full_batch, "^-", f"Jacobian, {batch} examples"),
    (full, "s-", "Jacobian, one example"),
    (mask * batch, "v--", f"mask, {batch} examples"),
    (mask, "o--", "mask, one example"),
):
    axes.loglog(widths, size, style, label=name)
axes.set(xlabel="hidden units", yticks=[1e0, 1e3, 1e6, 1e9, 1e12])
axes.set_yticklabels(["1 B", "1 kB", "1 MB", "1 GB", "1 TB"])
axes.minorticks_off()
axes.set_xticks(widths, [f"{width:,}" for width in widths])
axes.grid()
axes.legend()
plt.show()


# %% tags=["remove-input"]
from IPython.display import Markdown


def in_words(size):
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    raise ValueError(size)


lines = [
    f"| hidden units | mask, one example | Jacobian, one example | mask, {batch} examples | Jacobian, {batch} examples |",
    "| ---: | ---: | ---: | ---: | ---: |",
]
for width, one, jacobian_of_one, of_batch in zip(
    widths, mask, full, full_batch, strict=True
):
    cells = (in_words(size) for size in (one, jacobian_of_one, one * batch, of_batch))
    lines.append(f"| {width:,} | {' | '.join(cells)} |")
Markdown("\n".join(lines))

# %% [markdown]
# Time is saved as well: $h^2$ multiplications for each example become $h$.
#
# ## In code
#
# The line of the training code is the derivation's, to the letter. The mask can also be read off the output, since
# $A$ is positive just where $Z$ is; then $Z$ need not be kept:

# %%
chapter.mask_by_output.prove()

# %%
rng = np.random.default_rng(0)
Z, dA = rng.normal(size=(4, 6)), rng.normal(size=(4, 6))
A = np.maximum(Z, 0)
print(chapter.dZ_elementwise.numpy)

by_formula = dA * (Z > 0)
by_derivation = chapter.dZ_elementwise.evaluate(dA=dA, Z=Z)
by_jacobian = np.einsum("vi,viwj->wj", dA, chapter.jacobian.evaluate(Z=Z))
assert np.array_equal(by_formula, by_derivation)
assert np.array_equal(by_formula, by_jacobian)
assert np.array_equal(by_formula, dA * (A > 0))
print("by the derivation, by the full Jacobian and by the output: the same numbers")

# %% [markdown]
# ## Exercises
#
# **1.** *Leaky* ReLU does not make negative numbers 0, but multiplies them by a small number $\lambda$. What is its
# Jacobian? (Write it with ReLU: $A = \mathrm{ReLU}(Z) - \lambda\,\mathrm{ReLU}(-Z)$.)

# %% tags=["solution"]
from derivations import Derivation
from derivations.calculus import Partial, array, delta, relu, step
from derivations.notation import h, i, j, lam, m, v, w

Z, A = array("Z", h, m), array("A", h, m)
leaky = Derivation(
    "The Jacobian of leaky ReLU",
    Partial(A[v, i], Z[w, j]),
    (
        (step(Z[v, i]) + lam * step(-Z[v, i])) * delta(v, w) * delta(i, j),
        "slope 1 above 0, `lam` below; each entry depends only on itself",
    ),
    where={A[v, i]: relu(Z[v, i]) - lam * relu(-Z[v, i])},
)
print(leaky.prove())

# %% [markdown]
# **2.** The absolute value is $|z| = \mathrm{ReLU}(z) + \mathrm{ReLU}(-z)$. Which slope does our convention give it at 0?

# %% tags=["solution"]
B = array("B", h, m)
absolute = Derivation(
    "The slope of the absolute value",
    Partial(B[v, i], Z[v, i]),
    (step(Z[v, i]) - step(-Z[v, i]), "the slope of each part; -z has the slope -1"),
    where={B[v, i]: relu(Z[v, i]) + relu(-Z[v, i])},
)
at = absolute.prove().evaluate(Z=np.array([[-2.0, 0.0, 2.0]]))
assert at.tolist() == [[-1, 0, 1]]
print("slopes at -2, 0 and 2:", at)

# %% [markdown]
# **3.** Give one hidden unit a bias so low that its score is negative for every example. What are its gradients, without
# regularization? Can training ever revive it? (Such a unit is called *dead*.)

# %% tags=["solution"]
b1 = parameters.b1.copy()
b1[7] = -100
dead = parameters._replace(b1=b1)
forward = netcode.forward(X, dead)
gradients = netcode.backward(X, Y, dead, forward, lam=0)
assert not forward.A1[7].any()
assert not gradients.dW1[7].any()
assert not gradients.db1[7].any()
assert not gradients.dW2[:, 7].any()
print("dW1 and db1 of unit 7 and its column of dW2 are all 0.")
print("No update changes it, so it stays dead.")

# %% [markdown]
# Next: [the chain rule](chain-rule.py) puts the layers together.
