"""From text to definitions: the forward pass, a line for each name, as one would write it on paper.

    mu[i]    = mean[j](X[i, j])
    Y[i, j]  = gamma[j] * (X[i, j] - mu[i])

The text is Python's own grammar, read by `ast` and never executed. An index is a letter in brackets; a letter that is
not on the left is summed over by `sum[j](...)` or `mean[j](...)`. Sizes need no declaration (see `sizes`). A number
that is an array's entry, as the class y[i] in P[y[i], i], is a label; a sum of indices, as in X[c, p + k], is the place
of a window (see `windows`). The size of an index is a number where one is said: mean[k:3](X[c, 3*p + k]).
"""

from __future__ import annotations

import ast
import difflib
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Indexed, Mul, Rational, Symbol, exp, log, pi
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import shape_of
from derivations.calculus.functions import FUNCTIONS
from derivations.calculus.grammar import Index, array, delta, entry, label, sum_over
from derivations.calculus.window import Window
from derivations.reverse.errors import FormulaError, at
from derivations.reverse.sizes import Sizes
from derivations.reverse.windows import Place, counts, placed, view

__all__ = ["Forward", "read"]

REDUCTIONS = ("sum", "mean", "softmax", "logsumexp")
WORDS = {"size", "delta", "pi"}

FUNCTION = {function.name: function for function in FUNCTIONS}
FUNCTION["abs"] = FUNCTION["absolute"]

INSTEAD = {
    "max": "max(a, b) is b + relu(a - b)",
    "maximum": "maximum(a, b) is b + relu(a - b)",
    "Max": "Max(a, b) is b + relu(a - b)",
    "min": "min(a, b) is b - relu(b - a)",
    "minimum": "minimum(a, b) is b - relu(b - a)",
    "where": "where(z > 0, a, b) is b + step(z) * (a - b)",
    "matmul": "a matrix product is a sum: sum[k](A[i, k] * B[k, j])",
    "dot": "a matrix product is a sum: sum[k](A[i, k] * B[k, j])",
}
"""What would do instead of a function that isn't there."""


@dataclass(frozen=True)
class Forward:
    """A forward pass: what each name is defined as, in order, and the entries of its inputs as they are written."""

    definitions: Definitions
    inputs: Mapping[str, Expr]
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of the text on which each name is defined."""
    recognized: tuple[tuple[Expr, Expr], ...] = ()
    """What was written, and the function of the table that it was taken for."""

    @property
    def outputs(self) -> list[Expr]:
        """The names that no other definition uses."""
        used = {
            name_of(part) for body in self.definitions.values() for part in body.atoms(MatrixElement, Indexed, Symbol)
        }
        return [pattern for pattern in self.definitions if name_of(pattern) not in used]


def read(text: str) -> Forward:
    """The forward pass that a text writes down.

    Raises FormulaError, which names line and column, if there is something that the grammar doesn't have.

    >>> forward = read("A[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]")
    >>> sorted(forward.inputs)
    ['W', 'X', 'b']
    """
    statements = list(_statements(text))
    shapes = _Shapes()
    for statement in statements:
        shapes.statement(statement)
    shapes.finish()
    return _Builder(shapes).forward(statements)


def _statements(text: str) -> Iterator[ast.Assign]:
    try:
        tree = ast.parse(textwrap.dedent(text))
    except SyntaxError as error:
        shown = (error.text or "").strip()
        raise FormulaError(f"line {error.lineno}, column {error.offset}: {shown}: {error.msg}") from None
    if not tree.body:
        raise FormulaError("there is no formula: expected lines such as  Z[v, i] = sum[u](W[v, u] * X[u, i])")
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            raise at(node, "expected  name[indices] = formula")
        yield node


def _indices(node: ast.Subscript) -> list[ast.expr]:
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _letters(node: ast.Subscript) -> list[ast.expr]:
    """The indices of `sum[i, k:3]`, without their sizes."""
    return [index.lower if isinstance(index, ast.Slice) and index.lower else index for index in _indices(node)]


def _sizes(node: ast.Subscript) -> Iterator[tuple[str, int]]:
    """The sizes that are said: k and 3 in `sum[i, k:3]`."""
    for index in _indices(node):
        if isinstance(index, ast.Slice):
            match index:
                case ast.Slice(lower=ast.Name(id=letter), upper=ast.Constant(value=int(number)), step=None) if (
                    number > 0
                ):
                    yield letter, number
                case _:
                    raise at(node, "expected an index and how many values it takes, [k:3]", ast.unparse(index))


def _reduction(node: ast.AST) -> tuple[str, list[ast.expr], ast.expr] | None:
    """The kind, the indices and the body of `sum[i, j](body)`; None for anything else."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Subscript):
        return None
    kind = node.func.value
    if not isinstance(kind, ast.Name) or kind.id not in REDUCTIONS:
        near = difflib.get_close_matches(ast.unparse(kind), REDUCTIONS, n=1)
        guess = f"did you mean {near[0]}[...]? " if near else ""
        raise at(node, f"{guess}(there are {', '.join(f'{name}[i](...)' for name in REDUCTIONS)})")
    if len(node.args) != 1 or node.keywords:
        raise at(node, f"{kind.id}[...] takes one formula in brackets")
    return kind.id, _letters(node.func), node.args[0]


Scope = Mapping[str, object]
"""From an index's letter to the class of sizes that it has here."""


class _Shapes:
    """The first reading: how many axes each name has, and which of them have one size."""

    def __init__(self) -> None:
        self.sizes = Sizes()
        self.rank: dict[str, tuple[int, int]] = {}  # of each name, and the line that says so
        self.labels: set[str] = set()
        self.places: dict[ast.AST, Place] = {}
        self.read: list[tuple[object, dict[str, object], ast.expr, ast.AST]] = []
        self.plain: list[tuple[object, object, ast.Name]] = []
        self.scopes: dict[ast.AST, Scope] = {}
        self.uses: dict[str, list[object]] = {}  # of each letter, wherever it is an index

    def statement(self, node: ast.Assign) -> None:
        scope: dict[str, object] = {}
        target = node.targets[0]
        if isinstance(target, ast.Subscript):
            for index in _indices(target):
                if not isinstance(index, ast.Name):
                    raise at(target, "on the left each index is a letter: a definition holds for all entries")
                if index.id in scope:
                    raise at(target, f"the index {index.id} is there twice: a definition holds for all entries")
                self.declare(index.id, scope, node)
        elif not isinstance(target, ast.Name):
            raise at(node, "expected  name[indices] = formula")
        self.scopes[node] = scope
        self.visit(target, scope)
        self.visit(node.value, scope)

    def declare(self, letter: str, scope: dict[str, object], node: ast.AST) -> None:
        key = ("index", letter, id(node))
        scope[letter] = key
        self.uses.setdefault(letter, []).append(key)
        self.sizes.call(key, letter)

    def visit(self, node: ast.AST, scope: Scope) -> None:
        if (reduction := _reduction(node)) is not None:
            self.reduction(node, *reduction, scope)
        elif isinstance(node, ast.Subscript):
            self.entry(node, scope)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("size", "delta"):
            self.indices_as_arguments(node, scope)
        elif isinstance(node, ast.Name):
            self.scalar(node, scope)
        else:
            parts = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
            for part in parts:
                self.visit(part, scope)

    def reduction(self, node: ast.AST, kind: str, indices: list[ast.expr], body: ast.expr, scope: Scope) -> None:
        inner = dict(scope)
        for index in indices:
            if not isinstance(index, ast.Name):
                raise at(node, f"{kind} runs over the whole range of an index: expected a letter", ast.unparse(index))
            if kind in ("softmax",):
                if index.id not in scope:
                    raise at(
                        node,
                        f"softmax[{index.id}](...) has an entry for each {index.id}: {index.id} must be on the left",
                    )
            else:
                self.declare(index.id, inner, node)
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Subscript)
        for letter, number in _sizes(node.func):
            self.sizes.fix(inner[letter], number)
        self.scopes[node] = inner
        self.visit(body, inner)

    def entry(self, node: ast.Subscript, scope: Scope) -> None:
        if not isinstance(node.value, ast.Name):
            raise at(node, "expected the name of an array before the brackets")
        name, indices = node.value.id, _indices(node)
        self.has_rank(name, len(indices), node)
        for axis, index in enumerate(indices):
            self.index(("axis", name, axis), index, node, scope)

    def index(self, axis: object, index: ast.expr, node: ast.AST, scope: Scope) -> None:
        match index:
            case ast.Name(id=letter) if isinstance(getattr(node, "ctx", None), ast.Load):
                self.plain.append((axis, self.in_scope(letter, node, scope), index))
            case ast.Name(id=letter):
                self.sizes.same(self.in_scope(letter, node, scope), axis)
            case ast.Constant(value=int(number)) if not isinstance(number, bool) and number >= 0:
                self.sizes.holds(axis, number)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=letter)):
                self.labels.add(name)
                self.has_rank(name, 1, index)
                self.sizes.same(self.in_scope(letter, node, scope), ("axis", name, 0))
                self.sizes.same(axis, ("classes", name))
                self.sizes.call(("classes", name), name)
            case _ if (place := placed(index)) is not None:
                self.place(axis, index, place, node, scope)
            case _:
                raise at(
                    node,
                    "an index is a letter, a whole number, a label y[i], or a place such as 2*p + k; "
                    f"{ast.unparse(index)} is none of these",
                )

    def place(self, axis: object, index: ast.expr, place: Place, node: ast.AST, scope: Scope) -> None:
        self.places[index] = place
        self.read.append((axis, {letter: self.in_scope(letter, node, scope) for letter in place.letters}, index, node))

    def finish(self) -> None:
        """An index takes its size from its axis; beside a window X[p + 1] of the same p, X[p] is a window too."""
        moving = {(axis, run) for axis, letters, *_ in self.read for run in letters.values()}
        for axis, run, index in self.plain:
            if (axis, run) in moving:
                self.places[index] = Place((index.id,), Window((1,)))
            else:
                self.sizes.same(run, axis)
        self.stay_within()

    def stay_within(self) -> None:
        """Windows stay within their axis, which gets a letter."""
        for axis, letters, index, node in self.read:
            for letter, run in letters.items():
                if self.sizes.root(run) == self.sizes.root(axis):
                    place = ast.unparse(index)
                    raise at(node, f"{letter} takes all places of this axis elsewhere, so that {place} would leave it")
            if not self.sizes.is_called(axis):
                self.sizes.call(axis, self.free_letter())

    def free_letter(self) -> str:
        """A letter for the places of a window, which have none in the text."""
        letters = (
            letter for letter in "tsrqabcdefghijklmnopuvwxyz" if letter not in self.uses and letter not in self.rank
        )
        letter = next(letters, "place")
        self.uses[letter] = []
        return letter

    def in_scope(self, letter: str, node: ast.AST, scope: Scope) -> object:
        if letter not in scope:
            raise at(node, f"the index {letter} is neither on the left nor summed over: write sum[{letter}](...)")
        return scope[letter]

    def indices_as_arguments(self, node: ast.Call, scope: Scope) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        letters = [arg.id if isinstance(arg, ast.Name) else "" for arg in node.args]
        if len(letters) != {"size": 1, "delta": 2}[name] or "" in letters:
            raise at(node, {"size": "expected one index, size(j)", "delta": "expected two indices, delta(i, j)"}[name])
        if name == "delta":
            self.sizes.same(*[self.in_scope(letter, node, scope) for letter in letters])
        self.scopes[node] = scope

    def scalar(self, node: ast.Name, scope: Scope) -> None:
        if node.id in scope:
            raise at(node, f"{node.id} is an index here, and no number; its size is size({node.id})")
        if node.id not in WORDS:
            self.has_rank(node.id, 0, node)

    def has_rank(self, name: str, rank: int, node: ast.AST) -> None:
        if name in FUNCTION or name in REDUCTIONS or name in WORDS:
            raise at(node, f"{name} is a function: the name of an array must be another one")
        line = getattr(node, "lineno", 1)
        known, first = self.rank.setdefault(name, (rank, line))
        if known != rank:
            raise at(node, f"{name} has {_counted(rank)} here and {_counted(known)} on line {first}")


def _counted(rank: int) -> str:
    return {0: "no index", 1: "one index"}.get(rank, f"{rank} indices")


class _Builder:
    """The second reading, when all sizes are known: from the tree to expressions of the calculus."""

    def __init__(self, shapes: _Shapes) -> None:
        self.shapes = shapes
        self.defined: dict[str, int] = {}
        self.inputs: dict[str, Expr] = {}
        self.targets: dict[str, int] = {}
        self.definitions: dict[Expr, Expr] = {}
        self.views: dict[tuple[object, ...], str] = {}

    def forward(self, statements: list[ast.Assign]) -> Forward:
        for node in statements:
            name = _target(node)
            if name in self.targets:
                raise at(node, f"{name} is defined on line {self.targets[name]} already", name)
            self.targets[name] = node.lineno
        for node in statements:
            scope = self.shapes.scopes[node]
            body = self.build(node.value, scope)
            self.defined[_target(node)] = node.lineno
            self.definitions[self.build(node.targets[0], scope)] = body
        self.check_counts()
        return Forward(self.definitions, self.inputs, dict(self.targets))

    def check_counts(self) -> None:
        """Windows must say how many they are: each of their sizes is an input's, or a number, or follows from these."""
        known = {size for quantity in self.inputs.values() for size in shape_of(quantity)}
        known |= set(counts(self.definitions.values(), known))
        for _, letters, index, node in self.shapes.read:
            sizes = {letter: self.shapes.sizes.of(run) for letter, run in letters.items()}
            loose = [letter for letter, size in sizes.items() if size not in known and not size.is_Integer]
            if loose:
                letter = loose[-1]
                raise at(
                    node,
                    f"how many values {letter} takes isn't known, since no input has an axis of that size: "
                    f"say it where {letter} is summed over, as in sum[{letter}:3](...)",
                    ast.unparse(index),
                )

    def build(self, node: ast.expr, scope: Scope) -> Expr:
        if (reduction := _reduction(node)) is not None:
            return self.reduction(node, *reduction)
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return Rational(ast.unparse(node))
            case ast.Name(id="pi"):
                return pi
            case ast.Name() | ast.Subscript():
                return self.quantity(node, scope)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.build(operand, scope)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.build(operand, scope)
            case ast.BinOp():
                return self.operation(node, scope)
            case ast.Call():
                return self.call(node, scope)
            case ast.Compare() | ast.BoolOp():
                raise at(node, "there are no comparisons: z > 0 as a number is step(z)")
            case ast.IfExp():
                raise at(node, "there is no if: (a if z > 0 else b) is b + step(z) * (a - b)")
        raise at(node, "this is not part of the grammar of a formula")

    def operation(self, node: ast.BinOp, scope: Scope) -> Expr:
        if isinstance(node.op, ast.MatMult):
            raise at(node, "a matrix product is a sum: sum[k](A[i, k] * B[k, j])")
        if isinstance(node.op, ast.BitXor):
            raise at(node, "a power is written **")
        left, right = self.build(node.left, scope), self.build(node.right, scope)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                if right == 0:
                    raise at(node, "this divides by 0")
                return left / right
            case ast.Pow():
                if not right.is_Rational:
                    base, power = ast.unparse(node.left), ast.unparse(node.right)
                    raise at(node, f"a power must be a number; for positive {base} write exp({power} * log({base}))")
                return left**right
        raise at(node, "expected one of + - * / **")

    def call(self, node: ast.Call, scope: Scope) -> Expr:
        name = ast.unparse(node.func)
        if name == "size":
            return self.size(node, scope)
        if name == "delta":
            return delta(*[self.letter(arg, scope) for arg in node.args])
        if name not in FUNCTION:
            raise at(node, _no_function(name))
        if len(node.args) != 1 or node.keywords:
            raise at(node, f"{name} takes one formula in brackets")
        return FUNCTION[name].apply(self.build(node.args[0], scope))

    def size(self, node: ast.Call, scope: Scope) -> Expr:
        """The size of an index that is used here, or anywhere in the text if it has one size everywhere."""
        letter, sizes = ast.unparse(node.args[0]), self.shapes.sizes
        uses = [scope[letter]] if letter in scope else self.shapes.uses.get(letter, [])
        found = {sizes.of(use) for use in uses}
        if len(found) != 1:
            why = "no index is called that" if not found else "this index has several sizes in the text"
            raise at(node, f"the size of {letter} is not known: {why}")
        return found.pop()

    def letter(self, node: ast.expr, scope: Scope) -> Index:
        assert isinstance(node, ast.Name)
        return Index(node.id, self.shapes.sizes.of(scope[node.id]))

    def reduction(self, node: ast.AST, kind: str, indices: list[ast.expr], body: ast.expr) -> Expr:
        scope = self.shapes.scopes[node]
        over = tuple(self.letter(index, scope) for index in indices)
        term = self.build(body, scope)
        if kind == "sum":
            return sum_over(over, term)
        if kind == "mean":
            return sum_over(over, term) / Mul(*[index.size for index in over])
        if kind == "logsumexp":
            return log(sum_over(over, exp(term)))
        new = {index: Index(f"{index.name}'", index.size) for index in over}
        return exp(term) / sum_over(tuple(new.values()), exp(term.xreplace(new)))

    def quantity(self, node: ast.Name | ast.Subscript, scope: Scope) -> Expr:
        name = node.id if isinstance(node, ast.Name) else ast.unparse(node.value)
        if name in self.targets and name not in self.defined and node.ctx.__class__ is ast.Load:
            line = self.targets[name]
            why = "by itself" if line == node.lineno else f"on line {line}, after it is used"
            raise at(node, f"{name} is defined {why}", name)
        if name in self.shapes.labels:
            raise at(node, f"{name} is a label: it can only be used as an index, P[{name}[i], i]")
        built = self.entry(name, node, scope)
        if name not in self.targets:
            self.inputs.setdefault(name, self.pattern(name, built))
        return self.through_windows(name, built, node, scope) if isinstance(node, ast.Subscript) else built

    def through_windows(self, name: str, built: Expr, node: ast.Subscript, scope: Scope) -> Expr:
        """An entry at a window's place, as an entry of an array of its own; any other one as it is."""
        read = [pair for pair in zip(_indices(node), entry(built)[1], strict=True) if pair[0] in self.shapes.places]
        if not read:
            return built
        places = {t: self.bracket(self.shapes.places[index], t, scope) for index, t in read}
        indices, body = view(built, places)
        key = (name, *[index.size for index in indices], *[str(bracket.base) for bracket in places.values()])
        if key not in self.views:
            self.views[key] = self.free_name(f"{name}w")
            self.targets[self.views[key]] = self.defined[self.views[key]] = node.lineno
            self.definitions[self.viewed(key, indices)] = body
        return self.viewed(key, indices)

    def viewed(self, key: tuple[object, ...], indices: tuple[Index, ...]) -> Expr:
        return array(self.views[key], *[index.size for index in indices])[indices]

    def bracket(self, place: Place, t: Index, scope: Scope) -> Expr:
        letters = [Index(letter, self.shapes.sizes.of(scope[letter])) for letter in place.letters]
        return place.window.at(letters, t)

    def free_name(self, name: str) -> str:
        while name in self.shapes.rank or name in self.targets:
            name += "w"
        return name

    def pattern(self, name: str, built: Expr) -> Expr:
        """The entry with a letter of its own for each axis: as it is written, if it isn't written as in P[i, i]."""
        if isinstance(built, Symbol):
            return built
        letters: list[str] = []
        for axis, index in enumerate(entry(built)[1]):
            written = isinstance(index, Index) and index.name not in letters
            letters.append(index.name if written else self.letter_for(("axis", name, axis), letters))
        sizes = [self.shapes.sizes.of(("axis", name, axis)) for axis in range(len(letters))]
        return array(name, *sizes)[tuple(Index(*pair) for pair in zip(letters, sizes, strict=True))]

    def entry(self, name: str, node: ast.Name | ast.Subscript, scope: Scope) -> Expr:
        if isinstance(node, ast.Name):
            return Symbol(name, real=True)
        sizes = self.shapes.sizes
        shape = [sizes.of(("axis", name, axis)) for axis in range(len(_indices(node)))]
        places = self.places_of(name, _indices(node))
        return array(name, *shape)[tuple(places.get(index) or self.index(index, scope) for index in _indices(node))]

    def places_of(self, name: str, indices: list[ast.expr]) -> dict[ast.expr, Index]:
        """An index for each place that a window reads, with a letter that is not there yet."""
        taken: list[str] = [part.id for index in indices for part in ast.walk(index) if isinstance(part, ast.Name)]
        found = {}
        for axis, index in enumerate(indices):
            if index in self.shapes.places:
                taken.append(self.letter_for(("axis", name, axis), taken))
                found[index] = Index(taken[-1], self.shapes.sizes.of(("axis", name, axis)))
        return found

    def letter_for(self, axis: object, taken: list[str]) -> str:
        """The letter that runs over an axis elsewhere; a free one, if none does."""
        usual = self.shapes.sizes.letter(axis)
        letters = [usual, *(letter for letter in "cdkpqrstuvw" if letter not in self.shapes.uses)]
        return next(letter for letter in letters if letter not in taken and letter not in self.shapes.rank)

    def index(self, node: ast.expr, scope: Scope) -> Expr:
        match node:
            case ast.Constant(value=number):
                return Rational(number)
            case ast.Subscript(value=ast.Name(id=name), slice=inner):
                y = label(name, self.shapes.sizes.of(("classes", name)))
                self.inputs.setdefault(name, y(self.letter(inner, scope)))
                return y(self.letter(inner, scope))
        return self.letter(node, scope)


def _target(node: ast.Assign) -> str:
    target = node.targets[0]
    return ast.unparse(target.value) if isinstance(target, ast.Subscript) else ast.unparse(target)


def _no_function(name: str) -> str:
    short = name.rpartition(".")[2]
    known = [*FUNCTION, *(f"{reduction}[i]" for reduction in REDUCTIONS)]
    if short in REDUCTIONS:
        return f"{short} needs its index: {short}[i](...)"
    if short in FUNCTION:
        return f"write {short}(...), without {name.rpartition('.')[0]}"
    if INSTEAD.get(short):
        return f"there is no {short}: {INSTEAD[short]}"
    near = difflib.get_close_matches(short, known, n=1)
    guess = f"; did you mean {near[0]}?" if near else ""
    return f"there is no function {short}{guess} (there are {', '.join(known)})"
