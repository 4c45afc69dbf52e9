# %% [markdown]
# # What is wrong with my gradient?
#
# Paste your backward pass as it is. The answer says which gradients are wrong, names the mistake and your line that makes it, and
# gives the line that mends it.
#
# <div><page-tool data-name="A backward pass"><script type="application/json">
# {
#  "button": "Find the mistake",
#  "fields": [
#   {"name": "code", "label": "Your backward pass: a function, a class, or a whole file", "rows": 18}
#  ],
#  "examples": {
#   "The mean, almost everywhere": {"code": [
#    "import numpy as np",
#    "",
#    "",
#    "def my_backward(X, Y, W1, b1, W2, b2, lam):",
#    "    m = X.shape[1]",
#    "    Z1 = W1 @ X + b1",
#    "    A1 = np.maximum(Z1, 0)",
#    "    Z2 = W2 @ A1 + b2",
#    "    E = np.exp(Z2 - Z2.max(axis=0))",
#    "    P = E / E.sum(axis=0)",
#    "",
#    "    dZ2 = P - Y",
#    "    dW2 = dZ2 @ A1.T / m + lam * W2",
#    "    db2 = dZ2.sum(axis=1, keepdims=True) / m",
#    "    dZ1 = W2.T @ dZ2 * (Z1 > 0)",
#    "    dW1 = dZ1 @ X.T + lam * W1",
#    "    db1 = dZ1.sum(axis=1, keepdims=True) / m",
#    "    return dW1, db1, dW2, db2"
#   ]},
#   "Rows, and tanh": {"code": [
#    "import numpy as np",
#    "",
#    "",
#    "def softmax(z):",
#    "    e = np.exp(z - z.max(axis=1, keepdims=True))",
#    "    return e / e.sum(axis=1, keepdims=True)",
#    "",
#    "",
#    "def backprop(X, y, W1, b1, W2, b2):",
#    "    m = len(X)",
#    "    a1 = np.tanh(X @ W1 + b1)",
#    "    p = softmax(a1 @ W2 + b2)",
#    "",
#    "    delta2 = p.copy()",
#    "    delta2[np.arange(m), y] -= 1",
#    "    delta2 /= m",
#    "    dW2 = a1.T @ delta2",
#    "    db2 = delta2.sum(axis=0)",
#    "    delta1 = delta2 @ W2.T * (1 - a1)",
#    "    dW1 = X.T @ delta1",
#    "    db1 = delta1.sum(axis=0)",
#    "    return dW1, db1, dW2, db2"
#   ]},
#   "A class with its loss": {"code": [
#    "import numpy as np",
#    "",
#    "",
#    "class TwoLayerNet:",
#    "    def __init__(self, n, h, C):",
#    "        self.W1, self.b1 = 0.01 * np.random.randn(n, h), np.zeros(h)",
#    "        self.W2, self.b2 = 0.01 * np.random.randn(h, C), np.zeros(C)",
#    "",
#    "    def loss(self, X, y, reg=0.0):",
#    "        m = len(X)",
#    "        hidden = np.maximum(0, X @ self.W1 + self.b1)",
#    "        scores = hidden @ self.W2 + self.b2",
#    "        p = np.exp(scores - scores.max(axis=1, keepdims=True))",
#    "        p /= p.sum(axis=1, keepdims=True)",
#    "        loss = -np.log(p[np.arange(m), y]).mean()",
#    "        loss += 0.5 * reg * ((self.W1**2).sum() + (self.W2**2).sum())",
#    "",
#    "        p[np.arange(m), y] -= 1",
#    "        p /= m",
#    "        dhidden = p @ self.W2.T",
#    "        return loss, {",
#    "            \"W1\": X.T @ dhidden + reg * self.W1,",
#    "            \"b1\": dhidden.sum(axis=0),",
#    "            \"W2\": hidden.T @ p + reg * self.W2,",
#    "            \"b2\": p.sum(axis=0),",
#    "        }"
#   ]},
#   "A right one": {"code": [
#    "import numpy as np",
#    "",
#    "",
#    "def my_backward(X, Y, W1, b1, W2, b2, lam):",
#    "    m = X.shape[1]",
#    "    Z1 = W1 @ X + b1",
#    "    A1 = np.maximum(Z1, 0)",
#    "    Z2 = W2 @ A1 + b2",
#    "    E = np.exp(Z2 - Z2.max(axis=0))",
#    "    P = E / E.sum(axis=0)",
#    "",
#    "    dZ2 = (P - Y) / m",
#    "    dW2 = dZ2 @ A1.T + lam * W2",
#    "    db2 = dZ2.sum(axis=1, keepdims=True)",
#    "    dZ1 = W2.T @ dZ2 * (Z1 > 0)",
#    "    dW1 = dZ1 @ X.T + lam * W1",
#    "    db1 = dZ1.sum(axis=1, keepdims=True)",
#    "    return dW1, db1, dW2, db2"
#   ]}
#  },
#  "program": [
#   "from IPython.display import display",
#   "",
#   "from netcode.diagnosis.file import diagnose_text",
#   "from netcode.errors import InputError",
#   "",
#   "try:",
#   "    display(diagnose_text(code, site=\"../mistakes/#\"))",
#   "except InputError as error:",
#   "    print(error)"
#  ]
# }
# </script>
# <p>The form needs JavaScript. Below are examples that were run when this page was built.</p></page-tool>
# <script type="module" src="../assets/live/tool.js"></script></div>
#
# Your code runs in your browser and stays there; the address of this page keeps it after its `#`, so that you can send somebody the
# link.
#
# ## What it may look like
#
# Write it as you like: a function, or a class with a method `loss` or `backward`, for 1 to 6 layers. Its arguments are made from the names of
# its parameters, as people use them:
#
# | name | what it is |
# | --- | --- |
# | `X`, `x`, `inputs`, ... | the examples |
# | `Y`, `y`, `labels`, `targets`, ... | the targets, a 1 at the right class and 0 elsewhere; or the numbers of the right classes, counted from 0 |
# | `W1`, `b1`, `W2`, `b2`, ... | the weights and biases, up to six layers; or `parameters`, a dictionary, a list or a vector of them |
# | `lam`, `reg`, `lambd`, ... | the strength of the penalty, $\lambda$; without it there is no penalty |
# | `Z1`, `A1`, `A2`, `yhat`, `cache`, ... | the values of the forward pass, if you don't compute them yourself |
#
# It returns the gradients in any order, as a dictionary, with the loss or without, in one vector, or as new weights. Examples may be columns or
# rows, weights may lie either way, biases may be columns, rows, or flat: what fits is found by trying. What was guessed is said.
#
# ## In Python
#
# A [check](checking-gradients.py) tells you *that* a gradient is wrong; `netcode.diagnose` tells you *why*. It finds out which network and
# which loss a function is for, and holds it against what each known mistake makes of the right gradients:


# %%
import numpy as np

import netcode


def my_backward(X, Y, W1, b1, W2, b2, lam):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2 @ A1 + b2
    E = np.exp(Z2 - Z2.max(axis=0))
    P = E / E.sum(axis=0)

    dZ2 = (P - Y) / m
    dW2 = dZ2 @ A1.T + lam * W2
    db2 = dZ2.sum(axis=1, keepdims=True)
    dZ1 = W2.T @ dZ2 * (Z1 > 0)
    dW1 = dZ1 @ X.T + lam * W1
    db1 = dZ1.sum(axis=1, keepdims=True)
    return dW1, db1, dW2, db2


netcode.diagnose(my_backward, site="../mistakes/#")

# %% [markdown]
# This one is right. It was called several times, with random numbers of sizes that all differ, so that nothing is right by accident.
#
# ## Three that are wrong
#
# *With examples as columns.* Something is forgotten on the way back through the hidden layer:


# %%
def backward_1(X, Y, W1, W2, A1, P, lam):
    m = X.shape[1]
    dZ2 = (P - Y) / m
    dA1 = W2.T @ dZ2
    return {
        "dW1": dA1 @ X.T + lam * W1,
        "db1": dA1.sum(axis=1, keepdims=True),
        "dW2": dZ2 @ A1.T + lam * W2,
        "db2": dZ2.sum(axis=1, keepdims=True),
    }


netcode.diagnose(backward_1, site="../mistakes/#")

# %% [markdown]
# Two gradients are wrong, but there is one mistake: `db1` and `dW1` both come from what is wrong.
#
# *With examples as rows,* and labels as numbers. This is how it is often written. It is right for the sum of the losses, and wrong for their mean:


# %%
def backward_2(X, y, W1, b1, W2, b2, lam):
    m = len(X)
    A1 = np.maximum(0, X @ W1 + b1)
    P = np.exp(A1 @ W2 + b2)
    P /= P.sum(axis=1, keepdims=True)
    dZ2 = P
    dZ2[np.arange(m), y] -= 1
    dW2 = A1.T @ dZ2 + lam * W2
    db2 = dZ2.sum(axis=0)
    dZ1 = dZ2 @ W2.T
    dZ1[A1 <= 0] = 0
    dW1 = X.T @ dZ1 + lam * W1
    db1 = dZ1.sum(axis=0)
    return dW1, db1, dW2, db2


netcode.diagnose(backward_2, site="../mistakes/#")

# %% [markdown]
# *With two mistakes at once,* both of them in `dW2`. Neither alone would give these numbers:


# %%
def backward_3(X, Y, W1, b1, W2, b2, lam):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    E = np.exp(W2 @ A1 + b2)
    P = E / E.sum(axis=0)
    dZ2 = (Y - P) / m
    dW2 = dZ2 @ A1.T + 2 * lam * W2
    db2 = dZ2.sum(axis=1, keepdims=True)
    dZ1 = W2.T @ dZ2 * (Z1 > 0)
    dW1 = dZ1 @ X.T + lam * W1
    db1 = dZ1.sum(axis=1, keepdims=True)
    return dW1, db1, dW2, db2


netcode.diagnose(backward_3, site="../mistakes/#")

# %% [markdown]
# ## Gradients without their function
#
# If you have only the numbers, say where they were computed. One place tells less than many. Here are two examples, $m = 2$, and half the
# penalty is the same as the penalty divided by $m$. So the answer names both:

# %%
from netcode.mistakes.mistake import backward_with

random = np.random.default_rng(0)
X, Y = random.normal(size=(3, 2)), netcode.one_hot(np.array([0, 3]), 4)
parameters = netcode.Parameters(
    *[random.normal(size=shape) for shape in ((5, 3), (5, 1), (4, 5), (4, 1))]
)
wrong = backward_with("dW2 = dZ2 @ A1.T + lam / 2 * W2")
gradients = wrong(X, Y, parameters, netcode.forward(X, parameters), 0.1)

netcode.diagnose(gradients, X, Y, parameters, lam=0.1, site="../mistakes/#")

# %% tags=["remove-input"]
from IPython.display import Markdown

from netcode.mistakes.catalogue import MISTAKES

lines = sum(len(mistake.lines) for mistake in MISTAKES)
Markdown(
    f"""## What it can and can't know

- It knows {len(MISTAKES)} mistakes, in {lines} lines: [all of them](mistakes.py), at any layer. The backward pass is walked from the output to the input, the right
  line or a wrong one at each step; what disagrees with your numbers is dropped, and of the rest the one with the fewest mistakes is named.
- Which network and loss it is, it finds out: ReLU, leaky ReLU, tanh, sigmoid, softplus, GELU, ELU; softmax, sigmoid or linear output; mean or sum; which penalty.
  What is right for one of them is called right.
- A gradient is right if it differs from the right one by no more than rounding explains, in whatever order its sums were taken. In *float32*, numbers of
  seven digits, it is right to these, and told so.
- At exactly 0, ReLU has no slope. Whoever takes 1 there, with `>=`, has made another choice, not an error, and is told so.
- What none of the mistakes explains is called *wrong, and not a known mistake*, with the entry that differs most.
- The mistake that is named makes exactly your numbers. Your code may say it in other words: look for the line that computes the same."""
)

# %% [markdown]
# ## In a shell
#
# The same for a file or a notebook. Its definitions are executed, not what it does; a function that never ends is stopped after a minute:
#
# ```sh
# python -m netcode diagnose my_backprop.py
# python -m netcode diagnose my_notebook.ipynb --name h=A1
# ```
#
# ## Exercises
#
# **1.** Break the first function of this page on purpose: leave out `keepdims=True` in `db2`. What does the answer say, and why is the shape a
# mistake, when all the numbers are right?


# %% tags=["solution"]
def without_keepdims(X, Y, W1, b1, W2, b2, lam):
    dW1, db1, dW2, db2 = my_backward(X, Y, W1, b1, W2, b2, lam)
    return dW1, db1, dW2, db2.ravel()


diagnosis = netcode.diagnose(without_keepdims)
(wrong_one,) = [finding for finding in diagnosis.findings if not finding.ok]
print(wrong_one.gradient, wrong_one)

# An update b2 - db2 of a column and a flat array is a square: NumPy repeats both.
print((np.zeros((4, 1)) - np.zeros(4)).shape)

# %% [markdown]
# **2.** Let the first function divide by the number of examples once more, in every line that computes a gradient. How many mistakes are named? And if
# you multiply all four results by 0.01?


# %% tags=["solution"]
def names(backward):
    found = netcode.diagnose(backward).causes
    return [causes[0].mistake.name for _, causes in found]


def all_times(factor):
    return lambda X, Y, W1, b1, W2, b2, lam: [
        factor(X) * d for d in my_backward(X, Y, W1, b1, W2, b2, lam)
    ]


print(names(all_times(lambda X: 1 / X.shape[1])))
print(names(all_times(lambda X: 0.01)))
# The penalty was divided as well, where nothing may be divided: a mistake of its own.

# %% [markdown]
# Next: [the list of all these mistakes](mistakes.py), and what each does to training.
