"""What is printed says what was proven: each formula is read back from its text and LaTeX, and has the same value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from sympy import Basic, Expr, MatrixExpr, Symbol, ZeroMatrix
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations import Derivation, Misconception
from derivations.calculus import Index, array, entry_of, evaluate, sum_over
from derivations.calculus.evaluate import free_quantities
from derivations.calculus.grammar import free_indices, is_label
from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.letters import Letters
from derivations.calculus.writers.notation import PLAIN, Notation, name_in_latex
from derivations.calculus.writers.text import text
from derivations.checking import statements
from derivations.proofs.equation import Equation
from tests.derivations.calculus.test_evaluate import GIVEN, shaped
from tests.derivations.calculus.test_evaluate import NUMBERS as MATRIX_SIZES
from tests.derivations.calculus.writers.readers import LatexReader, MatrixReader, TextReader
from tests.derivations.expressions import AXES, SIZES, expressions, values
from tests.statistics import cases


def names_of(exprs: Iterable[Basic]) -> dict[str, Any]:
    """Arrays, scalars, labels and sizes by name."""
    exprs = list(exprs)
    names: dict[str, Any] = {}
    for name, quantity in free_quantities(exprs).items():
        is_entry = isinstance(quantity, MatrixElement)
        names[name] = quantity.parent if is_entry else type(quantity) if is_label(quantity) else quantity
    symbols = {symbol for expr in exprs for symbol in expr.atoms(Symbol)}
    symbols |= {size for symbol in symbols if isinstance(symbol, Index) for size in symbol.size.free_symbols}
    return names | {symbol.name: symbol for symbol in symbols if symbol.is_positive and symbol.is_integer}


def read_back(expr: Expr, others: list[Expr], notation: Notation) -> Iterator[Expr]:
    """The expression, as it is read from its text and from its LaTeX."""
    names, letters = names_of([expr, *others]), Letters(expr, *others)
    indices = {letters[index]: index for one in (expr, *others) for index in free_indices(one)}
    if notation is PLAIN:
        yield TextReader(names, indices).read(text(expr, letters))
    reader = LatexReader({name_in_latex(name, notation): owner for name, owner in names.items()}, indices)
    reader.signs = (notation.partial,)
    yield reader.read(latex(expr, notation, letters=letters))


def has_arbitrary(expr: Expr) -> bool:
    """Whether it speaks of every function f, of which there are no numbers to compare."""
    return bool(expr.atoms(AppliedUndef))


def equations() -> Iterator[Any]:
    for statement in statements().values():
        if isinstance(statement, Derivation):
            exprs = [statement.start, *(expr for expr, _ in statement.steps)]
            if not any(map(has_arbitrary, exprs)):
                yield pytest.param(exprs, statement.where, statement.notation, id=statement.id)
        elif isinstance(statement, Misconception):
            equation: Equation = statement.equation
            exprs = [equation.left, equation.right]
            yield pytest.param(exprs, equation.where, statement.notation, id=statement.id)


NUMBERS = {"m": 2, "n": 3, "h": 4, "C": 5, "q": 3, "K": 3}


def numbers_for(exprs: list[Expr], where: Any) -> tuple[dict[str, Any], dict[Expr, int]]:
    """Numbers for what is not defined."""
    names = names_of([*exprs, *where, *where.values()])
    sizes = {size: NUMBERS[size.name] for size in names.values() if isinstance(size, Symbol) and size.is_integer}
    rng = np.random.default_rng(0)
    drawn: dict[str, Any] = {}
    for name, owner in names.items():
        if owner in sizes or name in {str(pattern).partition("[")[0] for pattern in where}:
            continue
        if hasattr(owner, "classes"):
            drawn[name] = rng.integers(sizes[owner.classes], size=NUMBERS["m"])
        else:
            shape = [sizes.get(length, 1) for length in getattr(owner, "shape", ())]
            drawn[name] = np.abs(rng.normal(size=shape)) + 0.1
    return drawn, sizes


@pytest.mark.parametrize(("exprs", "where", "notation"), list(equations()))
def test_each_formula_reads_back(exprs: list[Expr], where: Any, notation: Notation) -> None:
    drawn, sizes = numbers_for(exprs, where)
    axes = tuple(dict.fromkeys(index for expr in exprs for index in free_indices(expr)))
    compared = 0
    for expr in exprs:
        for style in (notation, PLAIN):
            for found in read_back(expr, exprs, style):
                compared += 1
                if found == expr:
                    continue
                wanted = evaluate(expr, axes, drawn, sizes, where)
                np.testing.assert_allclose(evaluate(found, axes, drawn, sizes, where), wanted, rtol=1e-12, atol=1e-14)
    assert compared == 3 * len(exprs) > 3


@settings(max_examples=200)
@given(expr=expressions(), numbers=values)
def test_random_expressions_read_back(expr: Expr, numbers: dict[str, Any]) -> None:
    with np.errstate(all="ignore"):
        wanted = evaluate(expr, AXES, numbers, SIZES)
        for found in read_back(expr, [], PLAIN):
            scale = max(1.0, np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0))
            np.testing.assert_allclose(evaluate(found, AXES, numbers, SIZES), wanted, rtol=1e-9, atol=1e-9 * scale)


def test_how_far_a_sum_runs_is_said_although_an_inner_one_has_the_same_index() -> None:
    i, r = Index("i", 3), Index("r", 2)
    outer = sum_over(r, sum_over(r, array("A", 3, 2)[i, r]) - 1)
    assert text(outer) == "sum_(r<2)(sum_s(A[i, s]) - 1)"


# Matrices

MATRIX_FORMS = [
    d
    for d in statements().values()
    if isinstance(d, Derivation) and d.matrix is not None and not has_arbitrary(d.result)
]


def matrix_read_back(matrix: MatrixExpr, notation: Notation, numbers: dict[str, Any]) -> Any:
    """The numbers that a reader of the matrix form gets; a name with a transpose has it above, `A^{[1]\top}`."""
    names = {name_in_latex(name, notation): value for name, value in numbers.items()}
    for name, value in numbers.items():
        if np.ndim(value) == 2:
            names[name_in_latex(name, notation, r"\top")] = value.T
    return MatrixReader(names, {}).read(latex(matrix, notation))


@pytest.mark.parametrize("derivation", [pytest.param(d, id=d.id) for d in MATRIX_FORMS])
def test_each_matrix_form_reads_back(derivation: Derivation) -> None:
    numbers, sizes = numbers_for([derivation.start, derivation.result], {})
    numbers |= {str(size): number for size, number in sizes.items()}
    shown = tuple(axis for axis in derivation._shown_axes if isinstance(axis, Index))
    wanted = evaluate(derivation.result, shown, numbers, sizes)
    assert derivation.matrix_latex.endswith(latex(derivation.matrix, derivation.notation))
    found = matrix_read_back(derivation.matrix, derivation.notation, numbers)
    np.testing.assert_allclose(np.reshape(found, wanted.shape), wanted, rtol=1e-12, atol=1e-14)


@settings(max_examples=cases(100, 2000))
@given(case=shaped())
def test_random_matrix_forms_read_back(case: tuple[MatrixExpr, Index, Index]) -> None:
    matrix, row, column = case
    assume(not matrix.has(ZeroMatrix))
    numbers = {name: value for name, value in GIVEN.items() if name != "y"}
    numbers |= {str(size): number for size, number in MATRIX_SIZES.items()}
    wanted = evaluate(entry_of(matrix, row, column), (row, column), numbers, MATRIX_SIZES)
    found = matrix_read_back(matrix, PLAIN, numbers)
    np.testing.assert_allclose(np.broadcast_to(found, wanted.shape), wanted, rtol=1e-9, atol=1e-9)
