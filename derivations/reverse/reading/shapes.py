"""The first reading: how many axes each name has, and which of them have one size."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from derivations.calculus.window import Window
from derivations.reverse.errors import at
from derivations.reverse.reading.syntax import indices_of, reduction_of, sizes_of
from derivations.reverse.reading.words import FUNCTION, REDUCTIONS, WORDS
from derivations.reverse.sizes import Sizes
from derivations.reverse.windows import Place, placed

__all__ = ["Scope", "Shapes"]

Scope = Mapping[str, object]
"""From an index's letter to the class of sizes that it has here."""


class Shapes:
    """What the text says of its names and indices."""

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
            for index in indices_of(target):
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
        if (reduction := reduction_of(node)) is not None:
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
        for letter, number in sizes_of(node.func):
            self.sizes.fix(inner[letter], number)
        self.scopes[node] = inner
        self.visit(body, inner)

    def entry(self, node: ast.Subscript, scope: Scope) -> None:
        if not isinstance(node.value, ast.Name):
            raise at(node, "expected the name of an array before the brackets")
        name, indices = node.value.id, indices_of(node)
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
