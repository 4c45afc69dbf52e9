# %% [markdown]
# # The formulas at a glance
#
# The forward pass, the seven gradients, and the lines of NumPy that compute them. Each formula was proven for networks of
# every size before this page was built, and compared with the NumPy code that trains the network. A build in which one of
# these checks fails makes no page. What the checks rest on is [said, too](trusted.py).

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
