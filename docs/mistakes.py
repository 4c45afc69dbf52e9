# %% [markdown]
# # Mistakes in a backward pass
#
# A wrong gradient is rarely wrong in a new way. This page lists the mistakes that people make in the backward pass of this network,
# each with the line that is wrong, the line that is right, and the place in this site that explains why. And it shows what each of them
# does to training, because that is how most of them stay unseen: the loss still falls.
#
# At the end of this page you will know which mistakes stop a training, which only slow it down, and which can't be seen in a
# loss at all. If your own gradient is wrong, you need not read the list: [let the program find the mistake](diagnose.py).
#
# ## One training for each
#
# Every wrong line takes the place of the right one in the code that this site trains with, and then trains on the spiral for a while,
# each from the same start and with the same settings. The numbers to compare with are those of the right backward pass.

# %% tags=["hide-input"]
import numpy as np

import netcode
from netcode import data
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import backward_with, corrected, touches

rows, y = data.spiral()
X, Y = rows.T, netcode.one_hot(y, 3)
start = netcode.initialize(2, 25, 3, seed=0)
lam, learning_rate, updates = 1e-3, 1.0, 300


def trained(*lines):
    """The loss and the accuracy after so many updates with these lines; None where shapes don't fit."""
    backward, parameters = backward_with(*lines), start
    try:
        with np.errstate(all="ignore"):
            for _ in range(updates):
                gradients = backward(
                    X, Y, parameters, netcode.forward(X, parameters), lam
                )
                parameters = netcode.update(parameters, gradients, learning_rate)
                if [array.shape for array in parameters] != [
                    array.shape for array in start
                ]:
                    return None
            forward = netcode.forward(X, parameters)
            loss = netcode.loss(forward.Z2, Y, parameters, lam)
    except ValueError:
        return None
    return loss, np.mean(forward.P.argmax(axis=0) == y) if np.isfinite(loss) else np.nan


right = trained()
results = {line: trained(line) for mistake in MISTAKES for line in mistake.lines}

# %% tags=["remove-input"]
from IPython.display import HTML, Markdown, display

as_good = [
    line for line, result in results.items() if result and result[1] >= right[1] - 0.01
]
failed = [line for line, result in results.items() if result is None]
lost = [
    line for line, result in results.items() if result and not np.isfinite(result[0])
]
Markdown(
    f"With the right backward pass the loss is {right[0]:.3f} after {updates} updates, and {right[1]:.0%} of the points are classified rightly. There are "
    f"{len(MISTAKES)} mistakes below, in {len(results)} lines. {len(failed)} lines fail with an error, because shapes don't fit or parameters lose theirs. {len(lost)} "
    f"make numbers that are no longer finite. But **{len(as_good)} reach the same accuracy or a better one**, to within a point in a hundred: nobody who looks at a "
    "training alone will ever find them. They are found by [checking the gradient](checking-gradients.py)."
)

# %% tags=["hide-input"] alt="A stripe of dots, one for each wrong line that trains at all, by the accuracy that it reaches. A dashed line marks the right backward pass at the right end. About a third of the dots crowd around it, and a smaller crowd stands at one third, which is guessing; the others are spread between."
import matplotlib.pyplot as plt

reached = sorted(
    result[1] for result in results.values() if result and np.isfinite(result[0])
)
counts = {}
figure, axes = plt.subplots(figsize=(7, 2.4))
for accuracy in reached:
    place = round(accuracy * 50)
    counts[place] = counts.get(place, 0) + 1
    axes.plot(place / 50, counts[place], "o", color="#4c78c9", markersize=4)
axes.axvline(right[1], linestyle="--", color="#888888", zorder=0)
axes.annotate(
    "right",
    (right[1], max(counts.values())),
    xytext=(-4, 0),
    textcoords="offset points",
    ha="right",
)
axes.axvline(1 / 3, linestyle=":", color="#888888", zorder=0)
axes.annotate(
    "guessing", (1 / 3, max(counts.values())), xytext=(4, 0), textcoords="offset points"
)
axes.set(
    xlabel="points classified rightly, of all",
    ylabel="wrong lines",
    xlim=(0, 1.02),
    ylim=(0, max(counts.values()) + 2),
)
plt.show()

# %% [markdown]
# ## The list
#
# Lines are written for examples as columns, as everywhere in this site; $m$ is the number of examples and `lam` the strength of the penalty. Where
# one mistake can be made in several gradients, one line stands for all of them. "Spoils" lists the gradients that
# this line makes wrong. Loss and accuracy are those at the end of the training: a loss over 100 is called huge, and where there is none, the line fails
# with an error.

# %% tags=["remove-input"]
from html import escape

from netcode.mistakes import catalogue

GROUPS = {
    "The mean, and signs": catalogue.MEAN_AND_SIGN,
    "Softmax and the loss": catalogue.SOFTMAX_AND_LOSS,
    "Products of matrices": catalogue.PRODUCTS,
    "Biases": catalogue.BIASES,
    "ReLU": catalogue.RELU,
    "The penalty": catalogue.PENALTY,
    "Code": catalogue.CODE,
}


# Where the site explains what: by page and heading, the mistakes.
EXPLAINED = {
    "softmax-cross-entropy/#the-gradient-with-respect-to-the-scores": [
        "mean-forgotten",
        "mean-twice",
        "divided-by-classes",
        "divided-by-entries",
        "difference-reversed",
        "stray-factor",
        "labels-forgotten",
        "true-class-only",
        "softmax-slope-again",
        "squared-error",
        "slope-of-the-error",
    ],
    "training/#the-loop": [
        "minus-of-the-update",
        "stale-forward-pass",
        "gradients-accumulated",
        "weights-updated-too-early",
        "learning-rate-folded-in",
    ],
    "softmax-cross-entropy/#from-probabilities-to-the-loss": [
        "labels-off-by-one",
        "class-numbers-for-one-hot",
        "log-forgotten",
    ],
    "softmax-cross-entropy/#from-scores-to-probabilities": ["softmax-forgotten"],
    "softmax-cross-entropy/#in-code": [
        "softmax-over-examples",
        "softmax-over-the-batch",
    ],
    "errata/#e3-relu-on-every-layer": ["relu-on-scores", "relu-before-softmax"],
    "affine/#the-weights": [
        "transpose-forgotten",
        "result-transposed",
        "elementwise-product",
        "last-example-only",
    ],
    "affine/#when-shapes-dont-help": ["factors-swapped"],
    "affine/#what-came-in": [
        "elementwise-product-back",
        "gradient-for-weights",
        "inverse-for-transpose",
    ],
    "affine/#both-layers-of-the-network": [
        "scores-for-activations",
        "input-of-another-layer",
        "weights-of-another-layer",
    ],
    "affine/#the-bias": [
        "bias-not-summed",
        "bias-of-one-example",
        "bias-averaged",
        "bias-summed-over-units",
        "bias-summed-over-everything",
        "bias-from-weights",
        "bias-left-out",
    ],
    "checking-gradients/#how-near-is-near-enough": ["bias-of-one-axis"],
    "relu/#in-code": [
        "mask-missing",
        "mask-from-the-gradient",
        "mask-inverted",
        "mask-of-another-layer",
        "mask-without-bias",
        "activation-for-slope",
        "score-for-slope",
        "mask-by-matrix-product",
    ],
    "relu/#the-corner": ["mask-at-zero"],
    "errata/#e8-a-hundred-rows-become-one": ["mask-of-the-batch"],
    "relu/#all-derivatives-at-once": [
        "slope-of-the-sigmoid",
        "slope-of-another-activation",
    ],
    "regularization/#its-gradient": [
        "penalty-missing",
        "penalty-doubled",
        "penalty-halved",
        "penalty-averaged",
        "penalty-subtracted",
        "penalty-of-another-layer",
        "penalty-of-squares",
        "penalty-of-a-sum",
        "penalty-of-signs",
    ],
    "regularization/#why-not-the-biases": [
        "penalty-on-biases",
        "penalty-constant-on-biases",
    ],
    "numerical-trouble/#shared-memory-probabilities-that-are-destroyed": [
        "probabilities-overwritten"
    ],
    "numerical-trouble/#too-few-digits-cancellation": [
        "rounded-down",
        "whole-numbers",
        "single-precision",
    ],
}
PLACES = {name: place for place, names in EXPLAINED.items() for name in names}

HUGE = 100


def code(line):
    return f"<code>{escape(line)}</code>".replace("\n", "<br>")


def result_of(line):
    result = results[line]
    if result is None:
        return "<td>none</td><td>none</td>"
    loss, accuracy = result
    if not loss < HUGE:
        return (
            f"<td>huge</td><td>{accuracy:.0%}</td>"
            if np.isfinite(loss)
            else "<td>not finite</td><td>none</td>"
        )
    return f"<td>{loss:.3f}</td><td>{accuracy:.0%}</td>"


def entry(mistake):
    line = mistake.lines[0]
    title = mistake.name.replace("-", " ")
    return (
        f'<tr id="{mistake.name}"><th scope="row">{title}</th>'
        f'<td><p>{escape(mistake.sentence)} <a href="../{PLACES[mistake.name]}" aria-label="More on: {title}">More.</a></p>'
        f"<p>wrong: {code(line)}<br>right: {code(corrected(line))}</p></td>"
        f"<td>{', '.join(touches(line))}</td>{result_of(line)}</tr>"
    )


def table(mistakes):
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("mistake", "what is wrong", "spoils", "loss", "accuracy")
    )
    body = "".join(map(entry, mistakes))
    return f'<div class="mistakes"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


assert sum(map(len, GROUPS.values())) == len(MISTAKES)
for title, group in GROUPS.items():
    display(Markdown(f"### {title}"), HTML(table(group)))

# %% [markdown]
# ## Where a mistake hides
#
# Some wrong lines compute the right gradient under a special circumstance, and there no check can see them.

# %% tags=["remove-input"]
import typing

from netcode.mistakes.mistake import Hiding

WHERE = {
    "one example": "With a single example: there is nothing to sum and nothing to average.",
    "as many classes as examples": "With as many classes as examples.",
    "no penalty": "Without a penalty, $\\lambda = 0$.",
    "biases of 0": "With biases of 0, as they are at the start.",
    "no kink": "Where no input of ReLU is exactly 0, which is nearly everywhere.",
    "first call": "When the function is called for the first time: what one call spoils, the next one uses.",
}
assert set(WHERE) == set(typing.get_args(Hiding))
Markdown(
    "\n".join(
        f"- {where} "
        + ", ".join(
            mistake.name.replace("-", " ")
            for mistake in MISTAKES
            if hiding in mistake.hidden
        )
        + "."
        for hiding, where in WHERE.items()
    )
)

# %% [markdown]
# ## Exercises
#
# **1.** Take a mistake that reaches the same accuracy as the right backward pass, say a penalty that is forgotten in one layer. Is the network
# it learns the same? Compare the weights.

# %% tags=["solution"]
line = "dW2 = dZ2 @ A1.T"
sizes = {}
for lines in ((), (line,)):
    backward, parameters = backward_with(*lines), start
    for _ in range(updates):
        gradients = backward(X, Y, parameters, netcode.forward(X, parameters), lam)
        parameters = netcode.update(parameters, gradients, learning_rate)
    sizes[lines] = np.sum(parameters.W2**2)
assert sizes[(line,)] > sizes[()]
print(
    f"squares of W2, right: {sizes[()]:.2f}; without its penalty: {sizes[(line,)]:.2f}"
)
# It is another network: nothing pulls its weights back.

# %% [markdown]
# Next: [numerical trouble](numerical-trouble.py), when the formula is right and the numbers are not.
