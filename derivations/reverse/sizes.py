"""The sizes that nobody declares: an index takes its size from every axis at which it is written.

`Y[i, j] = gamma[j] * X[i, j]` says that Y and X have one shape and that gamma is as long as X has columns. Whatever
must have one size is put into one class (union-find); a class is called after the first index written for it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from sympy import Integer, Symbol

from derivations.calculus.grammar import size
from derivations.reverse.errors import FormulaError

__all__ = ["Sizes"]

Node = Hashable


@dataclass
class Sizes:
    """Classes of axes and indices that have one size."""

    _parent: dict[Node, Node] = field(default_factory=dict)
    _letter: dict[Node, str] = field(default_factory=dict)
    _least: dict[Node, int] = field(default_factory=dict)
    _fixed: dict[Node, int] = field(default_factory=dict)
    _named: dict[Node, Symbol] = field(default_factory=dict)

    def root(self, node: Node) -> Node:
        """What stands for the class of a node."""
        while self._parent.setdefault(node, node) != node:
            node = self._parent[node]
        return node

    def same(self, node: Node, other: Node) -> None:
        """Say that two nodes have one size."""
        first, second = self.root(node), self.root(other)
        if first != second:
            self._parent[second] = first
            if second in self._letter:
                self._letter.setdefault(first, self._letter.pop(second))
            self._least[first] = max(self._least.get(first, 0), self._least.pop(second, 0))
            if second in self._fixed:
                self.fix(first, self._fixed.pop(second))

    def call(self, node: Node, letter: str) -> None:
        """Say which letter runs over a node's class, or whose labels it numbers; the first gives the size its name."""
        self._letter.setdefault(self.root(node), letter)

    def holds(self, node: Node, number: int) -> None:
        """Say that a whole number is used as an index there."""
        root = self.root(node)
        self._least[root] = max(self._least.get(root, 0), number + 1)

    def fix(self, node: Node, number: int) -> None:
        """Say that a node's class has so many values; FormulaError if something else was said before."""
        known = self._fixed.setdefault(self.root(node), number)
        if known != number:
            raise FormulaError(f"one size is said to be {known} and {number}")

    def is_called(self, node: Node) -> bool:
        """Whether a letter runs over a node's class."""
        return self.root(node) in self._letter

    def letter(self, node: Node) -> str:
        """The letter that runs over a node's class."""
        return self._letter.get(self.root(node), "p")

    def of(self, node: Node) -> Symbol | Integer:
        """The size: a symbol such as n_j, or a number if one is said, or where only whole numbers are the index."""
        root = self.root(node)
        if root in self._fixed:
            return Integer(self._fixed[root])
        if root not in self._letter:
            return Integer(self._least.get(root, 1))
        if root not in self._named:
            taken = {symbol.name for symbol in self._named.values()}
            name = f"n_{self._letter[root]}"
            while name in taken:
                name += "_"
            self._named[root] = size(name)
        return self._named[root]
