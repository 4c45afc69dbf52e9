# %% [markdown]
# # Any depth
#
# Two layers were enough to see every rule. A network that is used for anything has more: ten, or a hundred. Is the rest "the
# same"? It is, and this chapter proves it: one step, from a layer to the one below it, holds for every layer, for every
# loss and for every activation function. A network of $L$ layers is that step, taken $L - 1$ times.
#
# At its end you can write the backward pass of a network of any depth as a loop of four lines, and say why it is right.
#
# ## The network
#
# The layers are numbered from 1 to $L$; a bracket says which one an array belongs to. Layer $l$ has $h$ units, the one below
# it $n$. Start from $A^{[0]} = X$. Then each layer computes weighted sums of what the layer below has computed, and, but for
# the last, applies a function $f$, its *activation*, to each:

# %%
from derivations import EquationBlock
from derivations import depth as chapter

chapter.forward_Z.prove()

# %%
chapter.forward_A.prove()

# %% [markdown]
# ## One step back
#
# Let $dZ^{[l+1]}$ $(q \times m)$ be the gradient of *any* loss with respect to the scores of layer $l + 1$, which has $q$ units.
# What the loss is, and how many layers come after, isn't asked: all of it is in $dZ^{[l+1]}$. Then $dA^{[l]}$ $(h \times m)$
# follows from one matrix product:

# %%
chapter.back_to_A.prove()

# %% [markdown]
# The second half goes through the activation, $A^{[l]} = f(Z^{[l]})$, entry by entry. Nothing is known of $f$ but that it
# has a derivative:

# %%
chapter.jacobian.prove()

# %%
chapter.back_to_Z.prove()

# %% [markdown]
# Both halves together are the whole step. For ReLU the slope is $[Z > 0]$, for tanh it is $1 - A^2$.

# %%
chapter.step.prove()

# %% [markdown]
# On the way, each layer's own weights and biases get theirs:

# %%
EquationBlock(chapter.back_to_W, chapter.back_to_b)

# %% [markdown]
# ## From one step to all layers
#
# *Induction* is the argument that needs no "and so on". It has two parts.
#
# - **Base.** $dZ^{[L]}$ is known: for softmax and cross-entropy it is $(P - Y) / m$, see
#   [the chapter on the loss](softmax-cross-entropy.py).
# - **Step.** If $dZ^{[l+1]}$ is right, then so are $dA^{[l]}$, $dZ^{[l]}$, $dW^{[l]}$ and $db^{[l]}$. That is what was proven
#   above, for every $l$ at once.
#
# So $dZ^{[L]}$ is right, hence $dZ^{[L-1]}$, hence $dZ^{[L-2]}$, down to $dZ^{[1]}$; and with them all weights and biases. The
# step doesn't look at what comes after: that is why it takes as long for the hundredth layer as for the first, and why
# backpropagation costs about as much as a few forward passes, however deep the network is.
#
# ## As code
#
# In the training code the step is a loop. Its lines are the ones above, with the penalty's share added to $dW$:

# %%
import inspect

import numpy as np

from netcode import deep_network

source = inspect.getsource(deep_network.backward)
print(source[source.index("    dZ = {L") :])

# %% [markdown]
# Four layers, in numbers. Each gradient is compared with what a small change of a weight does to the loss:

# %%
rng = np.random.default_rng(0)
X, labels = rng.normal(size=(5, 7)), rng.integers(3, size=7)
Y = np.eye(3)[:, labels]
parameters = deep_network.initialize((5, 8, 6, 4, 3), seed=1)
forward = deep_network.forward(X, parameters)
backward = deep_network.backward(X, Y, parameters, forward, lam=0.1)


def loss_with(l, change):
    changed = deep_network.initialize((5, 8, 6, 4, 3), seed=1)
    changed.W[l][0, 1] += change
    return deep_network.loss(deep_network.forward(X, changed).Z[4], Y, changed, lam=0.1)


for l in range(1, 5):
    measured = (loss_with(l, 1e-6) - loss_with(l, -1e-6)) / 2e-6
    print(
        f"layer {l}: dW[0, 1] is {backward.dW[l][0, 1]: .6f}, measured {measured: .6f}"
    )

# %% [markdown]
# ## Derived from the forward pass alone
#
# The same is found by the machine that [derives the backward pass of any formula](derive.py). Three layers, written down, and
# the lines of the loop come back, one after another:

# %%
from derivations import derive

three_layers = derive(
    """
    Z1[a, i] = sum[u](W1[a, u] * X[u, i]) + b1[a]
    A1[a, i] = relu(Z1[a, i])
    Z2[b, i] = sum[a](W2[b, a] * A1[a, i]) + b2[b]
    A2[b, i] = relu(Z2[b, i])
    Z3[c, i] = sum[b](W3[c, b] * A2[b, i]) + b3[c]
    P[c, i]  = softmax[c](Z3[c, i])
    L        = -mean[i](sum[c](Y[c, i] * log(P[c, i])))
    """,
    wrt="W1, b1, W2, b2, W3, b3",
    assume="sum[c](Y[c, i]) == 1",
    name="three_layers",
)
print(three_layers.numpy.partition("def three_layers_backward")[2].partition(":")[2])

# %% [markdown] tags=["question"]
# Four layers have the widths 2, 4, 4, 4 and 3, from the features to the classes. How many numbers are learned?
#
# - [ ] 52
#   Those are the weights alone. Each layer has biases, too.
# - [x] 67
#   8, 16, 16 and 12 weights, and a bias for each of the 15 units.
# - [ ] 17
#   That is the number of features, units and classes.

# %% [markdown] tags=["question"]
# What does one step back need of the layers above?
#
# - [x] Only the gradient of the next layer's scores, and its weights
#   Whatever the layers above do to the loss is in that gradient.
# - [ ] The weights of all layers above
#   They have been used on the way down to the next layer's gradient.
# - [ ] The loss
#   The number itself is never used in the backward pass.

# %% [markdown]
# ## A shortcut past a layer
#
# Deep networks often add a layer's input to its output, $A^{[l]} = f(Z^{[l]}) + A^{[l-1]}$. Then $A^{[l-1]}$ acts on the loss
# in two ways, and what comes back through each is added up. Through the shortcut it comes back unchanged, which is why such
# networks can be trained at a depth where others can't:

# %%
shortcut = derive(
    """
    Z[v, i] = sum[u](W[v, u] * A[u, i])
    B[v, i] = tanh(Z[v, i]) + A[v, i]
    """,
    wrt="A",
    name="shortcut",
)
print(shortcut.numpy.partition("def shortcut_backward")[2].partition(":")[2])

# %% [markdown]
# ## Exercises
#
# **1.** Take the activation away: $f(z) = z$ in every layer. Which matrix does a network of three layers then multiply $X$
# with? What does that say about depth?

# %% tags=["solution"]
W1, W2, W3 = (rng.normal(size=shape) for shape in ((8, 5), (6, 8), (3, 6)))
assert np.allclose(W3 @ (W2 @ (W1 @ X)), (W3 @ W2 @ W1) @ X)
print(
    "one matrix, of the shape",
    (W3 @ W2 @ W1).shape,
    "- without an activation, depth adds nothing",
)

# %% [markdown]
# **2.** With tanh, the slope $1 - A^2$ is at most 1, and mostly less. What happens to $dZ^{[1]}$ in a network of thirty layers
# whose weights keep the size of what they multiply?

# %% tags=["solution"]
dZ, A = rng.normal(size=(50, 1)), rng.normal(size=(50, 1))
before = np.abs(dZ).mean()
for _ in range(30):
    W = np.linalg.qr(rng.normal(size=(50, 50)))[0]  # keeps lengths
    A = np.tanh(2 * W @ A)
    dZ = W.T @ dZ * (1 - A**2)
after = np.abs(dZ).mean()
assert after < 1e-3 * before
print("it vanishes: each layer takes a share of it away, thirty times over")

# %% [markdown]
# Next: [many machines](many-machines.py), on which the work is dealt out.
