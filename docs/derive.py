# %% [markdown]
# # Derive your own
#
# Write the forward pass of a layer or a loss, a line for each name, and get the backward pass: each gradient in steps
# with their reasons, a proof for every size, and NumPy code that was run and compared before you see it.
#
# <div><page-tool data-name="A forward pass"><script type="application/json">
# {
#  "button": "Derive",
#  "fields": [
#   {"name": "forward", "label": "The forward pass, a line for each name", "rows": 6},
#   {"name": "wrt", "label": "With respect to", "hint": "all inputs"},
#   {"name": "assume", "label": "Assume", "hint": "nothing"}
#  ],
#  "examples": {
#   "Layer normalization": {
#    "forward": "mu[i]    = mean[j](X[i, j])\nvar[i]   = mean[j]((X[i, j] - mu[i])**2)\nxh[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)\nY[i, j]  = gamma[j] * xh[i, j] + beta[j]",
#    "wrt": "X, gamma, beta",
#    "assume": "eps > 0"
#   },
#   "Softmax and cross-entropy": {
#    "forward": "P[c, i] = softmax[c](Z[c, i])\nL       = -mean[i](sum[c](Y[c, i] * log(P[c, i])))",
#    "wrt": "Z",
#    "assume": "sum[c](Y[c, i]) == 1"
#   },
#   "Attention": {
#    "forward": "S[q, k] = sum[d](Q[q, d] * K[k, d]) / sqrt(size(d))\nP[q, k] = softmax[k](S[q, k])\nO[q, v] = sum[k](P[q, k] * V[k, v])",
#    "wrt": "Q, K, V"
#   },
#   "Convolution": {
#    "forward": "Y[d, p] = sum[c, k](W[d, c, k] * X[c, p + k]) + b[d]",
#    "wrt": "W, X, b"
#   },
#   "A neuron": {
#    "forward": "z    = sum[u](w[u] * x[u]) + b\na    = sigmoid(z)\nL    = (a - y)**2",
#    "wrt": "w, b"
#   }
#  },
#  "program": [
#   "from IPython.display import Markdown, display",
#   "",
#   "from derivations import derive",
#   "",
#   "try:",
#   "    layer = derive(forward, wrt or None, assume=assume)",
#   "    verdict = layer.verdict()",
#   "    code = layer.numpy",
#   "except ValueError as error:",
#   "    print(error)",
#   "else:",
#   "    display(Markdown(f\"**The backward pass: {verdict}.**\"))",
#   "    for step in layer.steps:",
#   "        display(step.prove())",
#   "    print(code)"
#  ]
# }
# </script>
# <p>The form needs JavaScript. Below is the same in Python, as it was run when this page was built.</p></page-tool>
# <script type="module" src="../assets/live/tool.js"></script></div>
#
# The formulas stay in your browser; the address of this page keeps them after its `#`, so that you can send somebody the link.
#
# ## In Python
#
# Here is layer normalization. Change it, or write something of your own in its place: a typo gets one sentence that says
# where it is.

# %%
from derivations import derive

layer = derive(
    """
    mu[i]    = mean[j](X[i, j])
    var[i]   = mean[j]((X[i, j] - mu[i])**2)
    xh[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)
    Y[i, j]  = gamma[j] * xh[i, j] + beta[j]
    """,
    wrt="X, gamma, beta",
    assume="eps > 0",
    name="layer_norm",
)
print(layer.verdict())
print()
print(layer.numpy)

# %% [markdown]
# `dY` is the gradient that comes back to the layer's output; `saved` is what the backward pass needs of the forward pass,
# and no more than that.
#
# ## The steps
#
# The machine goes backwards over the names. Each name acts through the names that are computed from it, and the chain rule
# adds up what comes back through each. What it does with `dX` is what a teacher would do on the board; the last line is the
# formula that textbooks have.

# %%
from derivations import derived

derived.layer_norm.step("dxh").prove()

# %%
derived.layer_norm.step("dvar").prove()

# %%
derived.layer_norm.step("dmu").prove()

# %%
derived.layer_norm.step("dX").prove()

# %% [markdown]
# The rule is general. That softmax and cross-entropy together have the gradient $(P - Y) / m$ is not known to it; it comes
# out:

# %%
derived.cross_entropy.step("dZ").prove()

# %% [markdown]
# And this is attention, with the matrix products that one would write:

# %%
print(derived.attention.numpy)

# %% [markdown]
# For PyTorch there is the same, with a `torch.autograd.Function` around it, as `layer.torch`. For second derivatives,
# `layer.second("X")` is the gradient `dX` as a layer of its own. The [book of layers](layers/index.md) has been made in this
# way.
#
# ## Check a backward pass that you have written
#
# Hand it over: `layer.diagnose` asks it at three places of different sizes and says which gradients are right. If one is
# wrong, it changes the derived formulas, one thing at a time, until a change gives your numbers; that is the mistake. Here
# somebody has forgotten that the variance depends on `X` too.

# %%
import numpy as np


def my_backward(dY, X, gamma, eps):
    mu = X.mean(axis=1, keepdims=True)
    deviation = np.sqrt(X.var(axis=1, keepdims=True) + eps)
    xh = (X - mu) / deviation
    dxh = gamma * dY
    dX = (dxh - dxh.mean(axis=1, keepdims=True)) / deviation
    return dX, (dY * xh).sum(axis=0), dY.sum(axis=0)


print(layer.diagnose(my_backward))

# %% [markdown]
# The parameters are known by the names in the formula (`X`, `gamma`, `xh`; `dY` is what comes back), in any order; the
# gradients come back in the order of `wrt`, or as a dict. In a test of your own, `layer.assert_gradient(my_backward)` fails
# with the same words. For a file, the shell says it too, with a layer of the book or a file of formulas:
#
#     python -m derivations verify FILE.py --layer layer_norm
#
# If it computes in bfloat16 or float16, [check it with the tolerance that the formula allows](check-a-kernel.py).
#
# ## What can be written
#
# | write | for |
# |---|---|
# | `Z[v, i] = ...` | all entries of an array; each index is a letter |
# | `L = ...` | a number, such as a loss; the gradients of several losses are added up |
# | `sum[u](...)`, `mean[i](...)`, `sum[u, v](...)` | a sum or a mean over the whole range of an index |
# | `softmax[c](S[c, i])`, `logsumexp[c](S[c, i])` | along one index, stable in the code |
# | `exp`, `log`, `sqrt`, `tanh`, `sigmoid`, `softplus`, `erf`, `sin`, `cos`, `relu`, `step`, `abs`, `sign` | a function of each entry |
# | `+ - * /`, `**` with a number | arithmetic |
# | `P[y[i], i]` | the entry that a label chooses |
# | `X[c, p + k]`, `X[c, 2*p + k]`, `X[p + 1]` | the entry that a window reads: convolution, stride 2, the next one |
# | `sum[k:3](...)`, `mean[k:2, l:2](...)` | an index that takes so many values, where no array says how many |
# | `delta(i, j)`, `size(j)`, `pi` | 1 where two indices are equal, else 0; how many values an index takes; $\pi$ |
#
# Sizes need no declaration: an index is as long as every axis at which it is written. `wrt` names the inputs to differentiate
# with respect to. `assume` says what else is known: `eps > 0`, or `sum[c](Y[c, i]) == 1` for targets that add up to 1.
#
# ## A convolution
#
# In `Y[d, p] = sum[c, k](W[d, c, k] * X[c, p + k])` windows slide along `X`. What they read gets the name `Xw`. On the way back, windows overlap, and what belongs to
# one place is added up, which is what `scatter` does. There may be as many windows as fit, and no padding: pad `X` before.

# %%
derived.convolution.step("dX").prove()

# %%
print(derived.convolution.numpy)

# %% [markdown]
# The bracket $[t = p + k - 1]$ is 1 where it holds, and 0 elsewhere; on paper places are counted from 1, in the code from 0.
# The proof doesn't look into it. So the same steps hold for every stride and every distance.
#
# ## What can't be written
#
# There is no `if` and no comparison, because a derivative could jump there without a word: `relu` and `step` say what is
# meant. Sums over a part of a range, recursions and sorting can't be written yet.
#
# ## In a file
#
# The same on the command line, for a file with the lines above; `-` reads what is piped into it:
#
#     python -m derivations derive FILE --wrt "X, gamma, beta" --assume "eps > 0"
#
# With `--format numpy` or `torch` it prints the code alone, with `--format latex` the steps for a paper. What isn't decided within
# `--seconds` is said to be undecided.
#
# Formulas that are Python objects already, as in the chapters of this site, need no text: `derive(network.where, wrt="W1, b1, W2, b2",
# assume="sum[c](Y[c, i]) == 1")`, with `from derivations import network`, is the whole network's backward pass.
#
# ## Why it can be trusted
#
# Every line of every derivation is an equation that is [proven for all sizes](trusted.py) and computed a second time in another
# way. That each gradient is the derivative of the layer's output, through all names at once, is proven as well. The code is run
# at three choices of sizes, one of them with ones in it, and compared with derivatives that were taken without any of these
# formulas. If one of these fails, no code is shown.
