"""The mistakes that are made in a backward pass: one catalogue, for the tests and for everyone who has made one.

Each is a line, or one line in several places, in the place of the right one; see `netcode.mistakes.mistake`.
"""

from __future__ import annotations

from netcode.mistakes.mistake import GRADIENTS, Mistake, Number, corrected


def _each(form: str) -> tuple[str, ...]:
    """The same done to the gradient of each parameter, `{}` being the right formula."""
    right = {gradient: corrected(f"{gradient} = ").partition(" = ")[2] for gradient in GRADIENTS}
    return tuple(f"{gradient} = {form.format(formula, gradient=gradient)}" for gradient, formula in right.items())


MEAN_AND_SIGN = (
    Mistake(
        "mean-forgotten",
        "The loss is the mean over the examples, so its gradient has a factor 1/m; this is the gradient of the sum.",
        (
            "dZ2 = P - Y",
            "dW1 = m * dZ1 @ X.T + lam * W1",
            "db1 = m * dZ1.sum(axis=1, keepdims=True)",
            "dW2 = m * dZ2 @ A1.T + lam * W2",
            "db2 = m * dZ2.sum(axis=1, keepdims=True)",
        ),
        hidden=("one example",),
    ),
    Mistake(
        "mean-twice",
        "The factor 1/m is already in dZ2; whoever divides once more takes the mean of a mean.",
        (
            "dZ2 = (P - Y) / m**2",
            "dW1 = dZ1 @ X.T / m + lam * W1",
            "dW2 = dZ2 @ A1.T / m + lam * W2",
            "dW1 = (dZ1 @ X.T + lam * W1) / m",
            "dW2 = (dZ2 @ A1.T + lam * W2) / m",
        ),
        hidden=("one example",),
    ),
    Mistake(
        "divided-by-classes",
        "The mean is over the examples, so their number divides; with examples as columns, len(Y) counts classes.",
        ("dZ2 = (P - Y) / len(Y)",),
        hidden=("as many classes as examples",),
    ),
    Mistake(
        "divided-by-entries",
        "The mean is over the examples only; a mean over all entries also divides by the number of classes.",
        ("dZ2 = (P - Y) / Y.size",),
    ),
    Mistake(
        "difference-reversed",
        "The gradient with respect to the scores is what the network says less what is true, P - Y, not Y - P.",
        ("dZ2 = (Y - P) / m",),
    ),
    Mistake(
        "minus-of-the-update",
        "The gradient points uphill; the minus sign that turns it downhill belongs to the update.",
        _each("-({})"),
    ),
    Mistake(
        "stray-factor",
        "A number is multiplied in that does not come from the loss.",
        ("dZ2 = 2 * (P - Y) / m",),
        number=Number(2.0, right=1.0),
    ),
)

SOFTMAX_AND_LOSS = (
    Mistake(
        "labels-forgotten",
        "Only the probabilities are passed back; the labels must be subtracted from them.",
        ("dZ2 = P / m",),
    ),
    Mistake(
        "true-class-only",
        "The score of every class is in softmax's denominator, so the wrong classes have a gradient too.",
        ("dZ2 = (P - 1) * Y / m",),
    ),
    Mistake(
        "labels-off-by-one",
        "The labels are shifted by one class, as when classes counted from 1 are used as indices from 0.",
        ("dZ2 = (P - np.roll(Y, 1, axis=0)) / m", "dZ2 = (P - np.roll(Y, -1, axis=0)) / m"),
    ),
    Mistake(
        "class-numbers-for-one-hot",
        "The classes' numbers are subtracted as they are; what is subtracted is 1 at the true class and 0 elsewhere.",
        ("dZ2 = (P - Y.argmax(axis=0, keepdims=True)) / m",),
    ),
    Mistake(
        "softmax-forgotten",
        "The labels are subtracted from the scores; they must be subtracted from the probabilities, softmax(Z2).",
        ("dZ2 = (forward.Z2 - Y) / m",),
    ),
    Mistake(
        "softmax-over-examples",
        "Softmax is taken along the wrong axis: the probabilities of each example must sum to 1.",
        ("dZ2 = (softmax(forward.Z2.T).T - Y) / m",),
    ),
    Mistake(
        "softmax-over-the-batch",
        "Softmax divides by a sum over the whole batch; the probabilities of each example must sum to 1.",
        ("dZ2 = (np.exp(forward.Z2) / np.exp(forward.Z2).sum() - Y) / m",),
        hidden=("one example",),
    ),
    Mistake(
        "log-forgotten",
        "This is the gradient of minus the true class's probability; the loss is minus its logarithm.",
        ("dZ2 = P * ((P * Y).sum(axis=0, keepdims=True) - Y) / m",),
    ),
    Mistake(
        "softmax-slope-again",
        "The slope of softmax is already in P - Y, where it has cancelled; it must not be multiplied by again.",
        (
            "dZ2 = (P - Y) * P * (1 - P) / m",
            "dZ2 = 2 * (P - Y) * P * (1 - P) / m",
            "dZ2 = (Y - P) * P * (1 - P) / m",
        ),
    ),
    Mistake(
        "squared-error",
        "This is the gradient of half the squared distance between probabilities and labels, not of the cross-entropy.",
        ("dZ2 = P * (P - Y - (P * (P - Y)).sum(axis=0, keepdims=True)) / m",),
    ),
    Mistake(
        "slope-of-the-error",
        "It is e (1 - e), taken of the error e = P - Y; the error itself, P - Y, is the gradient.",
        ("dZ2 = (P - Y) * (1 - (P - Y)) / m",),
    ),
    Mistake(
        "relu-on-scores",
        "The scores go to softmax as they are, without ReLU, so nothing may be masked here.",
        ("dZ2 = (P - Y) / m * (forward.Z2 > 0)",),
    ),
    Mistake(
        "relu-before-softmax",
        "The scores go to softmax as they are; through ReLU, all that are below 0 become one and the same.",
        (
            "dZ2 = (softmax(np.maximum(forward.Z2, 0)) - Y) / m",
            "dZ2 = (softmax(np.maximum(forward.Z2, 0)) - Y) / m * (forward.Z2 > 0)",
        ),
    ),
)

PRODUCTS = (
    Mistake(
        "transpose-forgotten",
        "In the chain rule the second index of one factor meets the first of the other, and that takes a transpose.",
        ("dW1 = dZ1 @ X + lam * W1", "dW2 = dZ2 @ A1 + lam * W2", "dA1 = W2 @ dZ2"),
    ),
    Mistake(
        "factors-swapped",
        "The factors of a matrix product can't change places.",
        ("dW1 = X.T @ dZ1 + lam * W1", "dW2 = A1.T @ dZ2 + lam * W2", "dA1 = dZ2 @ W2.T"),
    ),
    Mistake(
        "result-transposed",
        "The gradient comes out transposed; it must have the shape of the weights.",
        ("dW1 = (dZ1 @ X.T + lam * W1).T", "dW2 = (dZ2 @ A1.T + lam * W2).T"),
    ),
    Mistake(
        "elementwise-product",
        "In NumPy * multiplies entry by entry; the matrix product, which sums over the examples, is @.",
        ("dW1 = dZ1 * X.T + lam * W1", "dW2 = dZ2 * A1.T + lam * W2"),
        hidden=("one example",),
    ),
    Mistake(
        "elementwise-product-back",
        "A gradient goes back through a layer by the matrix product W2.T @ dZ2, not by a product entry by entry.",
        ("dA1 = W2.T * dZ2",),
    ),
    Mistake(
        "scores-for-activations",
        "The second layer's weights multiply the activations A1, so these stand in their gradient, not the scores Z1.",
        ("dW2 = dZ2 @ Z1.T + lam * W2",),
    ),
    Mistake(
        "input-of-another-layer",
        "In a weight's gradient stands the input of its own layer: X in the first, A1 in the second.",
        ("dW1 = dZ1 @ A1.T + lam * W1", "dW2 = dZ2 @ X.T + lam * W2"),
    ),
    Mistake(
        "weights-of-another-layer",
        "The hidden units act on the loss through the second layer, so its weights W2 pass the gradient back.",
        ("dA1 = W1.T @ dZ2",),
    ),
    Mistake(
        "gradient-for-weights",
        "The gradient goes back through the weights W2, not through their gradient dW2.",
        ("dA1 = dW2.T @ dZ2",),
    ),
    Mistake(
        "inverse-for-transpose",
        "To pass a gradient back is not to undo the layer: it takes the transpose of the weights, not their inverse.",
        ("dA1 = np.linalg.pinv(W2) @ dZ2",),
    ),
    Mistake(
        "last-example-only",
        "In a loop over the examples each gradient must be added; where it is assigned, the last one alone is left.",
        (
            "dW1 = dZ1[:, -1:] @ X[:, -1:].T + lam * W1",
            "db1 = dZ1[:, -1:]",
            "dW2 = dZ2[:, -1:] @ A1[:, -1:].T + lam * W2",
            "db2 = dZ2[:, -1:]",
        ),
        hidden=("one example",),
    ),
)

BIASES = (
    Mistake(
        "bias-not-summed",
        "Every example uses the same bias, so its gradient is the sum over the examples.",
        ("db1 = dZ1", "db2 = dZ2"),
        hidden=("one example",),
    ),
    Mistake(
        "bias-of-one-example",
        "Only one example's share is taken; a bias's gradient is the sum over all of them.",
        ("db1 = dZ1[:, :1]", "db2 = dZ2[:, :1]"),
        hidden=("one example",),
    ),
    Mistake(
        "bias-averaged",
        "The factor 1/m is already in dZ2, so the bias's gradient is a sum over the examples, not a mean.",
        ("db1 = dZ1.mean(axis=1, keepdims=True)", "db2 = dZ2.mean(axis=1, keepdims=True)"),
        hidden=("one example",),
    ),
    Mistake(
        "bias-summed-over-units",
        "The sum runs along the wrong axis: a bias's gradient is the sum over the examples, for each unit.",
        ("db1 = dZ1.sum(axis=0, keepdims=True)", "db2 = dZ2.sum(axis=0, keepdims=True)"),
    ),
    Mistake(
        "bias-summed-over-everything",
        "A sum without an axis is one number for all the layer's biases; each has its own, a sum over the examples.",
        (
            "db1 = np.sum(dZ1)",
            "db2 = np.sum(dZ2)",
            "db1 = np.mean(dZ1)",
            "db1 = np.sum(dZ1, keepdims=True)",
            "db2 = np.sum(dZ2, keepdims=True)",
        ),
    ),
    Mistake(
        "bias-from-weights",
        "The bias's gradient is the sum of dZ over the examples, not of the rows of the weights' gradient.",
        ("db1 = dW1.sum(axis=1, keepdims=True)", "db2 = dW2.sum(axis=1, keepdims=True)"),
    ),
    Mistake(
        "bias-of-one-axis",
        "The gradient must have the shape of the biases, which have two axes; without keepdims the sum loses one.",
        ("db1 = dZ1.sum(axis=1)", "db2 = dZ2.sum(axis=1)"),
    ),
    Mistake(
        "bias-left-out",
        "The biases are parameters as well; with a gradient of 0 they are never trained.",
        ("db1 = np.zeros_like(parameters.b1)", "db2 = np.zeros_like(parameters.b2)"),
    ),
)

SLOPE_OF_ANOTHER_ACTIVATION = Mistake(
    "slope-of-another-activation",
    "The derivative belongs to another activation than the one that was applied, or is taken at another value.",
    ("dZ1 = dA1 * (1 - A1**2)", "dZ1 = dA1 * (1 - Z1**2)", "dZ1 = dA1 * Z1 * (1 - Z1)"),
)

RELU = (
    Mistake(
        "mask-missing",
        "ReLU passes a gradient back only where its input was above 0; elsewhere it must become 0.",
        ("dZ1 = dA1", "dW1 = dA1 @ X.T + lam * W1", "db1 = dA1.sum(axis=1, keepdims=True)"),
        elsewhere="What comes back through {activation} is multiplied by its slope at each entry.",
    ),
    Mistake(
        "mask-from-the-gradient",
        "What decides is whether ReLU's input Z1 was above 0, not whether the gradient that comes back is.",
        ("dZ1 = dA1 * (dA1 > 0)",),
        elsewhere="The slope of {activation} is taken at its input Z1, whatever the gradient is that comes back.",
    ),
    Mistake(
        "mask-inverted",
        "The gradient passes where ReLU's input was above 0, not where it was below.",
        ("dZ1 = dA1 * (Z1 < 0)",),
        elsewhere="What comes back is multiplied by the slope of {activation} at Z1, not by where Z1 is below 0.",
    ),
    Mistake(
        "mask-at-zero",
        "No error, but another choice: at exactly 0 ReLU has no slope; 0 stands for it here, 1 or 1/2 may as well.",
        ("dZ1 = dA1 * (Z1 >= 0)", "dZ1 = dA1 * ((Z1 > 0) / 2 + (Z1 >= 0) / 2)"),
        hidden=("no kink",),
        choice=True,
    ),
    Mistake(
        "mask-of-another-layer",
        "A layer's mask comes from its own scores: Z1 for the hidden layer.",
        ("dZ1 = dA1 * (X > 0)", "dZ1 = dA1 * (forward.Z2 > 0)"),
    ),
    Mistake(
        "mask-of-the-batch",
        "Each example has a mask of its own; there is none that a whole batch shares.",
        ("dZ1 = dA1 * (Z1.sum(axis=1, keepdims=True) > 0)",),
        hidden=("one example",),
    ),
    Mistake(
        "mask-without-bias",
        "The slope is taken where the activation was, at W1 X + b1; here the bias is left out.",
        ("dZ1 = dA1 * (Z1 - parameters.b1 > 0)",),
        hidden=("biases of 0",),
    ),
    Mistake(
        "activation-for-slope",
        "The gradient is multiplied by ReLU's slope, which is 1 or 0, not by its value A1.",
        ("dZ1 = dA1 * A1",),
        elsewhere="The gradient is multiplied by the slope of {activation}, not by its value A1.",
    ),
    Mistake(
        "score-for-slope",
        "The gradient is multiplied by the slope at Z1, not by Z1 itself: g'(Z1) is no product of g' and Z1.",
        ("dZ1 = dA1 * Z1", "dZ1 = dA1 * 2 * Z1"),
    ),
    Mistake(
        "mask-by-matrix-product",
        "The mask is applied entry by entry: each entry is kept or dropped, and no example is mixed with another.",
        ("dZ1 = dA1 @ (A1.T @ A1 > 0)",),
    ),
    Mistake(
        "slope-of-the-sigmoid",
        "A1 (1 - A1) is the slope of a sigmoid; that of ReLU is 1 above 0 and else 0.",
        ("dZ1 = dA1 * A1 * (1 - A1)",),
        elsewhere="A1 (1 - A1) is the slope of a sigmoid, and {activation} has another.",
    ),
    SLOPE_OF_ANOTHER_ACTIVATION,
)

PENALTY = (
    Mistake(
        "penalty-missing",
        "The loss has a penalty on the weights, so its gradient has the term lam times the weights.",
        ("dW1 = dZ1 @ X.T", "dW2 = dZ2 @ A1.T"),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-doubled",
        "The penalty is lam/2 times the squares, and the 2 of their derivative cancels the 1/2: it adds lam W, once.",
        ("dW1 = dZ1 @ X.T + 2 * lam * W1", "dW2 = dZ2 @ A1.T + 2 * lam * W2"),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-halved",
        "The derivative of a square has a factor 2, which cancels the 1/2 in the penalty lam/2 times the squares.",
        ("dW1 = dZ1 @ X.T + lam / 2 * W1", "dW2 = dZ2 @ A1.T + lam / 2 * W2"),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-averaged",
        "The penalty is added to the mean over the examples, not part of it, so it is not divided by m.",
        ("dW1 = dZ1 @ X.T + lam / m * W1", "dW2 = dZ2 @ A1.T + lam / m * W2"),
        hidden=("one example", "no penalty"),
    ),
    Mistake(
        "penalty-subtracted",
        "The penalty is added to the loss, so its gradient is added as well.",
        ("dW1 = dZ1 @ X.T - lam * W1", "dW2 = dZ2 @ A1.T - lam * W2"),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-on-biases",
        "The penalty is on the weights alone; the biases have none.",
        (
            "db1 = dZ1.sum(axis=1, keepdims=True) + lam * parameters.b1",
            "db2 = dZ2.sum(axis=1, keepdims=True) + lam * parameters.b2",
        ),
        hidden=("no penalty", "biases of 0"),
    ),
    Mistake(
        "penalty-of-another-layer",
        "The penalty's gradient with respect to a layer's weights is lam times these weights, not another layer's.",
        ("dW1 = dZ1 @ X.T + lam * W2", "dW2 = dZ2 @ A1.T + lam * W1"),
    ),
    Mistake(
        "penalty-of-squares",
        "The penalty is the square of the weights, so its derivative is lam times the weights, not their squares.",
        (
            "dW1 = dZ1 @ X.T + lam * W1**2",
            "dW2 = dZ2 @ A1.T + lam * W2**2",
            "dW1 = dZ1 @ X.T + lam / m * W1**2",
            "dW2 = dZ2 @ A1.T + lam / m * W2**2",
            "dW1 = dZ1 @ X.T + lam / 2 * W1**2",
            "dW2 = dZ2 @ A1.T + lam / 2 * W2**2",
        ),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-of-a-sum",
        "Each weight's penalty has its own derivative, lam times that weight, not lam times a sum over all weights.",
        (
            "dW1 = dZ1 @ X.T + lam * W1.sum()",
            "dW2 = dZ2 @ A1.T + lam * W2.sum()",
            "dW1 = dZ1 @ X.T + lam * np.sum(W1**2)",
            "dW2 = dZ2 @ A1.T + lam * np.sum(W2**2)",
            "dW1 = dZ1 @ X.T + lam / 2 * np.sum(W1**2)",
            "dW2 = dZ2 @ A1.T + lam / 2 * np.sum(W2**2)",
        ),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-of-signs",
        "The penalty is on squares: lam times the signs is the gradient of one on absolute values.",
        ("dW1 = dZ1 @ X.T + lam * np.sign(W1)", "dW2 = dZ2 @ A1.T + lam * np.sign(W2)"),
        hidden=("no penalty",),
    ),
    Mistake(
        "penalty-constant-on-biases",
        "A number is added to each bias's gradient; the penalty is on the weights alone, and biases have none.",
        (
            "db1 = dZ1.sum(axis=1, keepdims=True) + lam",
            "db2 = dZ2.sum(axis=1, keepdims=True) + lam",
            "db1 = dZ1.sum(axis=1, keepdims=True) + lam / m",
            "db2 = dZ2.sum(axis=1, keepdims=True) + lam / m",
        ),
        hidden=("no penalty",),
    ),
)

CODE = (
    Mistake(
        "probabilities-overwritten",
        "This changes the probabilities in place, and they still belong to the forward pass: the next use is wrong.",
        ("dZ2 = P\ndZ2 -= Y\ndZ2 /= m",),
        hidden=("first call",),
    ),
    Mistake(
        "stale-forward-pass",
        "The values of an earlier forward pass are used; after every update they must be computed anew.",
        ('Z1, A1, _, P = backward.kept = getattr(backward, "kept", forward)',),
        hidden=("first call",),
    ),
    Mistake(
        "gradients-accumulated",
        "The gradient is added to that of the call before, which should have been set to 0.",
        _each('backward.{gradient} = getattr(backward, "{gradient}", 0) + {}'),
        hidden=("first call",),
    ),
    Mistake(
        "weights-updated-too-early",
        "The gradient goes back through weights that are updated already; all gradients come before the first update.",
        ("dA1 = (W2 - 1.0 * dW2).T @ dZ2",),
        number=Number(1.0, right=0.0),
    ),
    Mistake(
        "learning-rate-folded-in",
        "The gradient is multiplied by a number. If that is the learning rate, it belongs to the update.",
        _each("0.1 * ({})"),
        number=Number(0.1, right=1.0),
    ),
    Mistake(
        "rounded-down",
        "In Python // divides and rounds down to a whole number; plain division is /.",
        ("dZ2 = (P - Y) // m",),
    ),
    Mistake(
        "whole-numbers",
        "An array of whole numbers drops what is behind the decimal point; a gradient needs floats.",
        _each("({}).astype(int)"),
    ),
    Mistake(
        "single-precision",
        "Right to some seven digits and no further, as float32 and numeric derivatives are; compute in float64.",
        ("dZ2 = ((P - Y) / m).astype(np.float32)",),
        choice=True,
    ),
)

MISTAKES = MEAN_AND_SIGN + SOFTMAX_AND_LOSS + PRODUCTS + BIASES + RELU + PENALTY + CODE

HARMLESS = Mistake(
    "small-number-in-softmax",
    "No error: a small number is added to softmax's denominator, as if it could be 0. It changes the last digits only.",
    tuple(
        f"dZ2 = (P / (1 + {number} / {denominator}.sum(axis=0)) - Y) / m"
        for number in ("1e-8", "1e-9", "1e-7", "1e-10", "1e-6", "1e-5", "1e-11", "1e-12", "1e-13")
        for denominator in ("np.exp(forward.Z2 - forward.Z2.max(axis=0))", "np.exp(forward.Z2)")
    ),
    choice=True,
)
"""What is seen in softmax, and does no harm: no line of the catalogue's, since it makes nothing wrong."""

PENALTY_NUMBER = Mistake(
    "penalty-by-another-number",
    "The penalty's gradient is lam times the weights; another number is before it.",
    (),
    hidden=("no penalty",),
)
"""What is found by solving for the number, not by a line."""

MEAN_OR_SUM = Mistake(
    "mean-forgotten",
    "Right for the sum of the examples' losses. For their mean, which is the usual loss, the factor 1/m is missing.",
    (),
    choice=True,
)
SLOPE_OF_OUTPUT = Mistake(
    "sigmoid-slope-at-the-output",
    "Right for the squared error. For the cross-entropy P (1 - P) is too much: it has cancelled in P - Y.",
    (),
    choice=True,
)
"""What is right for one loss and wrong for another, where nothing says which loss is meant."""
EXAMPLE_LEFT_OUT = Mistake(
    "example-left-out",
    "One example is left out, the first or the last, as by a loop or a slice that begins or ends too early.",
    (
        "dZ2 = (P - Y) * (np.arange(m) > 0) / m",
        "dZ2 = (P - Y) * (np.arange(m) < m - 1) / m",
        "dZ2 = (P - Y) * (np.arange(m) > 0) / (m - 1)",
        "dZ2 = (P - Y) * (np.arange(m) < m - 1) / (m - 1)",
    ),
)
"""No line of the catalogue's: where no hidden unit is active for that example, some gradients are right without it."""
ONE_TERM_OF_THE_SLOPE = Mistake(
    "one-term-of-the-slope",
    "The activation is a product of the score and another factor, so its slope has two terms; here is only the first.",
    (),
)
"""What may be wrong with an activation such as GELU, which the catalogue's network doesn't have."""
OTHERS = (HARMLESS, PENALTY_NUMBER, SLOPE_OF_OUTPUT, EXAMPLE_LEFT_OUT, ONE_TERM_OF_THE_SLOPE)


def by_name(name: str) -> Mistake:
    """The mistake of this name. Raises KeyError if there is none."""
    return {mistake.name: mistake for mistake in (*MISTAKES, *OTHERS)}[name]
