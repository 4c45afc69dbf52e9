# %% [markdown]
# # What this site grew from
#
# This site grew from a blog post of 2018, "Understanding formulas for backpropogation". Only its title and its date are known to us,
# neither its address nor its author's name. It derives the gradients of a network of two layers step by step, draws the graph, and
# trains the network in NumPy. The gradients are right, the training works, and the plan of our chapters is that of the post. Our
# thanks to whoever wrote it.
#
# Checking each line by machine found sixteen places to correct. Most are common errors that are made in many other texts too, and so
# they are worth a page: each is a place where a reader gets stuck or a program goes wrong. Eight are wrong statements
# (E1 to E5 and E7 to E9). Two are matters of notation (E6 and E10), and six are habits of code and of checking (E11 to E16).
#
# A wrong formula is an object here like a right one. Seven of the sections below hand one to the program, *expecting that it fails*. The
# program looks for a counterexample by itself and must find one; if it ever proved the formula instead, this page could not be
# built. A question mark over the equality sign marks what is wrong. The other sections run the mistake as code.

# %% tags=["remove-cell"]
from IPython.display import Markdown

from derivations import errata

# %% [markdown]
# ## E1: The sign in the loss
#
# **Said:** the loss of an example is $-\frac{1}{m}(Z_y + \log \sum e^Z)$.

# %%
errata.loss_with_plus.refute()

# %% [markdown]
# **What holds:** a minus, because the logarithm of a quotient is a difference. With the plus the loss can be negative, and with equal
# scores each example's share is wrong by $2 \log(C) / m$. The gradient that the post derives next belongs to the right loss, so only
# this line is wrong. [The derivation.](softmax-cross-entropy.py#from-probabilities-to-the-loss)
#
# ## E2: What the first loss must be
#
# **Said:** the first loss should be about minus the logarithm of one over the number of training examples.

# %%
errata.first_loss_by_examples.refute()

# %% tags=["remove-input"]
import numpy as np

Markdown(
    f"**What holds:** it is one over the number of *classes*. For the spiral that is $\\log 3 = {np.log(3):.4f}$, and the post does observe 1.10. By its own rule it "
    f"should have seen $\\log 300 = {np.log(300):.2f}$. [The derivation.](softmax-cross-entropy.py#the-first-loss)"
)

# %% [markdown]
# ## E3: ReLU on every layer
#
# **Said:** $A^{[l]} = \mathrm{ReLU}(Z^{[l]})$ for every layer but the input.

# %%
errata.relu_on_scores.refute()

# %% [markdown]
# **What holds:** not for the last layer. Its scores go to softmax as they are. ReLU would make all negative scores equal, and the
# network could no longer say that a class is less likely than another one it also thinks unlikely. The post's code is right here.
#
# ## E4: W, "the identity matrix"
#
# **Said:** the derivative of $Z^{[2]}$ by $A^{[1]}$ is $W^{[2]}$, with the remark "the identity matrix". Taken at its word:

# %%
errata.Z_by_A_is_identity.refute()

# %% [markdown]
# One might think that it was meant for a square $W$. No:

# %%
errata.Z_by_A_is_identity_if_square.refute()

# %% [markdown]
# **What holds:** the derivative is $W$, once for each example, and $W$ is any matrix. When the gradient goes back through it, the
# chain rule adds up over the *first* index of $W$, and so it is the transpose that multiplies: $dA = W^\top dZ$.
# [The derivation.](affine.py)
#
# ## E5: The derivative with respect to W is a matrix
#
# **Said:** the derivative of $Z$ by $W$ is $A^\top$.

# %%
errata.Z_by_W_is_A_transposed.refute()

# %% [markdown]
# **What holds:** $Z$ has two indices and $W$ has two, so the derivative has four: each entry of the one by each entry of the other.
# Most of its entries are 0, because a row of $W$ acts on the same row of $Z$ alone. $A^\top$ appears only when the array is multiplied by the
# gradient $dZ$ and added up. Who believes the short version must guess on which side to multiply. [The derivation.](affine.py)
#
# ## E6: Columns in the formulas, rows in the code
#
# **Said:** $Z = W A + b$ in the formulas, with examples as columns; `np.dot(a0, W1) + b1` in the code, with examples as rows; and $b$ is a
# row of shape $1 \times l$ in both.
#
# Let us take the formula with that bias. Where sizes differ, it can't be computed. Where there happen to be as many examples as units,
# it can, and adds the bias of unit 1 to *example* 1:

# %%
random = np.random.default_rng(0)
units, inputs = 4, 3
W, b_row = random.normal(size=(units, inputs)), random.normal(size=(1, units))

try:
    W @ random.normal(size=(inputs, 6)) + b_row
except ValueError:
    print("6 examples, 4 units: the shapes don't fit")
else:
    raise AssertionError("expected an error")

A = random.normal(size=(inputs, 4))
wrong, right = W @ A + b_row, W @ A + b_row.T
assert wrong.shape == right.shape
assert not np.allclose(wrong, right)
error = np.abs(wrong - right).max()
print(f"4 examples, 4 units: no error, and wrong by up to {error:.2f}")

# %% [markdown]
# **What holds:** choose one convention. With columns the bias is a column of shape $l \times 1$. The other convention is the transpose
# of everything: [the dictionary.](rows.py)
#
# ## E7: Summed because the sizes have to match
#
# **Said:** the bias's gradient is summed over the examples because otherwise its size would not match the bias.
#
# Many things have the right size. The mean has it, the largest entry has it, the last example alone has it. A reason that allows
# all of these is no reason:

# %%
import netcode
from netcode.gradients.numeric import complex_step
from netcode.mistakes.mistake import backward_with

shapes = (5, 3), (5, 1), (4, 5), (4, 1)
parameters = netcode.Parameters(*[random.normal(size=shape) for shape in shapes])
X, Y = random.normal(size=(3, 7)), netcode.one_hot(random.integers(4, size=7), 4)
lam = 0.1
forward = netcode.forward(X, parameters)
for line in (
    "db2 = dZ2.sum(axis=1, keepdims=True)",
    "db2 = dZ2.mean(axis=1, keepdims=True)",
    "db2 = dZ2.max(axis=1, keepdims=True)",
    "db2 = dZ2[:, -1:]",
):
    gradients = backward_with(line)(X, Y, parameters, forward, lam)
    check = netcode.check_gradient(X, Y, parameters, gradients, lam, complex_step)
    verdict = "right" if check.ok else "wrong"
    print(f"{line:40} shape {gradients.db2.shape}, {verdict}")

# %% [markdown]
# **What holds:** every example uses the *same* bias. A change of it changes the score of every example, and the chain rule adds up
# the effects along all the ways from the bias to the loss. [The derivation.](affine.py)
#
# ## E8: A hundred rows become one
#
# **Said:** where the Jacobian of ReLU is diagonal, $(100 \times 1000)(1000 \times 1000)$ can be computed as
# $(1 \times 1000) \odot (1 \times 1000)$. In the general form, with $D$ the gradient of $m$ examples (here as rows), $K$ the diagonal matrix and one mask for all:

# %%
errata.jacobian_product_of_a_batch.refute()

# %% [markdown]
# **What holds:** a product with 100 rows has 100 rows. And there is no one diagonal matrix for a batch: each example has its own active
# units, so its own diagonal. The mask has the shape of the batch, and $dZ = dA \odot [Z > 0]$. [The derivation.](relu.py)
#
# ## E9: The slope of ReLU at 0
#
# **Said:** the Jacobian of ReLU has zeros and ones on its diagonal. So at each place ReLU would have one slope, the same from the left and
# from the right:

# %%
errata.relu_has_slope_at_zero.refute()

# %% [markdown]
# **What holds:** at 0 the slope is 0 from the left and 1 from the right, and there is no derivative. The code must choose, and `a1 > 0`
# chooses 0. That is a convention to be stated, and [a gradient check must know of it](checking-gradients.py#the-kink-trap).
#
# ## E10: Signs and indices left out
#
# **Said:** in three fractions the denominator has no $\partial$, as in $\partial A^{[1]} / Z^{[1]}$; and the loss has a $Z_y$ that belongs to no layer.
#
# These are slips of the pen. But a reader who knows no better computes something, and it isn't a derivative. Here are the quotient of the first,
# taken at its word, and the loss with the scores of the wrong layer:

# %%
Z1, A1, Z2, _ = forward
assert A1.shape == Z1.shape
print("A1 / Z1 has the shape", (A1 / Z1).shape)
print("the Jacobian of A1 by Z1 has the shape", A1.shape + Z1.shape)

for name, scores in (("2", Z2), ("1", Z1[:4])):
    cross_entropy = np.log(np.exp(scores).sum(axis=0)) - (Y * scores).sum(axis=0)
    print(f"with Z of layer {name} the loss is {cross_entropy.mean():.4f}")

# %% [markdown]
# **What holds:** $\partial A^{[1]} / \partial Z^{[1]}$, and $Z^{[2]}_y$. Which symbol has which layer and shape: [Notation and shapes.](notation.py)
#
# ## E11: The exponential of raw scores
#
# **Done:** softmax takes the exponential of the scores as they come.

# %%
Z2 = np.array([[710.0], [0.0], [0.0]])
with np.errstate(over="ignore", invalid="ignore"):
    E = np.exp(Z2)
    plain = E / E.sum(axis=0)
assert np.isnan(plain).any()
print("plain:  ", plain.ravel())
print("netcode:", netcode.network.softmax(Z2).ravel().round(300))

# %% [markdown]
# **What holds:** from a score of 710 on the result is not a number, and with it every gradient. Taking the largest score away first
# changes nothing else. [Where plain code breaks.](numerical-trouble.py)
#
# ## E12: The probabilities are overwritten
#
# **Done:** `dz2 = probs`, then changes to `dz2` in place. That changes `probs` as well, which the caller still holds.

# %%
in_place = backward_with("dZ2 = P\ndZ2 -= Y\ndZ2 /= m")
passed = netcode.forward(X, parameters)
right = netcode.backward(X, Y, parameters, netcode.forward(X, parameters), lam)
for call in ("first", "second"):
    gradients = in_place(X, Y, parameters, passed, lam)
    error = np.linalg.norm(gradients.dW2 - right.dW2) / np.linalg.norm(right.dW2)
    print(f"{call} call: dW2 is wrong by {error:.0%}")
print("the probabilities of an example now add up to", passed.P[:, 0].sum().round(6))

# %% [markdown]
# **What holds:** `dZ2 = (P - Y) / m` makes a new array. [More on this.](numerical-trouble.py#shared-memory-probabilities-that-are-destroyed)
#
# ## E13: Sizes from global variables
#
# **Done:** the class reads the number of examples and of classes from variables outside of it. Then it divides by the number of examples of
# *those* data, whatever it is given:

# %%
m_outside = X.shape[1]  # 7, the number of all examples


def dZ2_with_m_from_outside(P, Y):
    return (P - Y) / m_outside


few = netcode.forward(X[:, :2], parameters)  # a batch of two
wrong = dZ2_with_m_from_outside(few.P, Y[:, :2])
right = netcode.backward(X[:, :2], Y[:, :2], parameters, few, lam).dZ2
assert np.allclose(right / wrong, 7 / 2)
print(
    "for a batch of 2 the gradient is too small by the factor",
    (right / wrong).mean().round(6),
)

# %% [markdown]
# **What holds:** `_, m = X.shape`, in the function, from the array that it is given.
#
# ## E14: One update too many
#
# **Done:** `for it in range(num_iter + 1)`, with an update in each turn, to have the loss of the last one printed.

# %%
num_iter = 1000
too_many = sum(1 for it in range(num_iter + 1))
settings = {"learning_rate": 0.1, "lam": lam, "updates": num_iter}
descent = netcode.GradientDescent(X, Y, parameters, **settings)
as_asked = len(list(descent))
assert (too_many, as_asked) == (1001, 1000)
print(f"asked for {num_iter}: the loop makes {too_many} updates, netcode {as_asked}")

# %% [markdown]
# **What holds:** after $k$ updates there are $k + 1$ losses to print, but only $k$ updates. If the last loss is wanted, compute it after the loop.
#
# ## E15: The caller's weights are gone
#
# **Done:** `W1 -= learning_rate * dW1` changes the array in place, and it is the array that the caller passed in.

# %%
W1 = parameters.W1.copy()  # what the caller holds
kept = W1
W1 -= 0.1 * netcode.backward(X, Y, parameters, forward, lam).dW1
print("in place, the array has changed:", not np.array_equal(kept, parameters.W1))

gradients = netcode.backward(X, Y, parameters, forward, lam)
before = parameters.W1.copy()
netcode.update(parameters, gradients, learning_rate=0.1)
assert np.array_equal(parameters.W1, before)
print("netcode.update, it has changed:", not np.array_equal(parameters.W1, before))

# %% [markdown]
# **What holds:** `W1 = W1 - learning_rate * dW1` makes a new array. Where speed asks for changes in place, they belong to copies that nobody
# else holds, as in `netcode.GradientDescent`.
#
# ## E16: "To be completely sure": a gradient check
#
# **Said:** to be completely sure one would check the gradient in numbers; and it is left out.
#
# On the post's data, at the start of its training, a simple check finds a *right* gradient wrong, because inputs of ReLU lie at its
# corner or so near that the step crosses it:

# %%
from netcode import data

rows, y = data.spiral()
X, Y, lam = rows.T, netcode.one_hot(y, 3), 1e-3
start = netcode.initialize(2, 25, 3, seed=0)
at_start = netcode.forward(X, start)
gradients = netcode.backward(X, Y, start, at_start, lam)


def J(b1):
    moved = start._replace(b1=b1)
    return netcode.loss(netcode.forward(X, moved).Z2, Y, moved, lam)


steps = 1e-5 * np.eye(25)[:, :, np.newaxis]  # one for each bias
simple = [[(J(start.b1 + s) - J(start.b1 - s)) / 2e-5] for s in steps]
error = np.linalg.norm(simple - gradients.db1) / np.linalg.norm(gradients.db1)
of_db1 = netcode.check_gradient(X, Y, start, gradients, lam).checks[1]
print(f"{np.sum(at_start.Z1 == 0)} inputs of ReLU are exactly 0")
print(
    f"db1 by a simple check: off by {error:.1e}; by a good one: {of_db1.normwise:.1e}"
)

# %% [markdown]
# **What holds:** a check that knows of kinks calls it right. [How, and why.](checking-gradients.py#the-kink-trap)
#
# ## What it got right
#
# The steps from the loss to $P - Y$, the four gradients as the code computes them, the trick with the mask, the initialization, and the training.
# Whoever follows the post's code gets a network that works.
#
# ## Exercises
#
# **1.** Suppose that the loss of E1, with the plus, were meant. What is its gradient with respect to the scores? Check your formula
# in numbers, and say what gradient descent would do with it.

# %% tags=["solution"]
Z, Y = random.normal(size=(3, 4)), netcode.one_hot(np.array([0, 2, 1, 1]), 3)


def loss_with_plus(Z):
    return -np.mean((Y * Z).sum(axis=0) + np.log(np.exp(Z).sum(axis=0)))


# The score by itself, and the log of the sum by softmax: both with a minus.
formula = -(Y + netcode.network.softmax(Z)) / 4
for place in np.ndindex(Z.shape):
    step = np.zeros_like(Z)
    step[place] = 1e-6
    slope = (loss_with_plus(Z + step) - loss_with_plus(Z - step)) / 2e-6
    assert abs(slope - formula[place]) < 1e-8

# All entries are negative: every step makes every score larger, and learns nothing.
assert (formula < 0).all()
print("dZ2 = -(Y + P) / m, checked; all of it is negative")

# %% [markdown]
# **2.** The other choice in E9 is the slope 1 at 0, `dZ1 = dA1 * (Z1 >= 0)`. How much does it change the gradient of the first layer at the start of
# training on the spiral? And if two of the three points at the origin are taken away?

# %% tags=["solution"]
other_choice = backward_with("dZ1 = dA1 * (Z1 >= 0)")
X, Y = rows.T, netcode.one_hot(y, 3)
at_origin = np.flatnonzero((X == 0).all(axis=0))
changes = []
for left_out in ([], at_origin[1:]):
    X_part, Y_part = np.delete(X, left_out, axis=1), np.delete(Y, left_out, axis=1)
    arguments = X_part, Y_part, start, netcode.forward(X_part, start), lam
    one, other = netcode.backward(*arguments), other_choice(*arguments)
    # At the origin X is 0, so dW1 doesn't notice.
    assert np.array_equal(one.dW1, other.dW1)
    changes.append(np.linalg.norm(other.db1 - one.db1) / np.linalg.norm(one.db1))

# With all three, their P - Y add up to 0: equal probabilities, three different labels.
assert changes[0] < 1e-12 < 1e-3 < changes[1]
all_three, one_of_them = changes
print(f"db1 changes by {all_three:.0e} with all three, by {one_of_them:.0%} with one")

# %% [markdown]
# Next: [what is proven, what is cross-checked, and what is trusted](trusted.py).
