"""Index expressions as a line of NumPy, as one would write it by hand.

Each part is written for a layout, which says which index belongs to which axis; NumPy's broadcasting does the rest. A
sum is written in every way that there is, and the shortest is taken:

    sum_i(G[k, i] * A[v, i])       as a matrix product            G @ A.T
    sum_i(G[k, i])                 as a sum along an axis         G.sum(axis=1, keepdims=True)
    sum_i(G[k, i]) / m             as a mean                      G.mean(axis=1, keepdims=True)
    sum_i(A[i, v] * B[i, v] * C[i, w])   by einsum, where all else is longer or has none
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from sympy import Add, Basic, Expr, Indexed, KroneckerDelta, Mul, Pow, Rational, S, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import fresh_indices, name_of
from derivations.calculus.evaluate import shape_of
from derivations.calculus.functions import function_of, step
from derivations.calculus.grammar import Index, entry, free_indices, is_label
from derivations.calculus.window import window_of
from derivations.calculus.writers.entries import Entries
from derivations.calculus.writers.factors import (
    Part,
    Total,
    connected,
    factors_of,
    indices_of,
    quotient,
    totals,
    without,
)
from derivations.calculus.writers.layout import Axes, Piece, broadcast, fit, restricted
from derivations.calculus.writers.operators import (
    Binding,
    Code,
    add,
    call,
    divide,
    matrix_product,
    power,
    product,
    template,
)
from derivations.calculus.writers.places import Places, places_in
from derivations.calculus.writers.python_names import NoCodeError, python_name

__all__ = ["numpy_code"]

_CONSTANTS = {S.Pi: "np.pi", S.Exp1: "np.e"}

Shapes = Mapping[str, tuple[Expr, ...]]
"""The arrays at hand, by name."""


MOST_EXACT = 2**53
"""Up to here floats are exact whole numbers."""


def numpy_code(
    expr: Expr,
    layout: tuple[Index | int, ...],
    arrays: Shapes | None = None,
    named: Iterable[Symbol] = (),
    places: Mapping[str, str] | None = None,
) -> str:
    """One NumPy expression for the array with the entry `expr`; an axis 0 in the layout has length 1.

    A size is read from an array (`X.shape[1]`): from one in the expression, or else from one of `arrays`; or it is a
    name that the code has, if it is among those `named`. `places` names the arrays of whole numbers that say where
    windows read, in a layer's code, which has a function `scatter`.

    Raises NoCodeError for what has no code, as a derivative.

    >>> from derivations.calculus.grammar import array, size, sum_over
    >>> i, k = Index("i", size("m")), Index("k", size("n"))
    >>> X = array("X", size("m"), size("n"))
    >>> numpy_code(X[i, k] - sum_over(k, X[i, k]) / size("n"), (i, k))
    'X - X.mean(axis=1, keepdims=True)'
    """
    shapes = {**_shapes_in(expr), **(arrays or {})}
    writer = _Writer({**_size_codes(shapes), **{size: str(size) for size in named}}, places)
    return writer.whole(expr, tuple(axis if isinstance(axis, Index) else None for axis in layout), shapes)


def _shapes_in(expr: Basic) -> dict[str, tuple[Expr, ...]]:
    """The arrays in an expression with their shapes, in the order in which they are written."""
    if window_of(expr) is not None:
        return {}
    if isinstance(expr, (MatrixElement, Indexed)):
        found = {entry(expr)[0]: shape_of(expr)}
        return found | {name: shape for index in entry(expr)[1] for name, shape in _shapes_in(index).items()}
    if is_label(expr):
        index = expr.args[0]
        return {type(expr).__name__: (index.size if isinstance(index, Index) else S.Zero,)}
    return {name: shape for arg in reversed(expr.args) for name, shape in _shapes_in(arg).items()}


def _size_codes(shapes: Shapes) -> dict[Expr, str]:
    """For each size the code that reads it from the first array that has it."""
    codes: dict[Expr, str] = {}
    for array, shape in shapes.items():
        for axis, size in enumerate(shape):
            codes.setdefault(size, f"len({array})" if len(shape) == 1 else f"{array}.shape[{axis}]")
    return {size: code for size, code in codes.items() if not size.is_Integer}


def _signed(expr: Expr) -> tuple[bool, Expr]:
    """Whether a term is to be subtracted, and the term without its sign."""
    negative = bool(expr.could_extract_minus_sign()) and not isinstance(expr, Add)
    return negative, -expr if negative else expr


class _Writer:
    """A walk over an expression, with the code for the sizes."""

    def __init__(self, sizes: Mapping[Expr, str], places: Mapping[str, str] | None) -> None:
        self.sizes = sizes
        self.places = places
        self.entries = Entries(sizes, self.size)
        self.known: dict[tuple[Part, Axes], Piece] = {}

    def whole(self, expr: Expr, layout: Axes, shapes: Shapes) -> str:
        """The code of an array that has all axes of the layout."""
        loose = set(free_indices(expr)) - set(layout)
        if loose:
            raise NoCodeError(f"the index {min(map(str, loose))} of {expr} is free, but is not among the axes")
        piece = self.write(fresh_indices(expr), layout)
        if piece.axes == layout:
            return piece.code.text
        shape = tuple(S.One if axis is None else axis.size for axis in layout)
        same = [f"{name}.shape" for name, other in shapes.items() if other == shape]
        sizes = ", ".join(self.size(length) for length in shape)
        lengths = [*same, f"({sizes})" if len(shape) > 1 else sizes][0]
        if piece.code.text == "1":
            return f"np.ones({lengths})"
        return f"np.{'broadcast_to' if piece.axes else 'full'}({self._swapped(piece, lengths)})"

    def _swapped(self, piece: Piece, lengths: str) -> str:
        return f"{piece.code.text}, {lengths}" if piece.axes else f"{lengths}, {piece.code.text}"

    def size(self, size: Expr) -> str:
        """The code for a size."""
        return self.sizes.get(size) or self.write(size, ()).code.text

    def write(self, part: Part, layout: Axes) -> Piece:
        """The shortest code for a part that fits the layout."""
        key = part, layout
        if key not in self.known:
            self.known[key] = min(self.candidates(part, layout), key=lambda piece: piece.cost)
        return self.known[key]

    def candidates(self, part: Part, layout: Axes) -> Iterator[Piece]:
        yield self.direct(part, layout)
        if len(layout) == 2 and None not in layout and not isinstance(part, (MatrixElement, Indexed, KroneckerDelta)):
            turned = self.direct(part, layout[::-1])
            if turned.axes == layout[::-1]:
                yield fit(turned, layout)

    def direct(self, part: Part, layout: Axes) -> Piece:
        if isinstance(part, Total):
            return self.total(part, layout)
        if self.places and window_of(part) is not None:
            return fit(self.bracket(part), layout)
        if isinstance(part, (MatrixElement, Indexed)):
            name, indices = entry(part)
            return self.entries.of(Code(python_name(name)), indices, shape_of(part), layout)
        if isinstance(part, KroneckerDelta):
            return self.delta(part, layout)
        if isinstance(part, Add):
            return self.sum(part, layout)
        if isinstance(part, (Mul, Sum)) or (isinstance(part, Pow) and part.exp.could_extract_minus_sign()):
            return self.product(tuple(factors_of(part)), layout)
        if isinstance(part, Pow):
            return self.power(part.base, part.exp, layout)
        function = function_of(part)
        if function is not None:
            inner = self.write(part.args[0], layout)
            pattern = "np.heaviside({}, 0)" if isinstance(part, step) else function.numpy
            return Piece(template(pattern, inner.code), inner.axes)
        return Piece(self.scalar(part))

    def scalar(self, expr: Expr) -> Code:
        if expr in _CONSTANTS:
            return Code(_CONSTANTS[expr])
        if isinstance(expr, Rational):
            return _number(expr)
        if expr in self.sizes:
            return Code(self.sizes[expr])
        if isinstance(expr, Symbol) and not isinstance(expr, Index):
            return Code(python_name(expr.name))
        raise NoCodeError(f"there is no NumPy code for {expr}")

    # Sums, products, powers

    def sum(self, expr: Add, layout: Axes) -> Piece:
        """Products of matrices first, as in `W @ X + b`, scalars behind arrays; what is subtracted comes last."""
        terms = [(negative, self.write(term, layout)) for negative, term in map(_signed, expr.args)]
        terms.sort(key=lambda term: (term[0], _rank_of_term(term[1])))
        return Piece(add([(negative, piece.code) for negative, piece in terms]), broadcast(p for _, p in terms))

    def product(self, factors: tuple[Part, ...], layout: Axes) -> Piece:
        """A quotient of products, and a sum over all of an axis divided by its size as a mean."""
        coefficient, above, below = quotient(factors)
        written = [self.quotient(coefficient, above, below, (), layout), *self.outer(coefficient, above, below, layout)]
        for total in (part for part in above if isinstance(part, Total)):
            rest = without([index.size for index in total.bound], below)
            if rest is not None:
                others = [part for part in above if part is not total]
                means = list(self.axis_sums(total, layout, "mean"))
                written += [self.quotient(coefficient, others, rest, (mean,), layout) for mean in means]
        return min(written, key=lambda piece: piece.cost)

    def outer(self, coefficient: Rational, above: list[Part], below: list[Part], layout: Axes) -> Iterator[Piece]:
        """Arrays with several axes each, multiplied into one with more than two."""
        arrays = [part for part in above if indices_of(part)]
        if len(layout) > 2 and len(arrays) > 1:
            scalars = [part for part in above if not indices_of(part)]
            for joined in self.einsums(Total(tuple(arrays), ()), layout):
                yield self.quotient(coefficient, scalars, below, (joined,), layout)

    def quotient(
        self, coefficient: Rational, above: list[Part], below: list[Part], means: tuple[Piece, ...], layout: Axes
    ) -> Piece:
        alone = not any(_is_float(part) for part in (*above, *below)) and not means
        over = [*(self.factor(part, layout, alone) for part in sorted(above, key=_rank)), *means]
        under = [self.factor(part, layout, True) for part in sorted(below, key=_rank)]
        size = abs(coefficient)
        numbers = [_number(Rational(size.p) if size.q <= 16 else size)]
        top = product([*(numbers if numbers[0].text != "1" else []), *(piece.code for piece in over)])
        divisor = [Code(str(size.q))] if 1 < size.q <= 16 else []
        bottom = [*divisor, *(piece.code for piece in under)]
        code = divide(top, product(bottom)) if bottom else top
        return Piece(add([(bool(coefficient < 0), code)]), broadcast([*over, *under]))

    def factor(self, part: Part, layout: Axes, alone: bool) -> Piece:
        """A factor; a step beside a factor of floats is a mask."""
        if isinstance(part, step) and not alone:
            inner = self.write(part.args[0], layout)
            return Piece(Code(f"({inner.code.text} > 0)"), inner.axes)
        return self.write(part, layout)

    def power(self, base: Expr, exponent: Expr, layout: Axes) -> Piece:
        inner = self.write(base, layout)
        if exponent == Rational(1, 2):
            return Piece(call("np.sqrt", inner.code.text), inner.axes)
        if exponent == 3 and self.places is not None and inner.code.text.isidentifier():
            # A layer's code is to be fast: NumPy squares as it multiplies, but takes a hundred times as long for **3.
            return Piece(Code(f"{inner.code.text} * {inner.code.text}**2", Binding.PRODUCT), inner.axes)
        above = self.write(exponent, layout)
        return Piece(power(inner.code, above.code.at(Binding.ATOM)), broadcast([inner, above]))

    # Sums over indices

    def total(self, total: Total, layout: Axes) -> Piece:
        if self.places is not None and (places := places_in(total, self.places)) is not None:
            for piece in self.picked_places(places, restricted(layout, indices_of(total))):
                return fit(piece, layout)
        written = [*self.matrix_products(total, layout), *self.axis_sums(total, layout, "sum")]
        return min([*written, *self.einsums(total, layout)], key=lambda piece: piece.cost)

    def axis_sums(self, total: Total, layout: Axes, function: str) -> Iterator[Piece]:
        """`.sum(axis=1, keepdims=True)`: the bound indices take axes that the result has no index for, or new ones."""
        free = [axis for axis in layout if axis in indices_of(total)]
        orders = list(itertools.permutations(total.bound)) if len(total.bound) < 4 else [total.bound]
        slots = [number for number, axis in enumerate(layout) if axis not in free]
        for order in orders:
            if not free:
                body = self.product(total.factors, order)
                yield Piece(Code(f"{body.code.at(Binding.ATOM)}.{function}()"))
            elif len(slots) >= len(order):
                for chosen in itertools.combinations(slots, len(order)):
                    axes = list(restricted(layout, free))
                    for number, index in zip(chosen, order, strict=True):
                        axes[number] = index
                    yield self.axis_sum(self.product(total.factors, tuple(axes)), total.bound, function, True)
            else:
                for chosen in itertools.combinations(range(len(free) + len(order)), len(order)):
                    rest, new = iter(free), iter(order)
                    inside = tuple(next(new if number in chosen else rest) for number in range(len(free) + len(order)))
                    body = self.product(total.factors, inside)
                    yield fit(self.axis_sum(body, total.bound, function, False), layout)

    def axis_sum(self, body: Piece, bound: tuple[Index, ...], function: str, keepdims: bool) -> Piece:
        numbers = [number for number, axis in enumerate(body.axes) if axis in bound]
        axis = str(numbers[0]) if len(numbers) == 1 else f"({', '.join(map(str, numbers))})"
        text = f"{body.code.at(Binding.ATOM)}.{function}(axis={axis}{', keepdims=True' if keepdims else ''})"
        if keepdims:
            return Piece(Code(text), tuple(None if axis in bound else axis for axis in body.axes))
        return Piece(Code(text), tuple(axis for axis in body.axes if axis not in bound))

    def matrix_products(self, total: Total, layout: Axes) -> Iterator[Piece]:
        """`left @ right`, one of the bound indices between the two."""
        layout = restricted(layout, indices_of(total))
        for row, column in _ends(layout):
            for index in total.bound:
                inner = tuple(other for other in total.bound if other != index)
                for left, right in _sides(connected(total.factors, inner), set(row), set(column)):
                    one = self.product(left, (*layout[:-2], *row, index))
                    two = self.product(right, (*layout[:-2], index, *column))
                    axes = broadcast([Piece(one.code, one.axes[:-2]), Piece(two.code, two.axes[:-2])])
                    axes += one.axes[-2:-1] + (two.axes[-1:] if column else ())
                    yield fit(Piece(matrix_product(one.code, two.code), axes), layout)

    def einsums(self, total: Total, layout: Axes) -> Iterator[Piece]:
        if len(total.factors) == 1 and not _repeats(total.factors[0]):
            return
        letters = _letters([index for factor in total.factors for index in indices_of(factor)])
        operands, codes = [], []
        for factor in total.factors:
            own = entry(factor)[1] if _repeats(factor) else indices_of(factor)
            operands.append("".join(letters[index] for index in own))
            codes.append(python_name(entry(factor)[0]) if _repeats(factor) else self.write(factor, own).code.text)
        axes = tuple(axis for axis in layout if axis in indices_of(total))
        output = "".join(letters[axis] for axis in axes)
        yield fit(Piece(call("np.einsum", f'"{",".join(operands)}->{output}"', *codes), axes), layout)

    def picked_places(self, places: Places, layout: Axes) -> Iterator[Piece]:
        """A sum in which factors pick places; nothing, if it neither reads there nor adds up there."""
        if places.is_read:
            yield places.read(python_name(entry(places.rest[0])[0]))
        elif places.is_added_up:
            inside = places.inside(layout)
            values = self.product(tuple(places.values), inside)
            text = values.code.text if values.axes == inside else self.repeated(values, inside)
            yield places.add_up(text, layout, self.size)

    def bracket(self, part: Indexed) -> Piece:
        """[t = p + k] as an array of zeros and ones, where it is neither read by nor added up by."""
        *indices, t = part.indices
        text = f"np.eye({self.size(t.size)})[{(self.places or {})[name_of(part)]}]"
        return Piece(Code(text), (*indices, t))

    def repeated(self, piece: Piece, axes: tuple[Index, ...]) -> str:
        sizes = ", ".join(self.size(index.size) for index in axes)
        return f"np.broadcast_to({piece.code.text}, {f'({sizes})' if len(axes) > 1 else sizes})"

    # Entries

    def delta(self, expr: KroneckerDelta, layout: Axes) -> Piece:
        """An entry of the identity matrix."""
        one, two = expr.args[:2]
        size = next(length for length in map(_values_of, (one, two)) if length is not None)
        eye = Code(f"np.eye({self.size(size)})")
        written = [self.entries.of(eye, order, (size, size), layout) for order in ((one, two), (two, one))]
        return min(written, key=lambda piece: piece.cost)


def _number(number: Rational) -> Code:
    """A number that is not negative: as it is, as a decimal fraction, or as a quotient.

    Of one with more digits than a float has, as of the product of two decimal fractions, the nearest float is written.
    """
    if number.q == 1:
        return Code(str(number.p))
    decimal = repr(number.p / number.q)
    exact = Rational(decimal) == number
    as_decimal = (exact and "e" not in decimal) or max(number.p, number.q) > MOST_EXACT
    return Code(decimal) if as_decimal else Code(f"{number.p} / {number.q}", Binding.PRODUCT)


def _rank(part: Part) -> int:
    """Scalars first, then arrays, then what is computed from arrays."""
    if isinstance(part, (MatrixElement, Indexed)):
        return 1
    return 2 if isinstance(part, Total) or part.has(MatrixElement, Indexed, KroneckerDelta) else 0


def _rank_of_term(piece: Piece) -> int:
    if piece.code.text.isdigit():
        return 0
    return 3 if not piece.axes else 1 if "@" in piece.code.text else 2


def _is_float(part: Part) -> bool:
    """Whether a factor is no mask and no integer."""
    return isinstance(part, (Total, KroneckerDelta)) or not (isinstance(part, step) or part.is_integer)


def _values_of(index: Expr) -> Expr | None:
    if isinstance(index, Index):
        return index.size
    return type(index).classes if is_label(index) else None


def _repeats(part: Part) -> bool:
    """Whether this is an entry with an index twice, `D[i, i]`, and no other kind of index."""
    if not isinstance(part, (MatrixElement, Indexed)):
        return False
    indices = entry(part)[1]
    return all(isinstance(index, Index) for index in indices) and len(set(indices)) < len(indices)


def _ends(layout: Axes) -> list[tuple[Axes, Axes]]:
    """The row's and the column's axis of a matrix product with this layout; a vector has one of them."""
    if len(layout) >= 2:
        return [] if layout[-2] is None and layout[-1] is None else [(layout[-2:-1], layout[-1:])]
    return [(layout, ()), ((), layout)] if layout else [((), ())]


def _sides(
    groups: list[tuple[list[Part], tuple[Index, ...]]], rows: set[Index | None], columns: set[Index | None]
) -> Iterator[tuple[tuple[Part, ...], tuple[Part, ...]]]:
    """The ways to put each group of factors to the left, where the row's index is, or to the right."""
    choices = []
    for group, _ in groups:
        own = {index for factor in group for index in indices_of(factor)}
        choices.append([side for side, others in enumerate((columns, rows)) if not own & others])
    for sides in itertools.islice(itertools.product(*choices), 16):
        if set(sides) == {0, 1}:
            left, right = (
                tuple(
                    part
                    for (group, bound), chosen in zip(groups, sides, strict=True)
                    if chosen == side
                    for part in totals(tuple(group), bound)
                )
                for side in (0, 1)
            )
            yield left, right


def _letters(indices: Iterable[Index]) -> dict[Index, str]:
    """A letter for each index, its own where that is free."""
    letters: dict[Index, str] = {}
    for index in dict.fromkeys(indices):
        wanted = (index.name[0], *"ijklmnopqrstuvwxyzabcdefghABCDEFGHIJKLMNOPQRSTUVWXYZ")
        letters[index] = next(letter for letter in wanted if letter not in letters.values())
    return letters
