# %% [markdown]
# # Check a formula of your own
#
# You have derived a gradient, for a layer that is not on this site, and want to know whether it is right: for all sizes, before
# it is code. At the end of this page you will have it checked in a notebook, as a file, by pytest and by the machine that
# runs your tests.
#
# ```sh
# pip install .  # in a copy of this project
# ```
#
# ## Write it down
#
# A formula gives *one entry* of an array by its indices. First say which sizes, indices and arrays there are; then what each
# name stands for. As an example, a layer with the sigmoid:

# %%
from sympy import exp

from derivations import Derivation, Index, Partial, array, size, sum_over

m, n, h = size("m"), size("n"), size("h")  # examples, inputs, units: any sizes
i, j = Index("i", m), Index("j", m)
u, t = Index("u", n), Index("t", n)
v, w = Index("v", h), Index("w", h)

X, W, b = array("X", n, m), array("W", h, n), array("b", h, 1)
Z, A = array("Z", h, m), array("A", h, m)
dA, dW = array("dA", h, m), array("dW", h, n)

where = {
    Z[v, i]: sum_over(u, W[v, u] * X[u, i]) + b[v, 0],
    A[v, i]: 1 / (1 + exp(-Z[v, i])),
    dW[w, t]: sum_over((v, i), dA[v, i] * Partial(A[v, i], W[w, t])),
}

# %% [markdown]
# The last line is the chain rule: `dA` arrives from the rest of the network, and `Partial(A[v, i], W[w, t])` is the derivative
# through all names between `A` and `W`. Now the derivation: where it starts, and step by step what that equals and why.

# %%
gradient = Derivation(
    "The weights of a layer with the sigmoid",
    dW[w, t],
    (
        sum_over(i, dA[w, i] * A[w, i] * (1 - A[w, i]) * X[t, i]),
        "the sigmoid's slope is `A` (1 - `A`)",
    ),
    where=where,
)
print(gradient)

# %% [markdown]
# Nothing was decided so far, and that is what it says. `prove()` decides every step. What comes out is also a line of NumPy, which was run and
# compared with the formula before you see it:

# %%
print(gradient.prove().verdict())
print(gradient.numpy)

# %% [markdown]
# ## When a step is wrong
#
# The program says which step, and gives numbers with which you can follow it by hand. Here a minus is a plus:

# %%
from derivations import ClaimError

wrong = Derivation(
    "A slip of the pen",
    Partial(A[v, i], Z[v, i]),
    (A[v, i] * (1 + A[v, i]), "the slope, from its output"),
    where=where,
)
try:
    wrong.prove()
except ClaimError as error:
    print(error)
else:
    raise AssertionError("a wrong step was proven")

# %% [markdown]
# In a notebook the typeset formula carries its verdict too, so that a false one never looks like a right one. What is no formula at
# all is refused where you write it, in one line:

# %%
try:
    Derivation(
        "A typo",
        Z[v, i],
        (sum_over(u, W[v, u] * X[u, j]), "weighted sums"),
        where=where,
    )
except ValueError as error:
    print(error)
else:
    raise AssertionError("a loose index was accepted")

# %% [markdown]
# *Undecided* is the third answer: no numbers speak against the step, but the rules are not enough. Try a smaller step.
#
# ## In a file
#
# Put the same lines into a file, `my_formulas.py`, and check it. You get one line for each derivation; the exit status is 0 if all is
# proven, and 1 if something is not:
#
# ```sh
# python -m derivations check my_formulas.py
# python -m derivations check my_package.formulas --json report.json
# ```
#
# ## With pytest
#
# With this project installed, pytest collects every file that imports `derivations` and defines a `Derivation` or a `Misconception`. Each is a
# test by its name, and a failure shows the step, its reason, both sides and the numbers:
#
# ```sh
# pytest my_formulas.py
# ```
#
# What begins with an underscore, `_draft = Derivation(...)`, is left alone.
#
# ## Where your tests run
#
# Nothing else is needed there: install, and run either of the two commands. As a step of a workflow:
#
# ```yaml
# - run: pip install . && python -m derivations check my_formulas.py
# ```
#
# ## Exercise
#
# The derivative of $\tanh z$ is often written $1 - z^2$, when $1 - a^2$ with $a = \tanh z$ is meant. Let the program say what it thinks of it.

# %% tags=["solution"]
from sympy import Symbol, tanh

from derivations import Misconception

z = Symbol("z", real=True)
slope = Misconception(
    "1",
    "The slope of tanh is 1 - z².",
    Partial(tanh(z), z),
    1 - z**2,
    correction="It is 1 - a², with the output a.",
)
print(slope.refute().verdict())
