# %% [markdown]
# # Many machines
#
# A million examples don't fit into one computer's memory, and a large network may not either. So the work is dealt out:
# each machine has a part, computes what it can, and the parts are put together. This chapter says which sums have to be
# taken so that the gradient is *exactly* the one that a single machine would have computed, and shows the two mistakes that
# are made most often.
#
# It also says when dealing out is not worth it: for the small networks of this site it never is.
#
# ## Examples dealt out
#
# Let $G$ $(h \times m)$ have a column for each example, its gradient, so that $g_v = \frac{1}{m} \sum_i G_{vi}$ is the gradient of the mean
# loss. There are $K$ machines. Let $S_{ir}$ be 1 if example $i$ is on machine $r$, else 0: each example is on one machine,
# so each row of $S$ adds up to 1. How the examples are dealt out doesn't matter otherwise, evenly or not.
#
# Machine $r$ has $\mathrm{count}_r = \sum_i S_{ir}$ examples, and computes the mean over these, $\mathrm{part}_{vr}$. That is what any
# training code does with the data that it sees. To put the means together, weigh each by its count:

# %%
from derivations import machines as chapter

chapter.by_examples.prove()

# %% [markdown]
# It holds for every number of machines and every way to deal out, provided that no machine is without examples: it would
# divide by 0.
#
# **The first mistake** is to take the plain mean of the machines' means. It is right only if all have equally many
# examples; and the last batch of an epoch seldom does.

# %%
chapter.mean_of_means.refute()

# %% [markdown]
# **The penalty.** The L2 penalty doesn't belong to any example. If every machine adds its gradient, $\lambda w$, to its own mean,
# then the weighted mean has it once, since the weights add up to 1:

# %%
chapter.penalty_once.prove()

# %% [markdown]
# **The second mistake** is to add up the machines' shares and let each of them add the whole penalty:

# %%
chapter.penalty_per_machine.refute()

# %% [markdown] tags=["question"]
# One machine has three examples, with the mean gradient 2; another has one, with 6. What is the gradient of all four?
#
# - [ ] 4
#   That is the mean of the means. It gives the single example the weight of three.
# - [x] 3
#   Weighed by their counts: $(3 \cdot 2 + 1 \cdot 6) / 4$.
# - [ ] 8
#   A sum of the means is the gradient of nothing.

# %% [markdown] tags=["question"]
# Each machine adds $\lambda w$ to its mean, and the means are weighed by their counts. How often is the penalty in
# the result?
#
# - [x] Once
#   The weights add up to 1.
# - [ ] Once for each machine
#   It would be, if the shares were added up without weights.
# - [ ] Once for each example
#   The penalty belongs to no example.

# %% [markdown]
# ## In numbers
#
# Seven examples on three machines: four, two, and one.

# %%
import numpy as np

import netcode

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(5, 7)), np.eye(3)[:, rng.integers(3, size=7)]
parameters = netcode.initialize(5, 8, 3, seed=1)
shards = [np.array([0, 2, 3, 6]), np.array([1, 5]), np.array([4])]


def gradient(examples):
    forward = netcode.forward(X[:, examples], parameters)
    return netcode.backward(
        X[:, examples], Y[:, examples], parameters, forward, lam=0.1
    ).dW1


whole = gradient(np.arange(7))
parts = [gradient(shard) for shard in shards]
weighted = sum(len(shard) / 7 * part for shard, part in zip(shards, parts, strict=True))
plain = sum(parts) / 3

print(f"weighted by their counts: off by {np.abs(weighted - whole).max():.0e}")
print(
    f"the plain mean:           off by {np.abs(plain - whole).max():.2f}, where the largest entry is {np.abs(whole).max():.2f}"
)

# %% [markdown]
# ## A layer dealt out
#
# If the weights themselves don't fit, a layer is cut. There are two ways, and each needs one sum over the machines.
#
# By *features*: each machine has some columns of $W$ and the same rows of $A$. Let $F_{ur}$ be 1 if feature $u$ is on machine
# $r$. The forward pass adds up the machines' products:

# %%
chapter.by_features.prove()

# %% [markdown]
# By *hidden units*: each machine has some rows of $W$, and $H_{vr}$ is 1 if unit $v$ is on machine $r$. Going forward, nothing is
# added up; each machine has its own rows of $Z$. It is on the way back that their shares of $dA$ are:

# %%
chapter.by_units.prove()

# %% [markdown]
# Cut one layer by units and the next by features, and between them nothing has to be sent at all, since an activation acts on
# each entry by itself. That is how large networks are dealt out in practice (Shoeybi et al., Megatron-LM,
# [arXiv:1909.08053](https://arxiv.org/abs/1909.08053)).
#
# ## Is it worth it?
#
# One update of a network with $N$ weights on $m$ examples takes about $6 N m$ multiplications and additions: two for each weight and
# example going forward, four going back. With $K$ machines each does a $K$th of that. Then the gradients are added up: each
# machine sends and receives about $2 N$ numbers, however many machines there are, and waits a moment for every step of the
# exchange. Here are numbers to put in your own:

# %%
OPERATIONS = 5e9  # a second, on one processor
NUMBERS = 2.5e8  # a second, over a fast network
DELAY = 1e-4  # seconds until the first of them arrives


def milliseconds(weights, examples, K):
    computing = 6 * weights * examples / K / OPERATIONS
    sending = 2 * weights / NUMBERS + 2 * (K - 1) * DELAY if K > 1 else 0
    return 1000 * computing, 1000 * sending


for K in (1, 4, 16, 64, 256):
    computing, sending = milliseconds(784 * 256 + 256 * 10, 1000, K)
    print(
        f"{K:3} machines: {computing:6.1f} ms for computing, {sending:5.1f} ms for sending"
    )

computing, _ = milliseconds(2 * 25 + 25 * 3, 300, 1)
_, sending = milliseconds(2 * 25 + 25 * 3, 300, 2)
print(
    f"The network on the spiral computes for {computing:.2f} ms. A second machine costs {sending:.2f} ms of sending."
)

# %% [markdown]
# The computing shrinks and the sending does not: beyond a number of machines, each more makes it slower. And the network on
# the spiral is so small that a second machine takes longer to answer than the first takes for all of it.
#
# ## Exercises
#
# **1.** Three machines have 4, 2 and 1 examples, as above, but each hands over the *sum* of its gradients and its count. What do
# you do with them, and why can't the first mistake happen?

# %% tags=["solution"]
sums = [len(shard) * (gradient(shard) - 0.1 * parameters.W1) for shard in shards]
counts = [len(shard) for shard in shards]
together = sum(sums) / sum(counts) + 0.1 * parameters.W1  # the penalty once, at the end
assert np.allclose(together, whole)
print("sums are added up and divided once, by all examples: there is no mean of means")

# %% [markdown]
# **2.** Is the mean of the machines' *losses*, weighted by their counts, the loss of all examples? And the penalty in it?

# %% tags=["solution"]


def loss(examples):
    Z2 = netcode.forward(X[:, examples], parameters).Z2
    return netcode.loss(Z2, Y[:, examples], parameters, 0.1)


weighted_loss = sum(len(shard) / 7 * loss(shard) for shard in shards)
assert np.isclose(weighted_loss, loss(np.arange(7)))
print(
    "yes: the loss is a mean too, and weights that add up to 1 leave the penalty as it is"
)

# %% [markdown]
# Next: [the whole program, and what it learns](training.py).
