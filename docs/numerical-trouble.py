# %% [markdown]
# # Numerical trouble
#
# A formula can be right and the number wrong. A computer's usual numbers have a largest one, a smallest one, and 16 digits in
# between, and the formulas of softmax and cross-entropy run into all three. They also run into a fourth thing, arrays that
# share their memory.
#
# At the end of this chapter you will know at which scores the plain formulas break and how, the few lines that don't, and why
# they compute the same.
#
# ## Too large: the exponential overflows
#
# The plain code for softmax takes the exponential of each score, as the formula says. Here is one example with three
# classes, its scores a column of the $C \times m$ matrix $Z^{[2]}$, and its label, the first class:

# %%
import numpy as np

np.seterr(all="ignore")  # NumPy would warn of what follows
np.set_printoptions(precision=2)


def plain_softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=0)


Y = np.array([[1.0], [0.0], [0.0]])
for score in (700.0, 709.0, 710.0):
    Z2 = np.array([[score], [1.0], [0.0]])
    dZ2 = plain_softmax(Z2) - Y
    print(f"score {score:.0f}: gradient", dZ2.ravel())

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations.calculus.writers.latex import power_of_ten

limits = {
    dtype.__name__: float(np.log(np.finfo(dtype).max))
    for dtype in (np.float64, np.float32)
}
Markdown(
    f"The largest number of 64 bits (float64) is {np.finfo(np.float64).max:.1e}, and its logarithm is {limits['float64']:.2f}. The exponential of a larger score "
    f"is infinite, and infinity over infinity is not a number, `nan`. With 32 bits (float32), which most large networks use, the limit is {limits['float32']:.2f}. "
    "A score of 89 is nothing unusual, for instance when features are not scaled."
)

# %% [markdown]
# One such example in a thousand is enough. Each weight's gradient is a sum over all examples, so all become `nan`; after the next
# update so do all weights; and nothing that is computed from them is ever a number again.
#
# The way out was proven in [the chapter on softmax](softmax-cross-entropy.py): taking a number $s_i$ from all scores of example
# $i$ changes nothing.

# %%
from derivations import softmax_cross_entropy

softmax_cross_entropy.softmax_shifted.prove()

# %% [markdown]
# So take away the largest score of each example. What goes into the exponential is then 0 at most, and what comes out is between
# 0 and 1. The sum is at least 1, so the division is safe as well. `netcode` does this:

# %%
from netcode.network import cross_entropy, softmax

for score in (710.0, 1e5, 1e300):
    Z2 = np.array([[score], [1.0], [0.0]])
    print(f"score {score:.0e}: gradient", (softmax(Z2) - Y).ravel())

# %% [markdown]
# ## Too small: the logarithm of 0
#
# Now the loss, minus the logarithm of the probability of the right class. Even with a safe softmax that probability can be so
# small that it becomes 0: the exponential of anything below about $-745$ does. The logarithm of 0 is minus infinity, and the
# loss, infinite, though the true one is an ordinary number of some hundreds.
#
# The loss should therefore be computed from the scores, not from the probabilities: the logarithm of a quotient is a
# difference, and in it the exponential of the right score is gone.
#
# ## Too few digits: cancellation
#
# That difference has a weakness of its own. When the network is right and sure, it is the difference of two nearly equal numbers.
# With two classes whose scores are $d$ apart, the loss is about $e^{-d}$; but the sum $1 + e^{-d}$ is rounded to 16 digits, and
# from $d = 37$ on it is exactly 1. Its logarithm is 0: the code believes that there is nothing left to learn.
#
# Both can be had. Let $k$ be the class with the largest score. Measured from it, the loss is

# %%
from derivations import stable_loss

stable_loss.loss_from_a_score.prove()

# %% [markdown]
# In the last line nothing is subtracted that cancels. The first difference is 0 if the right class leads, and positive
# otherwise. The sum is over the other classes, none of its terms is larger than 1, and NumPy has a function for
# $\log(1 + x)$ that keeps its digits when $x$ is tiny: `np.log1p`. These are the lines of `netcode`:

# %%
import inspect

print(inspect.getsource(cross_entropy))

# %% [markdown]
# Side by side, for two classes, where $d$ is the right score less the other one: positive if the network is right, negative if it
# is wrong. "Plain" is minus the logarithm of the plain softmax above, "log of softmax" takes the safe softmax instead, and "log of
# the sum" is the difference of the two, both measured from the largest score. The true loss is computed with 50 digits.

# %% tags=["hide-input"] alt="Left: the relative error of the loss against d from 0 to 60, logarithmic. The plain code, the log of softmax and the log of the sum lie together: their errors rise steadily from 1e-16 at d = 0 to 1 at d = 37, and stay there. The error of netcode stays near 1e-16. Right: a bar for each code shows where between d = -1000 and 1000 its loss is right to six digits: the plain code from about -710 to 23, the log of softmax from about -740 to 23, the log of the sum from -1000 to 23, and netcode from -1000 to about 740."
import matplotlib.pyplot as plt
import mpmath


def plain(Z, Y):
    return -np.log((plain_softmax(Z) * Y).sum(axis=0))


def log_of_softmax(Z, Y):
    return -np.log((softmax(Z) * Y).sum(axis=0))


def log_of_the_sum(Z, Y):
    shifted = Z - Z.max(axis=0)
    return np.log(np.exp(shifted).sum(axis=0)) - (Y * shifted).sum(axis=0)


d = np.arange(-1000.0, 1001.0)
with mpmath.workdps(50):
    true = [mpmath.log1p(mpmath.exp(-int(x))) for x in d]


def relative_errors(code):
    # The smaller score is 0.
    losses = code(np.maximum([d, -d], 0), np.array([[1.0], [0.0]]))
    with mpmath.workdps(50):
        return np.array(
            [
                float(abs(mpmath.mpf(float(a)) / b - 1))
                for a, b in zip(losses, true, strict=True)
            ]
        )


codes = {
    "plain": plain,
    "log of softmax": log_of_softmax,
    "log of the sum": log_of_the_sum,
    "netcode": cross_entropy,
}
errors = {name: relative_errors(code) for name, code in codes.items()}

figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), width_ratios=(1, 1.15))
for (name, error), style in zip(errors.items(), ("-", "--", "-.", ":"), strict=True):
    left.semilogy(d[1000:1061], np.maximum(error[1000:1061], 1e-17), style, label=name)
left.set(xlabel="d", ylabel="relative error of the loss")
left.legend(fontsize=9)
left.grid()

good = {name: d[error < 1e-6] for name, error in errors.items()}
for place, where in enumerate(good.values()):
    right.barh(-place, np.ptp(where), left=where[0], height=0.5, color=f"C{place}")
right.set(
    xlabel="d", yticks=[0, -1, -2, -3], yticklabels=list(good), xlim=(-1000, 1000)
)
right.set_title("right to six digits", fontsize=11)
right.grid(axis="x")
plt.show()

# %% tags=["remove-input"]
digits_lost = errors["log of the sum"][1030]
sure = int(d[1000:][errors["log of the sum"][1000:] == 1][0])
worst = errors["netcode"][d <= 708].max()
Markdown(
    f"The plain code is right to six digits between $d = {good['plain'][0]:.0f}$ and {good['plain'][-1]:.0f}: beyond the first it overflows. The logarithm of softmax loses its digits "
    f"below $d = {good['log of softmax'][0]:.0f}$ and is infinite from ${d[np.isinf(errors['log of softmax'])].max():.0f}$ down. Where the network is right, all three lose their digits: at $d = 30$ they are wrong by {digits_lost:.1%}, and from {sure} on "
    f"they say that the loss is 0. The loss of `netcode` is right to ${power_of_ten(worst)}$ of itself up to $d = 708$, where the numbers of float64 themselves lose digits, being smaller than "
    f"${power_of_ten(np.finfo(np.float64).tiny)}$. From there it fades, and from {int(d[errors['netcode'] == 1][0])} on it is 0."
)

# %% [markdown]
# Does it matter that the loss of a sure network is wrong? The gradient is $P - Y$ and was never computed from the loss. But the loss is
# what one looks at to decide whether training goes on, and what [a gradient check](checking-gradients.py) differentiates.
#
# ## Shared memory: probabilities that are destroyed
#
# The last trouble isn't one of numbers. Much code computes $dZ^{[2]}$ in place, to save an array:
# `dZ2 = P`, then `dZ2 -= Y`. But `dZ2 = P` copies nothing. It gives the same array a second name, and what is subtracted from one
# is subtracted from the other. After it `P` holds no probabilities any more. The first call of `backward` is right. A second one
# with the same forward pass isn't:

# %%
import netcode
from netcode import data
from netcode.mistakes.mistake import backward_with

# In the place of netcode's dZ2 = (P - Y) / m:
in_place = backward_with("dZ2 = P\ndZ2 -= Y\ndZ2 /= m")

rows, y = data.spiral()
X, Y, lam = rows.T, netcode.one_hot(y, 3), 1e-3
parameters = netcode.initialize(2, 25, 3, seed=0)
forward = netcode.forward(X, parameters)
right = netcode.backward(X, Y, parameters, forward, lam)

once = in_place(X, Y, parameters, forward, lam)
twice = in_place(X, Y, parameters, forward, lam)
for name in ("dW1", "db1", "dW2", "db2"):
    true = getattr(right, name)
    first, second = (
        np.linalg.norm(getattr(call, name) - true) for call in (once, twice)
    )
    size = np.linalg.norm(true)
    print(
        f"{name}: first call wrong by {first / size:.0%}, second by {second / size:.0%}"
    )
print("the 'probabilities' of the first example:", forward.P[:, 0].round(4))

# %% [markdown]
# A training loop calls it once for each forward pass, so training goes well. Whoever calls it twice, for a gradient check for
# instance, or prints the probabilities afterwards, gets wrong numbers without a word. A function that changes nothing it was
# given can't do that. `dZ2 = (P - Y) / m` makes a new array; for 300 examples that costs nothing worth saving.
#
# ## Exercises
#
# **1.** Someone takes away the largest score of the *whole matrix*, `Z - Z.max()`, instead of the largest of each column. It is a
# shift too, so the formula is right. Find a matrix on which the code fails.


# %% tags=["solution"]
def shifted_by_one_number(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=0)


# Next to an example with large scores, one with small ones.
Z = np.array([[1000.0, 1.0], [0.0, 2.0]])
P = shifted_by_one_number(Z)
assert np.isnan(P[:, 1]).all()  # all its exponentials became 0; 0/0 is not a number
assert np.isfinite(softmax(Z)).all()
print(P)

# %% [markdown]
# **2.** For two classes the loss is $\log(1 + e^x)$, where $x$ is the wrong score less the right one. Write it so that it is accurate
# for every $x$, with `np.log1p` and without an `if`.


# %% tags=["solution"]
def loss_of_two(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


x = np.array([-800.0, -700.0, -40.0, 0.0, 1.0, 40.0, 1e6])
assert np.allclose(loss_of_two(x), np.logaddexp(0, x), rtol=1e-15, atol=0)
wrong_score, label = np.vstack([x, np.zeros_like(x)]), np.array([[0.0], [1.0]])
assert np.allclose(
    loss_of_two(x), cross_entropy(wrong_score, label), rtol=1e-15, atol=0
)
print(loss_of_two(x))

# %% [markdown]
# **3.** From which $d$ on is `np.log(1 + np.exp(-d))` exactly 0, and why? And in float32?

# %% tags=["solution"]
for dtype in (np.float64, np.float32):
    epsilon = np.finfo(dtype).eps  # from 1 to the next larger number
    d = -np.log(epsilon / 2)  # what is less than half of that is rounded away
    assert np.log(1 + np.exp(dtype(-d - 0.1))) == 0
    assert np.log(1 + np.exp(dtype(-d + 0.1))) > 0
    print(f"{dtype.__name__}: from d = {d:.2f} on")

# %% [markdown]
# Next: the same network with [examples as rows](rows.py), as most code has it.
