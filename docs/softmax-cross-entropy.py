# %% [markdown]
# # Softmax and cross-entropy
#
# At its end the network has a *score* for each class and each example: the matrix $Z^{[2]}$ with $C$ rows, one for each
# class, and $m$ columns, one for each example. This chapter turns scores into probabilities, probabilities into one
# number, the loss, and finds how the loss changes with each score.
#
# At its end you will know why the gradient is as simple as "probability minus label", where the factor $1/m$ comes from,
# and what the loss of an untrained network must be.
#
# ## From scores to probabilities
#
# Scores may be any numbers. *Softmax* makes them positive by an exponential, and makes them add up to 1 by dividing by
# their sum. The probability of class $k$ for example $i$ is $P_{ki}$; the matrix $P$ has the shape of $Z^{[2]}$, $C \times m$.

# %%
from derivations import softmax_cross_entropy as chapter

chapter.softmax.prove()

# %% [markdown]
# Divided by their sum, the numbers of each example add up to 1:

# %%
chapter.probabilities_sum_to_one.prove()

# %% [markdown]
# A score that is larger than another by 1 gets a probability that is larger by the factor $e$. Only differences of
# scores matter, as the figure shows for two classes.

# %% tags=["hide-input"] alt="Two curves over the difference of two scores from -6 to 6. The probability of the first class rises from near 0 to near 1, that of the second falls from near 1 to near 0; they cross at difference 0 and probability one half."
import matplotlib.pyplot as plt
import numpy as np

from netcode.network import softmax

difference = np.linspace(-6, 6, 121)
P = softmax(np.vstack([difference, np.zeros_like(difference)]))
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(difference, P[0], label="first class")
axes.plot(difference, P[1], "--", label="second class")
axes.set(
    xlabel="score of the first class minus score of the second", ylabel="probability"
)
axes.grid()
axes.legend()
plt.show()

# %% [markdown]
# Here is the reason. Let a number $s_i$ be taken from all scores of example $i$:

# %%
chapter.softmax_shifted.prove()

# %% [markdown]
# This is more than a curiosity. A score of 1000 has an exponential that no computer's usual numbers can hold. The training
# code therefore takes the largest score of each example from all its scores before it takes exponentials. By the proof
# above this changes nothing else.

# %% [markdown] tags=["question"]
# 10 is added to all scores of an example. What happens to its probabilities?
#
# - [x] Nothing
#   Each exponential is multiplied by the same factor, which cancels.
# - [ ] All become larger
#   They can't: they add up to 1.
# - [ ] The largest becomes larger
#   Only differences of scores matter, and those stay.

# %% [markdown]
# ## From probabilities to the loss
#
# The right class of example $i$ is $y_i$. The *cross-entropy loss* is minus the logarithm of the probability that the network
# gives to the right class, averaged over the $m$ examples: 0 if the network is sure and right, large if it is sure and
# wrong. With softmax put in, the loss has a second form, which is the one to compute with:

# %%
chapter.loss_two_forms.prove()

# %% [markdown]
# Mind the sign in front of the logarithm of the sum. With a plus it is **a common error**. The program was
# asked to prove that as well, and found numbers for which it is wrong. ([More of these](errata.py) have a page of their own.)

# %%
from derivations import errata

errata.loss_with_plus.refute()

# %% [markdown]
# The labels can also be written as a matrix $Y$ of shape $C \times m$ with a single 1 in each column, at the right class.
# In each column, $Y$ is the Kronecker delta $\delta_{c\,y_i}$: 1 if $c$ is the right class $y_i$, and 0 if not.
# Multiplying by it and adding up over the classes picks the right one:

# %%
chapter.loss_by_labels.prove()

# %% [markdown]
# So the loss can be written without $y_i$:

# %%
chapter.loss.prove()

# %% [markdown]
# ## The derivative of log-sum-exp
#
# The loss in its second form has the logarithm of a sum of exponentials, *log-sum-exp* for short. How does it change with one
# of the scores? Two lines of school calculus, and the result is a name that is already there:

# %%
chapter.log_sum_exp.prove()

# %% [markdown]
# That is where the probability in "probability minus label" comes from.
#
# ## The Jacobian of softmax
#
# How does each probability change with each score? Examples don't mix, which is the delta $\delta_{ij}$. But within an example
# every probability depends on *every* score, through the sum that it is divided by. That is what sets softmax apart from ReLU and
# other functions that treat each entry alone.

# %%
from derivations.network import local

local["P_by_Z2"].prove()

# %% [markdown]
# So for one example with the probabilities $p$ it is $\mathrm{diag}(p) - p\,p^\top$. Say, $p = (0.2, 0.3, 0.5)$:

# %%
p = np.array([[0.2], [0.3], [0.5]])  # (C, m), a single example
jacobian = local["P_by_Z2"].evaluate(P=p)[:, 0, :, 0]  # (C, C)
print(jacobian.round(4))

assert np.allclose(jacobian, np.diagflat(p) - p @ p.T)
print("each row adds up to 0:", np.allclose(jacobian.sum(axis=1), 0))
print("symmetric:", np.allclose(jacobian, jacobian.T))

# %% [markdown]
# On the diagonal is $p_k (1 - p_k)$: a class gains by a higher score of its own, most where $p_k$ is near a half. Off the
# diagonal is $-p_k\,p_c$: what one class gains, the others lose, and the probabilities still add up to 1.
#
# The training code never makes this matrix. Multiplied with what arrives from the cross-entropy, $-1/p$ at the right class
# and 0 elsewhere, it gives probability minus label, and everything that could be large has cancelled. With the second class
# right:

# %%
arriving = np.array([[0.0, -1 / p[1, 0], 0.0]])  # (1, C): of -log of the second
label = np.array([[0.0], [1.0], [0.0]])
print("row times Jacobian:       ", (arriving @ jacobian).round(4))
print("probability minus label:  ", (p - label).T.round(4))
assert np.allclose(arriving @ jacobian, (p - label).T)

# %% [markdown]
# ## The gradient with respect to the scores
#
# How does the loss change with the score of class $k$ for example $i$? All these derivatives together make a matrix of
# the shape of $Z^{[2]}$, $C \times m$, which is called $dZ^{[2]}$.

# %%
chapter.dZ2_with_labels.prove()

# %% [markdown]
# So each score is pulled down by the probability that the network gives to its class, and the right one is pushed up by
# 1. The factor $1/m$ is there because the loss is a mean over $m$ examples, and example $i$ is one of them. Whoever forgets
# it in the code gets steps that grow with the number of examples.
#
# With the labels as a matrix the same result needs one assumption, that each column of $Y$ adds up to 1. It is used in the
# last line and stated there:

# %%
chapter.dZ2_with_matrix.prove()

# %% [markdown]
# As matrices, for both ways to arrange the examples (a tilde marks what is transposed):

# %% choice="Examples as columns"
from derivations import EquationBlock, network

gradient = EquationBlock(network.backward_dZ2)
gradient

# %% choice="Examples as rows"
from derivations import rows

gradient_as_rows = EquationBlock(rows.dZ2_as_rows)
gradient_as_rows

# %% [markdown]
# And as the line of NumPy that each derivation writes:

# %% choice="Examples as columns"
print(gradient)

# %% choice="Examples as rows"
print(gradient_as_rows)

# %% [markdown] tags=["question"]
# The loss is the mean over the examples. Now each example is put in twice. What happens to a column of $dZ^{[2]}$?
#
# - [ ] It stays the same
#   It would with a sum over the examples. With a mean each example has a share of $1/m$, and $m$ has doubled.
# - [x] It is half as large
#   The factor is $1/m$, and $m$ has doubled. Each example now pulls twice with half the strength.
# - [ ] It is twice as large
#   The gradient of a mean doesn't grow with the number of examples.

# %% [markdown]
# ## In code
#
# The derivation writes its own line of NumPy, and can be evaluated on arrays. The training code has the same line.

# %%
import netcode

rng = np.random.default_rng(0)
Z2 = rng.normal(size=(3, 5))
Y = netcode.one_hot(np.array([0, 2, 1, 1, 0]), 3)
P = softmax(Z2)

derived = chapter.dZ2_with_matrix.evaluate(P=P, Y=Y)
print(chapter.dZ2_with_matrix.numpy)
error = np.abs(derived - (P - Y) / 5).max()
print(f"largest difference from the line run by hand: {error:.0e}")
print("each column adds up to 0:", np.allclose(derived.sum(axis=0), 0))

# %% [markdown]
# ## The first loss
#
# A check that costs nothing: before training, the weights are small, and an untrained network should find all classes about
# equally likely. With exactly equal scores the loss is known beforehand.

# %%
chapter.first_loss.prove()

# %% tags=["remove-input"]
from IPython.display import Markdown

Markdown(
    f"For three classes this is $\\log 3 = {np.log(3):.4f}$. It depends on the number of *classes*, not on the number of examples: "
    f"for 300 examples, $\\log 300$ would be {np.log(300):.2f}, which no sensible network starts from."
)

# %% [markdown]
# **A common error:** the number of examples in the place of the number of classes.

# %%
errata.first_loss_by_examples.refute()

# %% [markdown] tags=["question"]
# An untrained network for ten classes starts with a loss of 2.30. What does this say?
#
# - [x] It finds all classes about equally likely
#   $\log 10 = 2.30$, as it should be at the start.
# - [ ] Its gradient is right
#   This loss was found before any gradient was used.
# - [ ] It gets every tenth example right
#   It may, but the loss doesn't count right answers.

# %% [markdown]
# ## Exercises
#
# **1.** A network gives the right class of an example the probability 0.01, and is sure of another class with 0.99. What is
# the loss of this example, and what is the gradient with respect to its scores? Compare with an example that the network
# gets right with 0.99.

# %% tags=["solution"]
P = np.array([[0.01, 0.99], [0.99, 0.01]])  # the first is wrong
Y = np.array([[1.0, 1.0], [0.0, 0.0]])
losses = -np.log((Y * P).sum(axis=0))
gradients = P - Y  # of each example's own loss, so m = 1
assert np.allclose(gradients, [[-0.99, -0.01], [0.99, 0.01]])
print("losses:   ", losses.round(3))
print("gradients:", gradients.round(3).tolist())
print("A wrong example pulls with nearly 1, a right one hardly at all.")

# %% [markdown]
# **2.** The code above found that each column of $dZ^{[2]}$ adds up to 0. Why must it be so, before any calculation? Then
# show it by calculation.

# %% tags=["solution"]
from derivations import Derivation, sum_over
from derivations.notation import P, Y, i, k, m
from derivations.notation import dZ2 as gradient

# A shift of all scores of an example changes no probability, so it doesn't change the
# loss: the slope in that direction, which is the sum of the column, is 0.
column = Derivation(
    "Each column of dZ2 adds up to 0",
    sum_over(k, gradient[k, i]),
    (
        (sum_over(k, P[k, i]) - sum_over(k, Y[k, i])) / m,
        "probability minus label, in each class",
    ),
    (0, "both add up to 1"),
    where=chapter.where,
    assumptions=[chapter.one_class_each],
)
print(column.prove())

# %% [markdown]
# **3.** With two classes, softmax is the *sigmoid* $1 / (1 + e^{-s})$ of the difference $s$ of the two scores. Show it, and
# compare with the figure at the top.

# %% tags=["solution"]
# Divide numerator and denominator of softmax by the numerator:
# 1 / (1 + e^(other - own)).
Z = np.vstack([difference, np.zeros_like(difference)])
sigmoid = 1 / (1 + np.exp(-difference))
assert np.allclose(softmax(Z)[0], sigmoid, rtol=1e-14)
print("largest difference:", f"{np.abs(softmax(Z)[0] - sigmoid).max():.0e}")

# %% [markdown]
# Next: [the affine layer](affine.py), which made these scores.
