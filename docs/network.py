# %% [markdown]
# # The network and its graph
#
# A network is a chain of small computations. This chapter draws them as a graph: a node for each quantity, and an arrow
# from each quantity to what is computed from it. Going along the arrows gives the loss. Going against them gives the
# gradients.
#
# At its end you will know what travels along each arrow in both directions, why derivatives are multiplied along a path
# and added up over paths, and you will have walked through a whole forward and backward pass, number by number.
#
# All figures here are drawn by the program from the definitions of the network, the ones that are proven with. No
# arrow was drawn by hand.
#
# ## What is computed from what
#
# The network takes $m$ examples. Each is a column of $n$ numbers, its *features*; together they are the matrix $X$, which
# is $n \times m$. Four quantities are learned: the weights $W^{[1]}$ ($h \times n$) and $W^{[2]}$ ($C \times h$), and the biases
# $b^{[1]}$ ($h \times 1$) and $b^{[2]}$ ($C \times 1$). The number in brackets is the layer; $h$ is the number of hidden units, and
# $C$ the number of classes.
#
# From these the network computes weighted sums $Z^{[1]}$, and of them keeps what is positive, $A^{[1]}$ (both $h \times m$).
# Weighted sums of these are the scores $Z^{[2]}$ ($C \times m$). A large score for a class means: the network takes the example
# to be of this class. The vector $\mathbf{1}_m$ of $m$ ones repeats a bias for each example. Where each example is a *row*, as in
# most code, all of these are transposed, which a tilde marks; the [last chapter](rows.py) translates everything.

# %% tags=["remove-input"] choice="Examples as columns"
from derivations import EquationBlock, network, rows

EquationBlock(network.forward_Z1, network.forward_A1, network.forward_Z2)

# %% tags=["remove-input"] choice="Examples as rows"
EquationBlock(rows.Z1_as_rows, rows.A1_as_rows, rows.Z2_as_rows)

# %% [markdown]
# The *loss* $L$, one number, says how badly the scores fit the right classes, which are given as the matrix $Y$
# ($C \times m$): each of its columns has a single 1, at the right class. The [next chapter](softmax-cross-entropy.py) says how
# $L$ is computed. As a graph:

# %% tags=["remove-input"]
from derivations.figures import Drawing, Units, Walk
from derivations.graph import Graph
from derivations.notation import L

graph = Graph(L, network.where).without("P")
Drawing(
    graph,
    "The network as a graph. Squares are learned, rounded squares are given, circles are computed from what their arrows come from.",
)

# %% [markdown]
# ## Every single unit
#
# Each node above is a whole matrix. A *unit* is one row of it: one number for each example. The next figure follows a
# single example through a small network and draws every unit, with an arrow wherever one number is computed from another.
# Each arrow from $X$ to $Z^{[1]}$ and from $A^{[1]}$ to $Z^{[2]}$ carries a weight. The small squares are biases. Before the loss stand
# the probabilities $P$ ($C \times m$), into which the scores are turned.

# %% tags=["remove-input"]
sizes = {"n": 2, "h": 4, "C": 3}
units = Units(
    L,
    network.where,
    sizes,
    emphasized=("A1", 2),
    caption="Every unit, for one example. One hidden unit acts on the loss through every score.",
)
units

# %% tags=["remove-input"]
from IPython.display import Markdown

n, h, C = sizes.values()
Markdown(
    f"Two things can be read off. ReLU works on each unit by itself: there is one arrow from each $Z^{{[1]}}$ to its $A^{{[1]}}$ "
    f"({h} in all). The weighted sums mix: each of {n} features acts on each of {h} units, and each of these on each of {C} scores. "
    f"The thick arrows show what this means for the way back: if one hidden unit changes a little, all {C} scores change, and "
    f"the loss through all of them. To know by how much, one has to **add up over the {C} arrows**. Every sum in "
    "backpropagation has this reason."
)

# %% [markdown]
# ## The first step back
#
# Training asks of every weight: how much does the loss change if this weight changes a little? For all entries of a matrix
# $Q$ at once the answer is the *gradient* $dQ$. It has the shape of $Q$, and its entries are the derivatives of the loss with
# respect to the entries of $Q$.
#
# Near the loss the answer is easy. The scores $Z^{[2]}$ have only one arrow, to the loss, and the derivative along it is
# found by calculus alone:

# %% tags=["remove-input"]
network.local["L_by_Z2"].prove()

# %% [markdown]
# Here $k$ is a class and $j$ an example, $\delta_{ck}$ is the *Kronecker delta*, which is 1 if $c = k$ and 0 if not, and the
# way leads over the probabilities $P$, which the graph above leaves out. In the graph, the gradient $dZ^{[2]}$ has now
# arrived at $Z^{[2]}$, against the arrow:

# %% tags=["remove-input"]
last = graph.edge("Z2", "L")
Drawing(
    graph,
    "After the first step back: the gradient of the loss is known at the scores. On the arrow stands the derivative of the loss with respect to one score.",
    back=[last],
    gradients=["Z2"],
    derivatives="equations",
    local=network.local,
)

# %% [markdown]
# ## A derivative on every arrow
#
# Now go on. The scores are computed from $W^{[2]}$, $b^{[2]}$ and $A^{[1]}$. How a score changes with an entry of these does not
# depend on the loss at all, only on the arrow between them. It is the *local derivative*. For the weights:

# %%
network.local["Z2_by_W2"].prove()

# %% [markdown]
# It has four indices, because every entry of one matrix can change with every entry of the other. Most do not: score $c$
# uses only the weights of its own row, and this is what the delta says. (It is tempting to call this derivative
# "$A^{[1]}$ transposed". It is not a matrix at all; the transpose appears [later](affine.py), when the gradient is multiplied
# with it.)
#
# Each arrow has a local derivative of its own, and each was derived and proven in the same way:

# %% tags=["remove-input"]
learned = [name for name in graph.quantities if name not in ("X", "Y", "L")]
Drawing(
    graph,
    "The local derivative on every arrow; the gradients have come back to all that is learned.",
    back=[edge for edge in graph.edges if edge.source != "Y"],
    gradients=learned,
    derivatives="equations",
    local=network.local,
)

# %% [markdown]
# Two rules now give every gradient:
#
# - **Along a path, multiply.** The gradient at the end of an arrow times the local derivative on it is what comes back
#   through this arrow. An index that both have is summed over: these are the many arrows of the figure with every unit.
# - **Where several arrows leave a node, add.** A quantity that acts on the loss in two ways gets a term from each.
#
# This is the chain rule, and there is nothing else to backpropagation. That one goes from the end to the start has a
# practical reason: each gradient is computed once, and all that lies before it uses it.
#
# ## Walk through it
#
# Here is the whole graph, with the probabilities $P$ and with the *penalty* $R$, which makes large weights expensive.
# What training makes small is $J = L + R$, the loss with its penalty. The setting $\lambda$ says how much the penalty counts.
#
# The numbers are those of a real, tiny network. Its weights are rounded, so that you can follow with pencil and paper.
# On each step, the lines that are in use have the colour of the part of the formula that belongs to them. With the
# buttons chosen, the arrow keys go through the steps too.

# %% tags=["hide-input"]
import numpy as np

import netcode
from derivations import regularization, softmax_cross_entropy

X = np.array([[1.0, -0.5], [0.5, 1.5]])
y = np.array([0, 2])
Y = netcode.one_hot(y, C)
lam = 0.1

random = netcode.initialize(n, h, C, seed=1)
parameters = netcode.Parameters(
    W1=random.W1.round(1),
    b1=np.array([[0.1], [0.0], [-0.2], [0.3]]),
    W2=random.W2.round(1),
    b2=np.array([[0.0], [0.1], [-0.1]]),
)
forward = netcode.forward(X, parameters)
backward = netcode.backward(X, Y, parameters, forward, lam)

numbers = {
    "X": X,
    "Y": Y,
    "lam": lam,
    **parameters._asdict(),
    **forward._asdict(),
    **backward._asdict(),
}
numbers["L"] = netcode.loss(forward.Z2, Y, parameters, lam=0.0)
numbers["J"] = netcode.loss(forward.Z2, Y, parameters, lam)
numbers["R"] = regularization.penalty.evaluate(
    W1=parameters.W1, W2=parameters.W2, lam=lam
)

whole = network.graph
Walk(
    whole,
    forward=[
        network.forward_Z1,
        network.forward_A1,
        network.forward_Z2,
        network.forward_P,
        softmax_cross_entropy.loss,
        regularization.penalty,
        network.forward_J,
    ],
    backward=[
        network.backward_dZ2,
        network.backward_dW2,
        network.backward_db2,
        network.backward_dA1,
        network.backward_dZ1,
        network.backward_dW1,
        network.backward_db1,
    ],
    values=numbers,
    local=network.local,
)

# %% [markdown]
# Some things to look for on the way back:
#
# - $dZ^{[2]}$ is in use three times: for $dW^{[2]}$, for $db^{[2]}$ and for $dA^{[1]}$. It is computed once.
# - $dW^{[2]}$ has two terms, because two arrows leave $W^{[2]}$: one to the scores, one to the penalty. The biases are in no
#   penalty, and have one.
# - Where $Z^{[1]}$ is negative, $dZ^{[1]}$ is 0: ReLU let nothing through on the way forward, and lets nothing back.
# - $b^{[1]}$ and $b^{[2]}$ are used by both examples, so their gradients add up the columns.
#
# ## The same in code
#
# The program can evaluate a local derivative on arrays. For $Z^{[2]}$ and $W^{[2]}$ that is the array with four indices. Multiplied
# with the gradient that arrives, and summed over the indices $c$ and $i$ that both have, it gives what comes back along this
# arrow; the penalty's arrow adds its own term. The training code gets the same by one product of two matrices, without
# ever making the large array.

# %%
local = network.local["Z2_by_W2"].evaluate(A1=forward.A1, W2=parameters.W2)
along_scores = np.einsum("ci,cikw->kw", backward.dZ2, local)
along_penalty = lam * parameters.W2

difference = np.abs(along_scores + along_penalty - backward.dW2).max()
print(f"shape of the local derivative: {local.shape}")
print(f"numbers in it that are not 0: {np.count_nonzero(local)} of {local.size}")
print(f"largest difference from dW2: {difference:.0e}")
assert np.allclose(along_scores + along_penalty, backward.dW2, rtol=0, atol=1e-15)

# %% [markdown] tags=["question"]
# A network has 2 features, 25 hidden units and 3 classes. How many numbers does it learn?
#
# - [ ] 125
#   Those are the weights alone. The biases are learned as well.
# - [x] 153
#   $25 \cdot 2$ and $3 \cdot 25$ weights, 25 and 3 biases.
# - [ ] It depends on the number of examples
#   $X$ has a column for each example, but $X$ isn't learned.

# %% [markdown] tags=["question"]
# Which gradient does the backward pass find first?
#
# - [ ] `dW1`
#   It needs `dZ1`, and that needs what comes back from the second layer.
# - [ ] `dW2`
#   Nearly. It is a product with the gradient of the scores, so that is needed before.
# - [x] `dZ2`
#   The scores are next to the loss. Everything else follows from theirs.

# %% [markdown]
# ## Exercises
#
# **1.** How many paths lead from $W^{[1]}$ to $J$, and what does each bring to $dW^{[1]}$?

# %% tags=["solution"]
for path in whole.paths("W1", "J"):
    print(" -> ".join(["W1", *[edge.target for edge in path]]))

# The long path brings the gradient of the loss alone, the short one the penalty's.
of_the_loss = netcode.backward(X, Y, parameters, forward, lam=0.0).dW1
assert len(whole.paths("W1", "J")) == 2
assert np.allclose(backward.dW1, of_the_loss + lam * parameters.W1)

# %% [markdown]
# **2.** A network for small images has $n = 64$, $h = 100$, $C = 10$. How many arrows would the figure with every unit have?
# Find a formula in $n$, $h$ and $C$, and test it on the small one.


# %% tags=["solution"]
def arrows(n: int, h: int, C: int) -> int:
    """The edges between single numbers, step by step of the forward pass.

    Features to hidden units, ReLU, hidden units to scores, scores to probabilities,
    these to the loss; and the biases.
    """
    return n * h + h + h * C + C * C + C + (h + C)


assert arrows(n, h, C) == len(units.edges)
assert arrows(2, 3, 5) == len(Units(L, network.where, {"n": 2, "h": 3, "C": 5}).edges)
print(arrows(64, 100, 10))

# %% [markdown]
# **3.** There is an arrow from $X$ to $Z^{[1]}$, though nobody trains the data. Use its local derivative to find $dX$, how the
# loss changes with the features, and test one entry by changing that feature a little. (This is how one finds out what a
# network looks at in an image.)

# %% tags=["solution"]
local = network.local["Z1_by_X"].evaluate(W1=parameters.W1, X=X)
dX = np.einsum("vi,vitj->tj", backward.dZ1, local)
# The indices v and i are summed over, so W1 comes out transposed.
assert np.allclose(dX, parameters.W1.T @ backward.dZ1)


def loss_at(X: np.ndarray) -> float:
    return netcode.loss(netcode.forward(X, parameters).Z2, Y, parameters, lam)


little = np.zeros_like(X)
little[0, 1] = 1e-5
slope = (loss_at(X + little) - loss_at(X - little)) / 2e-5
print(f"dX = {dX[0, 1]:.8f}, found by a small change: {slope:.8f}")
assert abs(slope - dX[0, 1]) < 1e-9

# %% [markdown]
# Next: the arrow between the scores and the loss, [softmax and cross-entropy](softmax-cross-entropy.py), step by step.
