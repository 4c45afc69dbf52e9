# %% [markdown]
# # Backpropagation, checked
#
# A neural network learns in small steps: each step moves its weights a little in the direction in which the loss, the
# measure of its mistakes, falls fastest. That direction is the negative *gradient* of the loss, and *backpropagation* is
# the way to compute the gradient.
#
# This site derives backpropagation for a network with one hidden layer, line by line, with a reason beside each line. It
# began with a blog post of 2018, "Understanding formulas for backpropogation", which derives the same network by hand.
#
# What is different here: each displayed formula is an object of a program. Before this page was built, the program
# *proved* each line for networks of every size, and *compared* the results with the NumPy code that trains the network. A
# build in which one of these checks fails makes no page. What the checks rest on is [said, too](trusted.py).

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations import EquationBlock, network
from derivations.checking import current_report

claims = current_report()["claims"]
verdicts = [claim["verdict"] for claim in claims]
errata = [claim for claim in claims if claim["expected"] == "fails"]
Markdown(
    f"The formulas and the code of this project make {len(claims)} claims. In this build **{verdicts.count('proven')} were proven** "
    f"for all sizes, and **{verdicts.count('cross-checked')} were cross-checked** in numbers against the training code. "
    f"{len(errata)} are errors that are often made: each was refuted, as it should be. "
    f"Undecided: {verdicts.count('undecided')}."
)

# %% [markdown]
# ## The network
#
# The network takes $m$ examples with $n$ features each, and gives each example a probability for each of $C$ classes. In
# between are $h$ hidden units. Each example is a *column*: the data $X$ have the shape $n \times m$.
#
# Two layers compute a weighted sum with weights $W$ and biases $b$. After the first, ReLU keeps what is positive and makes
# the rest 0; after the second, *softmax* turns the scores into probabilities. The vector $\mathbf{1}_m$ has $m$ ones: it
# repeats a bias for each example.

# %% tags=["remove-input"]
EquationBlock(
    network.forward_Z1, network.forward_A1, network.forward_Z2, network.forward_P
)

# %% [markdown]
# ## The gradients
#
# Training needs the gradient of the loss with respect to $W^{[1]}$, $b^{[1]}$, $W^{[2]}$ and $b^{[2]}$. Backpropagation goes
# through the network from its end: the gradient with respect to the scores first, then layer by layer what lies before.
# Here $dQ$ is the gradient with respect to $Q$, always of the shape of $Q$; $Y$ has a 1 in each column at the right class,
# and $\lambda$ is the strength of the regularization, which keeps weights small. The sign $\odot$ multiplies entry by entry,
# and $[Z > 0]$ is 1 where $Z$ is positive and 0 elsewhere.

# %% tags=["remove-input"]
gradients = EquationBlock(
    network.backward_dZ2,
    network.backward_dW2,
    network.backward_db2,
    network.backward_dA1,
    network.backward_dZ1,
    network.backward_dW1,
    network.backward_db1,
)
gradients

# %% [markdown]
# Each of these results carries its own derivation. This is the one for the weights of the second layer, entry by entry:

# %%
network.backward_dW2.prove()

# %% [markdown]
# The first line is the strong one. On its left stands the derivative of the whole loss, worked out in one piece; on its
# right the chain rule. The program shows that both are the same for every number of examples, features, hidden units and
# classes.
#
# The same object also writes its line of NumPy. These are, to the letter, the lines with which this project's network is
# trained:

# %%
print(gradients)

# %% [markdown]
# ## Where to go
#
# From the beginning:
#
# 1. [Notation and shapes](notation.py): what each letter means, and how large it is.
# 2. [The network and its graph](network.py): forward and backward as a walk through a drawing.
# 3. [Softmax and cross-entropy](softmax-cross-entropy.py): from the scores to the loss, and the first step back.
# 4. [The affine layer](affine.py): why the transpose, why the sum.
# 5. [ReLU and its Jacobian](relu.py): a diagonal matrix that nobody stores, and what happens at 0.
# 6. [The chain rule](chain-rule.py): all four gradients, end to end.
# 7. [Regularization](regularization.py): a price for large weights.
#
# In use:
#
# - [Training](training.py): the network learns a spiral and handwritten digits.
# - [Playground](playground.py): your own choice of data and network, trained in your browser.
# - [Checking gradients](checking-gradients.py): three ways to find out whether a gradient is right.
# - [What is wrong with my gradient?](diagnose.py) Give it your own function, and it names the mistake.
# - [Mistakes](mistakes.py): all that are known, and what each does to training.
# - [Numerical trouble](numerical-trouble.py): where right formulas give wrong numbers.
# - [Examples as rows](rows.py): the same formulas as most code writes them.
#
# To look up:
#
# - [What the post got wrong](errata.py), each with a counterexample.
# - [What is proven, and what is trusted](trusted.py).
# - [Checks](checks.py): each claim of this build, with its verdict.
# - [Python API](api.md): the functions that the pages use.
