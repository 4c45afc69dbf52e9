# %% [markdown]
# # For teachers
#
# What can be taught with this site, in which order, and sheets to hand out. Everything may be copied and changed: the text under
# [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/), the code under the MIT licence.
#
# ## The chapters
#
# How many minutes a chapter takes to read stands above its title. Allow the same again for its exercises: each has a hint or a solution
# to unfold, and most solutions are programs that check themselves.
#
# | chapter | afterwards one can | needed before |
# | --- | --- | --- |
# | [One number at a time](warmup.py) | carry a gradient through sums, products and ReLU by hand | derivatives of one variable |
# | [The network and its graph](network.py) | say why derivatives are multiplied along a path and added up over paths | the warm-up |
# | [Softmax and cross-entropy](softmax-cross-entropy.py) | derive probability minus label | exponentials and logarithms |
# | [The affine layer](affine.py) | derive the three gradients of a layer that one has never seen | products of matrices |
# | [ReLU](relu.py) | say why its Jacobian is never computed | the affine layer |
# | [The chain rule](chain-rule.py) | write the backward pass from memory | the three chapters before it |
# | [Regularization](regularization.py) | say what weight decay does, and why the biases are free | the chain rule |
# | [Any depth](any-depth.py) | write the backward pass of any number of layers as a loop | the chain rule, induction |
# | [Many machines](many-machines.py) | say which sums make a distributed gradient exact | the chain rule |
# | [Training](training.py) | write the training loop, and tell learning from learning by heart | the chain rule |
# | [Examples as rows](rows.py) | translate any formula into the other convention | the chain rule |
#
# **Two lessons of 45 minutes:** the warm-up and the graph; then softmax and the affine layer, with the chain rule as homework.
# **A week's lab:** write a backward pass, [check it](checking-gradients.py), find what is wrong [by the tool](diagnose.py), train.
#
# ## Find the bug
#
# Each sheet is a backward pass for examples as columns, with one wrong line. The shapes fit in all of them, so that nothing but thought
# (or a gradient check) finds it. Another number in place of the seed makes other sheets: run the cell.

# %%
from random import Random

from IPython.display import Markdown, display

from derivations import EquationBlock, network
from netcode.mistakes.catalogue import MISTAKES

SEED, SHEETS = 1, 3
LINES = str(
    EquationBlock(
        network.backward_dZ2,
        network.backward_dW2,
        network.backward_db2,
        network.backward_dA1,
        network.backward_dZ1,
        network.backward_dW1,
        network.backward_db1,
    )
).splitlines()
KEEPS_SHAPES = (
    "mean-forgotten",
    "difference-reversed",
    "divided-by-classes",
    "softmax-slope-again",
    "bias-averaged",
    "mask-missing",
    "mask-from-the-gradient",
    "score-for-slope",
    "scores-for-activations",
    "penalty-missing",
    "penalty-doubled",
    "penalty-subtracted",
)
known = {mistake.name: mistake for mistake in MISTAKES}

for number, name in enumerate(Random(SEED).sample(KEEPS_SHAPES, SHEETS), start=1):
    wrong = known[name].lines[0]
    target = wrong.partition(" =")[0]
    sheet = [wrong if line.startswith(f"{target} =") else line for line in LINES]
    right = next(line for line in LINES if line.startswith(f"{target} ="))
    display(Markdown(f"**Sheet {number}**\n\n```python\n" + "\n".join(sheet) + "\n```"))
    display(
        Markdown(
            f"<details><summary>Solution</summary><p><code>{target}</code>: {known[name].sentence} "
            f"Right is <code>{right}</code>.</p></details>"
        )
    )

# %% [markdown]
# ## Solutions, and without them
#
# On paper, what is folded stays folded: print a chapter as it is, and the exercises are without solutions; unfold them first, and they
# are with them. Each page that is a program can be taken along as a notebook, by the links at its end.
#
# ## Without a network
#
# Each release has `checked-backprop-site.zip`, the whole site with the Python that its cells and tools run: some 30 MB. Unpack it, run
# `python -m http.server` in its folder, and open `http://localhost:8000`. (Opened as files, the pages can be read, but browsers run no
# Python from files.)
#
# ## On paper
#
# Each release has the chapters as one PDF, with an outline and with the solutions open. `make site`, and then
# `.venv/bin/python -m publishing.printed site chapters.pdf`, make it of a copy of your own. The [cheat sheet](cheat-sheet.py) is printed from
# your browser, on one sheet.
#
# ## How to cite
#
# > The Checked Backprop contributors: *Checked Backprop. Backpropagation with every formula proven by machine.* The version and its date
# > are in the [changelog](changelog.md).
#
# ## One of your own
#
# A formula of your own, with a proof: [check it](check-your-own.py). A layer of your own: [derive it](derive.py).
