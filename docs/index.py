# %% [markdown]
# # Backpropagation, with every line checked
#
# <p class="lede" markdown="span">The seven formulas that carry a network's error back to its weights: derived step by step, proven for
# networks of every size, and run as the very lines of NumPy that train one.</p>

# %% tags=["remove-input"]
from derivations import network, regularization, softmax_cross_entropy
from derivations.figures import Overview

Overview(
    network.graph,
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
)

# %% [markdown]
# <div class="doors" markdown>
# <div markdown>
#
# **[Learn it](warmup.py)**
#
# From one number at a time to all four gradients, with a reason beside each line.
#
# </div>
# <div markdown>
#
# **[Mend mine](diagnose.py)**
#
# Paste your backward pass; get the wrong line and the reason.
#
# </div>
# <div markdown>
#
# **[Play](playground.py)**
#
# Train a network in your browser, and watch it learn.
#
# </div>
# <div markdown>
#
# **[Derive your own](derive.py)**
#
# Write the forward pass of a layer or a loss; get its backward pass, with each step, the proof and the code.
#
# </div>
# <div markdown>
#
# **[Look it up](layers/index.md)**
#
# From convolution to attention: what comes back through each layer, and why.
#
# </div>
# </div>
#
# ## Four questions that people come with
#
# <div class="questions" markdown>
# <div markdown>
#
# **[Why the transpose?](affine.py#the-weights)**
#
# Because the sum runs over the examples, the second index of both factors, and a matrix product sums over the second and
# the first.
#
# </div>
# <div markdown>
#
# **[Why is it just P minus Y?](softmax-cross-entropy.py)**
#
# The loss takes the right class's score and adds the logarithm of a sum; their derivatives are $-Y$ and $P$.
#
# </div>
# <div markdown>
#
# **[Why a sum for the bias?](affine.py#the-bias)**
#
# Every example in the batch uses the same bias; each sends back its share, and shares add.
#
# </div>
# <div markdown>
#
# **[Why does my check fail with ReLU?](checking-gradients.py)**
#
# The step crossed the kink: on the two sides of 0 the slope is not the same number.
#
# </div>
# </div>

# %% tags=["remove-input"]
from IPython.display import Markdown

from derivations.checking import current_report

claims = current_report()["claims"]
found = [claim["verdict"] for claim in claims]
refuted = sum(claim["expected"] == "fails" for claim in claims)
Markdown(
    f'<p class="figures" markdown="span">In this build: {found.count("proven")} statements proven for all sizes, '
    f"{found.count('cross-checked')} more compared in numbers, {refuted} common errors refuted, "
    f"{found.count('undecided') or 'none'} undecided. [What that means](trusted.py). All formulas "
    "[at a glance](formulas.py).</p>"
)
