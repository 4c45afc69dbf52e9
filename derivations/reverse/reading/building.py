"""The second reading, when all sizes are known: from the tree to expressions of the calculus."""

from __future__ import annotations

import ast

from sympy import Expr, Mul, Rational, Symbol, exp, log, pi

from derivations.calculus.evaluate import shape_of
from derivations.calculus.grammar import Index, array, delta, entry, label, sum_over
from derivations.reverse.errors import at
from derivations.reverse.reading.forward import Forward
from derivations.reverse.reading.shapes import Scope, Shapes
from derivations.reverse.reading.syntax import indices_of, reduction_of, target_of
from derivations.reverse.reading.words import FUNCTION, no_function
from derivations.reverse.windows import Place, counts, view

__all__ = ["Builder"]


class Builder:
    """A forward pass, line by line."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.defined: dict[str, int] = {}
        self.inputs: dict[str, Expr] = {}
        self.targets: dict[str, int] = {}
        self.definitions: dict[Expr, Expr] = {}
        self.views: dict[tuple[object, ...], str] = {}

    def forward(self, statements: list[ast.Assign]) -> Forward:
        for node in statements:
            name = target_of(node)
            if name in self.targets:
                raise at(node, f"{name} is defined on line {self.targets[name]} already", name)
            self.targets[name] = node.lineno
        for node in statements:
            scope = self.shapes.scopes[node]
            body = self.build(node.value, scope)
            self.defined[target_of(node)] = node.lineno
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
        if (reduction := reduction_of(node)) is not None:
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
            raise at(node, no_function(name))
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
        read = [pair for pair in zip(indices_of(node), entry(built)[1], strict=True) if pair[0] in self.shapes.places]
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
        shape = [sizes.of(("axis", name, axis)) for axis in range(len(indices_of(node)))]
        places = self.places_of(name, indices_of(node))
        return array(name, *shape)[tuple(places.get(index) or self.index(index, scope) for index in indices_of(node))]

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
