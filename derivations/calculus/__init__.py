"""A small index calculus over SymPy: expressions for every entry of an array at once, for every size at once.

- `grammar`: what an index expression is made of
- `definitions`: names that stand for expressions, and derivatives
- `normal_form`: the form in which equal expressions are the same
- `evaluate`: numbers for an expression
- `decide`: proven, refuted with a counterexample, or undecided
- `matrix_form`: from indices to matrix products, and back
- `latex`, `text`, `numpy_code`: how to write it
"""

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.decide import Decision, decide
from derivations.calculus.definitions import Definitions, differentiate, expand
from derivations.calculus.equation import Equation
from derivations.calculus.evaluate import evaluate
from derivations.calculus.grammar import Index, Partial, ShapeError, array, delta, label, relu, size, step, sum_over
from derivations.calculus.matrix_form import entry_of, matrix_form
from derivations.calculus.normal_form import normal_form

__all__ = [
    "Assumption",
    "Decision",
    "Definitions",
    "Equation",
    "Index",
    "Partial",
    "Positive",
    "ShapeError",
    "SumsToOne",
    "array",
    "decide",
    "delta",
    "differentiate",
    "entry_of",
    "evaluate",
    "expand",
    "label",
    "matrix_form",
    "normal_form",
    "relu",
    "size",
    "step",
    "sum_over",
]
