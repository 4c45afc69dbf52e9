"""The names that all chapters share. Examples are columns: X is (n, m), and Z1 = W1 X + b1.

Sizes    m examples, n features, h hidden units, C classes; each any whole number from 1 on.
Indices  i, j an example; u, t a feature; v, w a hidden unit; c, d, k a class.
Arrays   X (n, m), Y (C, m), W1 (h, n), b1 (h, 1), Z1 and A1 (h, m), W2 (C, h), b2 (C, 1), Z2 and P (C, m);
         dQ is the gradient of the loss with respect to Q, of the shape of Q.
Scalars  lam, the strength of the regularization; L, the data's loss; R, the regularization's; J = L + R.
Labels   y(i), the class of example i; Y is the same as a matrix, one column for each example.
"""

from __future__ import annotations

import re

from sympy import Symbol

from derivations.calculus import Index, array, label, size
from derivations.calculus.writers.notation import Notation, Typeset, gradient_of, plain

m, n, h, C = size("m"), size("n"), size("h"), size("C")

i, j = Index("i", m), Index("j", m)
u, t = Index("u", n), Index("t", n)
v, w = Index("v", h), Index("w", h)
c, d, k = Index("c", C), Index("d", C), Index("k", C)

X, Y = array("X", n, m), array("Y", C, m)
y = label("y", C)
W1, b1 = array("W1", h, n), array("b1", h, 1)
W2, b2 = array("W2", C, h), array("b2", C, 1)
Z1, A1 = array("Z1", h, m), array("A1", h, m)
Z2, P = array("Z2", C, m), array("P", C, m)

dW1, db1 = array("dW1", h, n), array("db1", h, 1)
dW2, db2 = array("dW2", C, h), array("db2", C, 1)
dZ1, dA1 = array("dZ1", h, m), array("dA1", h, m)
dZ2 = array("dZ2", C, m)

lam = Symbol("lam", real=True)
L, R, J = Symbol("L", real=True), Symbol("R", real=True), Symbol("J", real=True)


# What these names are. The page of the notation shows it as tables, other pages beside their formulas.

SIZES = {
    "m": "examples",
    "n": "features, the numbers that describe an example",
    "h": "hidden units",
    "C": "classes",
}
ARRAYS = {
    "X": "the data, an example in each column",
    "Y": "the labels: each column has a 1 at the right class and 0 elsewhere",
    "W1": "weights of the first layer, a row for each hidden unit",
    "b1": "biases of the first layer",
    "Z1": "scores of the hidden units",
    "A1": "activations: what is positive in `Z1`, else 0",
    "W2": "weights of the second layer, a row for each class",
    "b2": "biases of the second layer",
    "Z2": "scores of the classes",
    "P": "probabilities of the classes; each column adds up to 1",
}
_OTHERS = {
    "lam": "strength of the regularization",
    "L": "the loss on the data",
    "R": "the penalty for large weights",
    "J": "what training brings down: `L + R`",
    "y": "the class of each example",
    "A": "activations, an example in each column",
    "W": "weights of a layer, a row for each of its units",
    "b": "biases of a layer",
    "Z": "scores of a layer",
}


def meaning(name: str) -> str:
    """What a name of the network is, in a few words; empty for a name that it doesn't have.

    >>> meaning("dW2"), meaning("C"), meaning("Z2_rows"), meaning("q")
    ('gradient of the loss with respect to `W2`', 'number of classes', '`Z2` where examples are rows', '')
    """
    base = name.removesuffix("_rows")
    if base != name:
        return f"`{base}` where examples are rows" if meaning(base) else ""
    if name in SIZES:
        return f"number of {SIZES[name]}"
    known = ARRAYS | _OTHERS
    return gradient_of(name[1:]) if name[0] == "d" and name[1:] in known else known.get(name, "")


# How these names are written

_GREEK = {"lam": r"\lambda", "eps": r"\varepsilon", "eta": r"\eta", "mu": r"\mu"}


def _typeset(name: str) -> Typeset:
    r"""`dZ2` -> `dZ^{[2]}`: a number at a name's end is its layer; d before a letter is the gradient.

    An array whose examples are rows, `dZ2_rows`, gets a tilde.
    """
    base, layer, rows = re.fullmatch(r"(.+?)(\d*)(_rows)?", name).groups()  # type: ignore[union-attr]
    gradient, rest = ("d", base[1]) if re.fullmatch("d[A-Za-z]", base) else ("", base)
    letter = _GREEK.get(rest) or plain(rest).base
    return Typeset(gradient + (rf"\widetilde{{{letter}}}" if rows else letter), f"[{layer}]" if layer else "")


def _rank(name: str) -> int:
    """Weights, then the gradient that arrives from above, as in W A and dZ A^T; with rows the other way round."""
    rank = 1 if name.startswith("W") else 2 if re.match("d[A-Z]", name) else 3
    return 6 - rank if name.endswith("_rows") else rank


network_notation = Notation(_typeset, _rank, partial=r"\partial", named_sizes=(m, n, h, C), meaning=meaning)
"""What a chapter that uses these names has as its `notation`."""
