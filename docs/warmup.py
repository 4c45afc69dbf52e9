# %% [markdown]
# # One number at a time
#
# Before any matrix: a whole network in 19 numbers. It has two inputs, two hidden units and two classes, and it looks at one example. Each
# box holds a value, and below the broken line its *gradient*: how fast the loss changes with that value.

# %% tags=["remove-input"]
import numpy as np

import netcode
from derivations.figures import Boxes

X, Y = np.array([[1.0], [0.5]]), np.array([[0.0], [1.0]])
none = np.zeros((2, 1))
weights = netcode.Parameters(
    W1=np.array([[0.8, -0.4], [-0.6, 0.9]]),
    b1=none,
    W2=np.array([[0.2, -0.5], [0.5, 1.1]]),
    b2=none,
)


def named(letter: str, array: np.ndarray) -> dict[str, float]:
    """The entries by the names of their boxes: x1, x2 of a column, w11, w12, w21, w22 of a matrix."""
    rows, columns = array.shape
    return {
        f"{letter}{i + 1}{j + 1 if columns > 1 else ''}": float(array[i, j])
        for i in range(rows)
        for j in range(columns)
    }


forward = netcode.forward(X, weights)
backward = netcode.backward(X, Y, weights, forward, lam=0.0)
loss = netcode.loss(forward.Z2, Y, weights, lam=0.0)
values = {
    "x": X,
    "v": weights.W1,
    "z": forward.Z1,
    "a": forward.A1,
    "w": weights.W2,
    "s": forward.Z2,
    "p": forward.P,
}
slopes = {
    "x": weights.W1.T @ backward.dZ1,
    "v": backward.dW1,
    "z": backward.dZ1,
    "a": backward.dA1,
    "w": backward.dW2,
    "s": backward.dZ2,
    "p": -Y / forward.P,
}
Boxes(
    {"L": loss}
    | {
        name: value
        for letter in values
        for name, value in named(letter, values[letter]).items()
    },
    {"L": 1.0}
    | {
        name: value
        for letter in slopes
        for name, value in named(letter, slopes[letter]).items()
    },
    right=1,
)

# %% [markdown]
# Choose a weight (a square box) and move it: every number that depends on it moves along.
#
# Read it forward, the upper numbers: a weight multiplies, a sum collects, ReLU lets through what is positive. The scores $s_1$ and $s_2$
# become probabilities, and the loss is $-\log p_2$, because the second class is the right one.
#
# Then read it backward, the lower numbers. The loss itself has slope 1, and each score gets *probability minus label*. From there on only
# three things happen:
#
# - **A sum shares.** If $z = u + v$, and 0.5 arrives at $z$, then $u$ and $v$ both get 0.5.
# - **A product swaps.** If $z = 3 \cdot 4$, and 0.5 arrives, then the 3 gets $0.5 \cdot 4 = 2$, and the 4 gets $0.5 \cdot 3 = 1.5$: each
#   factor gets what arrives, times the *other* factor.
# - **ReLU is a gate.** Open on the way forward, it is open on the way back; shut forward, shut back.
#
# And where a number is used twice, what comes back along both ways is added.
#
# <div class="remember" markdown>
#
# That is all of backpropagation: <mark>multiply along a path, add where paths meet</mark>.
#
# </div>

# %% [markdown] tags=["question"]
# Which way must a weight with the slope −0.5 move, so that the loss falls?
#
# - [x] Up
#   The slope says what the loss does when the weight goes up: it falls. An update subtracts the gradient, and minus a
#   negative number is up.
# - [ ] Down
#   Going down the loss would rise: the slope is negative.
# - [ ] It depends on the step size
#   The step size says how far, not which way.

# %% [markdown] tags=["question"]
# $z = 3 \cdot 4$, and 0.5 arrives at $z$. What does the 3 get?
#
# - [ ] 1.5
#   That is what the 4 gets. A product swaps.
# - [x] 2
#   It gets what arrives times the *other* factor, $0.5 \cdot 4$.
# - [ ] 0.5
#   A sum would hand on what arrives. A product multiplies by the other factor.

# %% [markdown]
# ## One update
#
# A gradient says which way is uphill, so learning is a small step the other way. Here is one, for all eight weights at once:

# %%
step = 1.0
moved = netcode.Parameters(
    W1=weights.W1 - step * backward.dW1,
    b1=none,
    W2=weights.W2 - step * backward.dW2,
    b2=none,
)
after = netcode.loss(netcode.forward(X, moved).Z2, Y, moved, lam=0.0)
print(f"loss before: {loss:.3f}, after one step: {after:.3f}")

# %% [markdown]
# The button "One step downhill" above does the same.
#
# ## The same in code
#
# Every box from left to right, then every box from right to left:

# %%
x, label = X[:, 0], Y[:, 0]
W1, W2 = weights.W1, weights.W2

z = W1 @ x
a = np.maximum(z, 0)
s = W2 @ a
p = np.exp(s) / np.exp(s).sum()

ds = p - label
dW2 = np.outer(ds, a)
da = W2.T @ ds
dz = da * (z > 0)
dW1 = np.outer(dz, x)

assert np.allclose(dW1, backward.dW1)
assert np.allclose(dW2, backward.dW2)
print(dW1)

# %% [markdown]
# PyTorch finds these numbers by itself, when it is told `loss.backward()`:
#
# ```python
# x = torch.tensor([1.0, 0.5])
# W1 = torch.tensor([[0.8, -0.4], [-0.6, 0.9]], requires_grad=True)
# W2 = torch.tensor([[0.2, -0.5], [0.5, 1.1]], requires_grad=True)
# s = W2 @ torch.relu(W1 @ x)
# loss = torch.nn.functional.cross_entropy(s, torch.tensor(1))
# loss.backward()
# W1.grad, W2.grad
# ```

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations.checking import pytorch_warmup

theirs = pytorch_warmup.recorded()
when = "These are the numbers that PyTorch {} gave when it was asked; they were compared with ours when this page was built"
given = {"x": x.tolist(), "label": 1, "W1": W1.tolist(), "W2": W2.tolist()}
assert given.items() <= theirs.items()  # it was asked about this very network
if pytorch_warmup.is_installed():
    theirs = pytorch_warmup.in_pytorch(**given)
    when = "PyTorch {} was run and compared when this page was built"
pairs = {"W1.grad": (theirs["dW1"], dW1), "W2.grad": (theirs["dW2"], dW2)}
off = max(np.abs(np.subtract(*pair)).max() for pair in pairs.values())
assert off < 1e-7  # 32 bits have seven digits
shown = "\n".join(
    f"{name}: {np.array2string(np.array(found), precision=4, suppress_small=True).replace(chr(10), '')}"
    for name, (found, _) in pairs.items()
)
Markdown(
    f"```text\n{shown}\n```\n\n{when.format(theirs['version'])}: the largest difference is {off:.0e}, because it computes with 32 bits."
)

# %% [markdown]
# Next: the same with matrices, so that one line serves all numbers of a layer: [the network and its graph](network.py).
