# %% [markdown]
# # Cheat sheet
#
# Backpropagation for one hidden layer of ReLU, softmax and cross-entropy, with weight decay: on one page, to be printed. $dQ$ is the
# gradient with respect to $Q$, and has the shape of $Q$.
#
# <div class="cheat-sheet"></div>
#
# ## Forward

# %% tags=["remove-input"]
from derivations import EquationBlock, network, rows

EquationBlock(
    network.forward_Z1, network.forward_A1, network.forward_Z2, network.forward_P
)

# %% [markdown]
# ## Back, examples as columns

# %% tags=["remove-input"]
columns = EquationBlock(
    network.backward_dZ2,
    network.backward_dW2,
    network.backward_db2,
    network.backward_dA1,
    network.backward_dZ1,
    network.backward_dW1,
    network.backward_db1,
)
columns

# %% [markdown]
# ## Back, examples as rows
#
# Every array is the transpose of the one above, and so is every line.

# %% tags=["remove-input"]
EquationBlock(
    rows.dZ2_as_rows,
    rows.dW2_as_rows,
    rows.db2_as_rows,
    rows.dA1_as_rows,
    rows.dZ1_as_rows,
    rows.dW1_as_rows,
    rows.db1_as_rows,
)

# %% [markdown]
# ## In NumPy
#
# The lines that train this project's network, examples as columns:

# %% tags=["remove-input"]
print(columns)

# %% [markdown]
# ## Five checks that take a minute
#
# | check | because |
# | --- | --- |
# | Each gradient has the shape of its parameter, with sizes that all differ. | A product of square matrices hides a transpose. |
# | Each column of `dZ2` adds up to 0. | Both `P` and `Y` add up to 1. |
# | Before the first update, with small weights, the loss is about `log(C)`. | Every class is as likely as the others. |
# | All examples twice: the loss and the gradients stay as they are. | They are means. |
# | A step along one weight changes the loss by the gradient times the step. | That is what a gradient is. |
#
# As code, for the gradients of `netcode`; put yours in their place:

# %% tags=["hide-input"]
import numpy as np

import netcode

m, n, h, C, lam = 7, 5, 4, 3, 0.1
random = np.random.default_rng(0)
X, Y = random.normal(size=(n, m)), netcode.one_hot(random.integers(C, size=m), C)
start = netcode.initialize(n, h, C, seed=0)


def loss(X, Y, parameters):
    return netcode.loss(netcode.forward(X, parameters).Z2, Y, parameters, lam)


def gradients(X, Y, parameters):
    forward = netcode.forward(X, parameters)
    return netcode.backward(X, Y, parameters, forward, lam).gradient


found = gradients(X, Y, start)
assert [dQ.shape for dQ in found] == [Q.shape for Q in start]
dZ2 = (netcode.forward(X, start).P - Y) / m
assert np.allclose(dZ2.sum(axis=0), 0)
small = start._replace(W1=start.W1 / 1000, W2=start.W2 / 1000)
assert abs(loss(X, Y, small) - np.log(C)) < 1e-3
twice = gradients(np.hstack((X, X)), np.hstack((Y, Y)), start)
assert all(np.allclose(*pair) for pair in zip(found, twice, strict=True))
step = np.zeros_like(start.W2)
step[0, 0] = 1e-6
up, down = start._replace(W2=start.W2 + step), start._replace(W2=start.W2 - step)
slope = (loss(X, Y, up) - loss(X, Y, down)) / 2e-6
assert abs(slope - found.W2[0, 0]) < 1e-8
print("All five hold.")

# %% [markdown]
# ## Ten mistakes that are often made

# %% tags=["remove-input"]
from html import escape

from IPython.display import HTML

from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import corrected

OFTEN = (
    "mean-forgotten",
    "difference-reversed",
    "softmax-over-examples",
    "softmax-slope-again",
    "transpose-forgotten",
    "scores-for-activations",
    "bias-not-summed",
    "bias-averaged",
    "mask-missing",
    "penalty-missing",
)
known = {mistake.name: mistake for mistake in MISTAKES}


def row(name):
    wrong = known[name].lines[0]
    return (
        f'<tr><th scope="row"><a href="../mistakes/#{name}">{name.replace("-", " ")}</a></th>'
        f"<td><code>{escape(wrong)}</code></td><td><code>{escape(corrected(wrong))}</code></td></tr>"
    )


head = "".join(f'<th scope="col">{name}</th>' for name in ("mistake", "wrong", "right"))
HTML(
    f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(row, OFTEN))}</tbody></table>"
)

# %% [markdown]
# Where the formulas come from: [the chapters](warmup.py). What is wrong with yours: [find out](diagnose.py).
