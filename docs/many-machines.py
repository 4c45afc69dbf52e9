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
# What an update costs can be counted. A network with $N$ weights and $m$ examples takes at most $6 N m$ multiplications and
# additions: two for each weight and example going forward, four going back. With $K$ machines each does a $K$th of that.
# Then the gradients are *reduced*, which means added up so that each machine has the sum. Two ways are usual:
#
# - in a **ring**, each machine hands on a $K$th of the gradient to its neighbour, $2 (K - 1)$ times;
# - in a **tree**, machines exchange halves, then quarters, and so on, and go the same way back: $2 \log_2 K$ times.
#
# Either way a machine sends $2 N (K - 1) / K$ numbers of 8 bytes, which is nearly the same for three machines and for ten
# thousand. What differs is how often it waits for the first byte (Thakur, Rabenseifner and Gropp, *Optimization of Collective
# Communication Operations in MPICH*, 2005). Here are numbers to put in your own:

# %%
OPERATIONS = 2e10  # a second, on one processor
BYTES = 2e9  # a second, over a fast network
DELAY = 1e-4  # seconds until the first of them arrives


def seconds(weights, examples, K, ring=False):
    computing = 6 * weights * examples / K / OPERATIONS
    sending = 2 * 8 * weights * (K - 1) / K / BYTES
    waiting = (2 * (K - 1) if ring else 2 * np.ceil(np.log2(K))) * DELAY
    return computing, sending, waiting


large, batch = 784 * 256 + 256 * 10, 10_000
print("machines   computing   sending   waiting in a tree   in a ring   (ms)")
for K in (1, 10, 100, 1000, 10_000):
    computing, sending, tree = seconds(large, batch, K)
    *_, ring = seconds(large, batch, K, ring=True)
    times = [f"{1000 * time:.2f}" for time in (computing, sending, tree, ring)]
    print("{:8,} {:>11} {:>9} {:>19} {:>11}".format(K, *times))

# %% [markdown]
# The computing shrinks and the rest does not. Drawn from one machine to ten thousand, for this network and for the one on the
# spiral:

# %% tags=["hide-input"] alt="Two plots of the time of an update against the number of machines, from 1 to 10,000, both axes logarithmic. Left, 784 inputs and 256 hidden units on 10,000 examples: computing falls along a straight line, sending is nearly level from ten machines on. The total in a tree falls until a few hundred machines and is then nearly level; the total in a ring has its lowest point at some tens of machines and then rises above the time of one machine. Right, the network on the spiral: one machine is the fastest, and all totals rise from there."
import matplotlib.pyplot as plt

spiral, points = 2 * 25 + 25 * 3, 300
K = np.unique(np.geomspace(1, 10_000, 400).round())
figure, plots = plt.subplots(1, 2, figsize=(9, 3.9), layout="constrained")
for axes, title, weights, examples in (
    (plots[0], "784-256-10, 10,000 examples", large, batch),
    (plots[1], "the spiral, 300 examples", spiral, points),
):
    computing, sending, tree = seconds(weights, examples, K)
    *_, ring = seconds(weights, examples, K, ring=True)
    axes.loglog(K, 1000 * (computing + sending + tree), "-", label="in all, in a tree")
    axes.loglog(K, 1000 * (computing + sending + ring), "--", label="in all, in a ring")
    axes.loglog(K, 1000 * computing, ":", label="computing")
    axes.loglog(K[1:], 1000 * sending[1:], "-.", label="sending")
    axes.set(title=title, xlabel="machines", ylabel="milliseconds an update")
    axes.grid()
figure.legend(
    *plots[0].get_legend_handles_labels(), loc="outside lower center", ncols=4
)
plt.show()

# %% tags=["remove-input"]
from IPython.display import Markdown


def total(weights, examples, K, ring=False):
    return sum(seconds(weights, examples, K, ring))


def last_that_pays(weights, examples, ring=False, gain=1.5):
    """The most machines, among the powers of 2, whose number was still worth doubling."""
    K = 1
    while total(weights, examples, K, ring) > gain * total(
        weights, examples, 2 * K, ring
    ):
        K *= 2
    return K


every = np.arange(1.0, 10_001.0)
fastest = int(every[np.argmin(total(large, batch, every))])
fastest_ring = int(every[np.argmin(total(large, batch, every, ring=True))])
worth = last_that_pays(large, batch)
alone = total(large, batch, 1)
as_slow = int(
    every[(every > fastest_ring) & (total(large, batch, every, ring=True) > alone)][0]
)
saved = seconds(spiral, 1, 1)[0] - seconds(spiral, 1, 2)[0]  # for each example
breaks_even = int(np.ceil(sum(seconds(spiral, 1, 2)[1:]) / saved))
assert 1 < worth < fastest < as_slow
assert all(total(spiral, points, k) > total(spiral, points, 1) for k in (2, 10, 10_000))
Markdown(
    f"By these numbers the larger network is fastest on {fastest_ring:,} machines in a ring and on {fastest:,} in a tree, where it is "
    f"{alone / total(large, batch, fastest):.0f} times as fast as on one. But it stops paying long before: only up to "
    f"{worth:,} machines does twice as many make an update at least one and a half times as fast. In a ring of {as_slow:,} machines it takes "
    f"longer than on one. The network on the spiral computes for {1000 * seconds(spiral, points, 1)[0]:.3f} ms, and a second "
    f"machine would add {1000 * sum(seconds(spiral, points, 2)[1:]):.2f} ms: it would need {breaks_even:,} examples "
    "instead of 300 for that to pay."
)

# %% [markdown]
# A larger batch moves all this to the right, for the computing alone grows with it. It is one reason why large models are
# trained on large batches.
#
# Does it hold? [The benchmarks](benchmarks/index.md#workers) have the larger network trained on one worker and on two, with the
# three parts measured one by one beside the whole.
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
