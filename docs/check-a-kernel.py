# %% [markdown]
# # Check a kernel
#
# You have written a backward pass that computes in few bits: bfloat16 in and out, sums in float32. Its gradient differs from the exact one,
# as it must. Is it right?
#
# Usually somebody picks a number, such as `rtol=1e-2, atol=1e-2`, that makes the tests pass. The formula knows better: it says for each entry
# how far a right kernel can be off. At the end of this page you will have checked a kernel of your own with that, and will know what the
# tolerance is made of.
#
# ## A number that fits nothing
#
# Here is the softmax of 2,048 scores in each of four examples. A kernel that returns nothing but zeros passes:

# %%
import numpy as np

from derivations import derive

layer = derive("P[i, c] = exp(S[i, c]) / sum[d](exp(S[i, d]))", wrt="S", name="softmax")

rng = np.random.default_rng(0)
inputs = {
    "S": rng.normal(scale=0.5, size=(4, 2048)),
    "dP": rng.normal(size=(4, 2048)),
}
saved = layer.forward(inputs["S"])[-1]
dS = layer.backward(inputs["dP"], saved)

print("zeros are accepted:", np.allclose(np.zeros_like(dS), dS, rtol=1e-2, atol=1e-2))

# %% [markdown]
# All probabilities are small, so all gradients are, and `atol` is larger than any of them. With a smaller one, a right kernel fails
# elsewhere.
#
# ## A number for each entry
#
# `layer.tolerance` takes the inputs and what the kernel computes in:

# %%
tolerance = layer.tolerance(inputs, dtype="bfloat16", stored={"P": "bfloat16"})["dS"]

for c in range(4):
    print(f"dS[0, {c}] = {dS[0, c]:+.6f} ± {tolerance[0, c]:.6f}")

# %% tags=["hide-input"] alt="The error of each entry against the size of the entry, both logarithmic. The tolerances rise along a line with a floor to the left; the errors of the right kernel lie below them, a few close to them. The errors of the kernel without the sum lie above them, but for the largest entries."
import matplotlib.pyplot as plt

from derivations.reverse.tolerance.formats import FORMATS

bfloat16 = FORMATS["bfloat16"].rounded
given = {name: bfloat16(value) for name, value in inputs.items()}
exact = layer.backward(given["dP"], layer.forward(given["S"])[-1])
allowed = layer.tolerance(given, dtype="bfloat16", stored={"P": "bfloat16"})["dS"]

P = bfloat16(np.exp(given["S"]) / np.exp(given["S"]).sum(axis=1, keepdims=True))
right = bfloat16(P * (given["dP"] - (P * given["dP"]).sum(axis=1, keepdims=True)))
wrong = bfloat16(P * given["dP"])

figure, axes = plt.subplots(figsize=(7, 3.8))
some = (0, slice(0, 256))  # enough to look at
size = np.abs(exact[some])
for name, kernel, marker in (("right", right, "."), ("wrong: no sum", wrong, "x")):
    error = np.abs(kernel - exact)[some]
    axes.loglog(size, np.maximum(error, 1e-9), marker, markersize=4, label=name)
axes.loglog(size, allowed[some], "+", color="0.5", markersize=4, label="tolerance")
axes.set(xlabel="size of the entry of dS", ylabel="error", ylim=(1e-8, None))
axes.legend()
axes.grid()
plt.show()

# %% tags=["remove-input"]
from IPython.display import Markdown

beyond = int((np.abs(wrong - exact) > allowed).sum())
largest = float((np.abs(right - exact) / allowed).max())
Markdown(
    f"The right kernel's largest error is {largest:.2f} of its tolerance. The one that has forgotten the sum is beyond it in {beyond} of "
    f"{exact.size:,} entries."
)

# %% [markdown]
# ## What it is made of
#
# Three things make a right kernel differ from the exact gradient, and the tolerance is their sum:
#
# tolerance = $u \, |dX| + 8 v \, S + 2 E$
#
# - **The result is rounded.** $u$ is the *unit roundoff* of its format, the largest relative error of rounding to it: $2^{-8}$ for bfloat16.
# - **The sums are rounded.** $v$ is the unit roundoff of the format in which the kernel adds up, $2^{-24}$ for float32. $S$ is the formula of the
#   gradient with the absolute value of every term in place of the term: where large terms cancel, more is lost than the result shows.
# - **What is stored is rounded.** A kernel that writes $P$ to memory in bfloat16 and reads it again computes with another $P$. How much the
#   gradient changes is a derivative, and so the machine works it out: here $E = |dP - \sum P \, dP| \, e + P \sum e \, |dP|$, where $e$ is the
#   rounding of $P$.
#
# The 8 and the 2 were measured on a GPU (H200, PyTorch 2.11): none of 4,300 gradients of kernels that keep all else in float32 was beyond the
# first two terms, and the closest came to 0.999 of them.
#
# ## Your own kernel
#
# `layer.check` asks your function at three places of different sizes, at numbers that its format has, and holds every entry against its
# tolerance. If one is beyond, it asks again in float64 for what is wrong:


# %%
def my_backward(dP, P):
    return P * dP


print(layer.check(my_backward, dtype="bfloat16", stored={"P": "bfloat16"}))


# %%
def my_backward(dP, P):
    return P * (dP - (P * dP).sum(axis=1, keepdims=True))


print(layer.check(my_backward, dtype="bfloat16", stored={"P": "bfloat16"}))

# %% [markdown]
# The function gets NumPy arrays by the names of the formula: float32, with numbers that bfloat16 has. If yours takes tensors, say how to make one; what it returns is read if it speaks
# `__array__` or DLPack, as tensors of PyTorch and JAX do:
#
# ```python
# def tensor(array):
#     return torch.tensor(array.astype("float32"), dtype=torch.bfloat16, device="cuda")
#
#
# layer.check(my_backward, kernel="torch softmax, bfloat16", inputs=inputs, convert=tensor)
# ```
#
# `kernel` stands for what is known of PyTorch's own kernels: which names of the [book of layers](layers/index.md) they store. `inputs` are
# yours, where three small places are not enough.
#
# ## In your tests
#
# After `pip install .`, pytest has a fixture. It takes a layer, or the name of one in the book, and fails with what is wrong:
#
# ```python
# def test_my_softmax(assert_gradient):
#     assert_gradient("softmax", my_backward, dtype="bfloat16", stored={"P": "bfloat16"})
# ```
#
# And in a shell, for a file:
#
# ```sh
# python -m derivations verify my_kernel.py --layer softmax --dtype bfloat16 --stored P
# ```
#
# ## What it can't see
#
# The bound is of first order: it is for errors that are small beside the numbers. It is for kernels that compute the formula, in any order of
# summation; one that takes the variance as the mean of squares less the square of the mean loses more digits than that, and will be blamed.
# In few bits some mistakes are smaller than the rounding. What is within the tolerance can't be told from right by these numbers; in float64
# it can: [ask there first](derive.py).
