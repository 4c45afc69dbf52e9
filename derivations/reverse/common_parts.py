"""Parts that are computed more than once get a name: sigmoid(z) in the forward pass, in a slope, and in another.

Only what costs something is named: functions and roots. Two parts are the same if one becomes the other by renaming
indices: sigmoid(z[i]) and, inside a sum, sigmoid(z[k]) are entries of one array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sympy import Expr, Indexed, Pow, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.functions import function_of
from derivations.calculus.grammar import Index, array, free_indices
from derivations.reverse.folding import key
from derivations.reverse.program import Reduction, Statement

__all__ = ["with_common_parts"]


def with_common_parts(statements: Iterable[Statement]) -> list[Statement]:
    """The same statements, with one before the first use of each part that is used more than once."""
    statements = list(statements)
    counted = Counter(_shape(part) for statement in statements for part in _parts(statement.read))
    naming = _Naming({shape for shape, times in counted.items() if times > 1}, {s.name for s in statements})
    return [found for statement in statements for found in naming.statements(statement)]


class _Naming:
    def __init__(self, shared: set[object], taken: set[str]) -> None:
        self.shared = shared
        self.taken = taken
        self.named: dict[object, tuple[Expr, tuple[Index, ...]]] = {}
        self.new: list[Statement] = []

    def statements(self, statement: Statement) -> Iterator[Statement]:
        value = statement.value
        if isinstance(value, Reduction):
            value = Reduction(value.function, self.replaced(value.argument), value.over)
        elif _shape(value) in self.shared and _shape(value) not in self.named and _is_part(value):
            self.named[_shape(value)] = statement.target, free_indices(value)  # it has a name already
        else:
            value = self.replaced(value)
        yield from self.new
        self.new = []
        yield Statement(statement.target, value)

    def replaced(self, expr: Expr) -> Expr:
        if not expr.args or isinstance(expr, (MatrixElement, Indexed)):
            return expr
        if _is_part(expr) and _shape(expr) in self.shared:
            return self.entry(expr)
        return expr.func(*[self.replaced(arg) if isinstance(arg, Expr) else arg for arg in expr.args])

    def entry(self, expr: Expr) -> Expr:
        shape, indices = _shape(expr), free_indices(expr)
        if shape not in self.named:
            inner = expr.func(*[self.replaced(arg) for arg in expr.args])
            name = self.name(expr)
            target = array(name, *[i.size for i in indices])[indices] if indices else Symbol(name, real=True)
            self.new.append(Statement(target, inner))
            self.named[shape] = target, indices
        target, there = self.named[shape]
        return target.xreplace(dict(zip(there, indices, strict=True)))

    def name(self, expr: Expr) -> str:
        """`sigmoid_z` for a function of one name, else the function with a number."""
        function = function_of(expr)
        kind = "root" if function is None else function.name
        inner = expr.args[0]
        name = f"{kind}_{name_of(inner)}" if isinstance(inner, (MatrixElement, Indexed, Symbol)) else f"{kind}_1"
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name


def _is_part(expr: Expr) -> bool:
    if not free_indices(expr):  # a scalar, or a size: that costs nothing
        return False
    return function_of(expr) is not None or (isinstance(expr, Pow) and not expr.exp.is_Integer)


def _parts(expr: Expr) -> Iterator[Expr]:
    if _is_part(expr):
        yield expr
    if not isinstance(expr, (MatrixElement, Indexed)):
        for arg in expr.args:
            if isinstance(arg, Expr):
                yield from _parts(arg)


def _shape(expr: Expr) -> object:
    """Equal for parts that differ in the names of their indices alone."""
    return key(expr.xreplace({index: Index(f"_{k}", index.size) for k, index in enumerate(free_indices(expr))}))
