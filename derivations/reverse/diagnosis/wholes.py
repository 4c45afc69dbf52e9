"""Changes that are made in more than one place of a formula at once, or to the whole of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from sympy import Add, Expr, Indexed, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.evaluate import shape_of
from derivations.calculus.grammar import Index, entry, sum_over
from derivations.calculus.writers.text import text
from derivations.reverse.diagnosis.changes import Change, Context, same_entry

__all__ = ["changes_of_the_whole"]


def changes_of_the_whole(expr: Expr, context: Context) -> Iterator[Change]:
    """Every one of them."""
    yield from names_exchanged(expr)
    for change in (name_wrong_everywhere, slope_again, all_sums_over_another_axis, summed_over_an_axis, term_moved):
        yield from change(expr, context)


def names_exchanged(expr: Expr) -> Iterator[Change]:
    """In the whole formula, X is where Z belongs, and Z where X belongs."""
    entries = sorted(expr.atoms(MatrixElement, Indexed), key=str)
    arrays = {name_of(found): found for found in entries}
    for one, other in itertools.combinations(arrays.values(), 2):
        if shape_of(one) == shape_of(other):
            exchanged = {name_of(one): other, name_of(other): one}
            new = {e: same_entry(exchanged[name_of(e)], entry(e)[1]) for e in entries if name_of(e) in exchanged}
            words = f"{name_of(one)} and {name_of(other)} are exchanged"
            yield Change(words, expr.xreplace(new), 1.2)


def name_wrong_everywhere(expr: Expr, context: Context) -> Iterator[Change]:
    """In the whole formula, Z stands where X belongs; where X is there once, that is `name_wrong`."""
    for name in sorted({name_of(found) for found in expr.atoms(MatrixElement, Indexed)}):
        entries = [found for found in expr.atoms(MatrixElement, Indexed) if name_of(found) == name]
        for other in context.names if len(entries) > 1 else ():
            if name_of(other) != name and shape_of(other) == shape_of(entries[0]):
                new = {found: same_entry(other, entry(found)[1]) for found in entries}
                yield Change(f"{name_of(other)} stands where {name} belongs", expr.xreplace(new), 1.3)


def slope_again(expr: Expr, context: Context) -> Iterator[Change]:
    """The whole formula is multiplied by the slope of an activation once more, or by an array of its shape."""
    for name in context.names:
        if len(entry(name)[1]) == len(context.axes) and shape_of(name) == tuple(axis.size for axis in context.axes):
            value = same_entry(name, context.axes)
            yield Change(f"the slope {text(value * (1 - value))} is there, too", expr * value * (1 - value), 1.2)
            yield Change(f"the factor {text(value)} is there, too", expr * value, 1.3)


def all_sums_over_another_axis(expr: Expr, context: Context) -> Iterator[Change]:
    """Each sum over one index runs over the other one instead, as with the wrong `axis`; means are over its size."""
    sums = [total for total in expr.atoms(Sum) if len(total.limits) == 1]
    sizes = {total.limits[0][0].size for total in sums}
    for size in sorted(sizes, key=str) if len(sums) > 1 else ():
        for other in (index for index in context.axes if index.size != size):
            own = next((index for index in context.axes if index.size == size), None)
            of_size = [total for total in sums if total.limits[0][0].size == size and total.has(other)]
            if own is None or not of_size:
                continue
            running = Index(f"{other.name}''", other.size)
            new = {
                total: sum_over(running, total.function.xreplace({total.limits[0][0]: own, other: running}))
                for total in of_size
            }
            words = f"the sums over {own} run over {other} instead"
            yield Change(words, expr.xreplace(new), 1.2)
            yield Change(words, expr.xreplace({total: value * size / other.size for total, value in new.items()}), 1.2)


def summed_over_an_axis(expr: Expr, context: Context) -> Iterator[Change]:
    """db[c] becomes sum_c db[c], the same for all c: as of `np.sum(dZ)` without an axis."""
    for index in context.axes:
        running = Index(f"{index.name}'''", index.size)
        yield Change(f"it is added up over {index} too", sum_over(running, expr.xreplace({index: running})), 1.2)


def term_moved(expr: Expr, context: Context) -> Iterator[Change]:
    """dZ[i] + f(dY[i]) becomes f(dY[i] + dZ[i]): another way's gradient, added too early."""
    entries = [found for found in expr.atoms(MatrixElement, Indexed) if name_of(found).startswith("d")]
    for term in expr.args if isinstance(expr, Add) else ():
        for other in sorted({name_of(found) for found in entries if term in entries} - {name_of(term)}):
            alike = [found for found in entries if name_of(found) == other and shape_of(found) == shape_of(term)]
            new = {found: found + same_entry(term, entry(found)[1]) for found in alike}
            if alike:
                words = f"{name_of(term)} is added to {other} before, not to what comes of it"
                yield Change(words, (expr - term).xreplace(new), 1.2)
