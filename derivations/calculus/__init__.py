"""A small index calculus over SymPy: expressions for every entry of an array at once, for every size at once.

- `functions`: the table of functions
- `grammar`: what an index expression is made of
- `window`: places that are sums of indices
- `definitions`: names that stand for expressions
- `prover`: whether two expressions are equal; `simplifier`: the rules that it goes by
- `evaluate`: numbers for an expression
- `matrix_form`: from indices to matrix products, and back
- `writers`: how to write it: `latex`, `text`, `numpy_code`
"""

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.definitions import Definitions
from derivations.calculus.evaluate import evaluate
from derivations.calculus.functions import absolute, relu, sigmoid, softplus, step
from derivations.calculus.grammar import Index, Local, Partial, ShapeError, array, delta, label, size, sum_over
from derivations.calculus.matrix_form import entry_of, matrix_form
from derivations.calculus.prover import Proof, prove_equal, simplified

__all__ = [
    "Assumption",
    "Definitions",
    "Index",
    "Local",
    "Partial",
    "Positive",
    "Proof",
    "ShapeError",
    "SumsToOne",
    "absolute",
    "array",
    "delta",
    "entry_of",
    "evaluate",
    "label",
    "matrix_form",
    "prove_equal",
    "relu",
    "sigmoid",
    "simplified",
    "size",
    "softplus",
    "step",
    "sum_over",
]
