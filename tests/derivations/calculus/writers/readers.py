"""Readers of text and LaTeX: what was written is read back by rules of their own, which share nothing with the writers.

They know the names of arrays, scalars and labels, in text or in LaTeX, and the indices of the axes by their letters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sympy import (
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Symbol,
    cos,
    erf,
    exp,
    log,
    sin,
    sqrt,
    tanh,
)
from sympy import sign as sign_of
from sympy.core.function import UndefinedFunction

from derivations.calculus import Index, Partial, relu, step, sum_over
from derivations.calculus.functions import absolute, sigmoid, softplus
from derivations.calculus.grammar import Local

__all__ = ["LatexReader", "MatrixReader", "TextReader"]

FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {
    "exp": exp, "log": log, "sqrt": sqrt, "relu": relu, "tanh": tanh, "sigmoid": sigmoid, "softplus": softplus,
    "erf": erf, "sin": sin, "cos": cos, "abs": absolute, "sign": sign_of,
}  # fmt: skip


class Reader:
    """What both have in common: names, and letters that a sum binds."""

    def __init__(self, names: Mapping[str, Any], letters: Mapping[str, Index]) -> None:
        self.names, self.letters = dict(names), dict(letters)

    def place(self, place: str) -> Expr:
        if place.isdigit():
            return Integer(place)
        return self.letters[place]


class TextReader(Reader):
    """The text is nearly Python: `sum_i(Y[c, i] * log(P[c, i]))`, `[Z[v, i] > 0]`, `d(L)/d(W[v, u])`."""

    def read(self, text: str) -> Expr:
        """The expression that a text says."""
        return self.node(ast.parse(text.replace("local d(", "held("), mode="eval").body)

    def node(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(value=int(number)):
                return Integer(number)
            case ast.Name(id=name):
                return self.names[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.node(operand)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.node(left) + self.node(right)
            case ast.BinOp(op=ast.Sub(), left=left, right=right):
                return self.node(left) - self.node(right)
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return self.node(left) ** self.node(right)
            case ast.BinOp():
                return self.product(node)
            case ast.List(elts=[ast.Compare(left=left)]):
                return step(self.node(left))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=places)):
                return self.at(name, places)
            case ast.Subscript(value=ast.Name(id=name), slice=place):
                return self.at(name, [place])
            case ast.Call():
                return self.call(node)
        raise ValueError(f"can't read {ast.unparse(node)}")

    def at(self, name: str, places: list[ast.expr]) -> Expr:
        return self.names[name][tuple(self.index(place) for place in places)]

    def index(self, node: ast.expr) -> Expr:
        match node:
            case ast.Call(func=ast.Name(id=label), args=[place]):
                return self.names[label](self.index(place))
        return self.place(ast.unparse(node))

    def product(self, node: ast.expr) -> Expr:
        """A chain of * and /, in which `d(L)/d(W)` holds together."""
        chain: list[tuple[bool, ast.expr]] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
            chain.insert(0, (isinstance(node.op, ast.Div), node.right))
            node = node.left
        chain.insert(0, (False, node))
        found: list[Expr] = []
        while chain:
            divide, factor = chain.pop(0)
            match factor:
                case ast.Call(func=ast.Name(id="d" | "held" as kind), args=[what]):
                    _, below = chain.pop(0)
                    assert isinstance(below, ast.Call)
                    value = (Partial if kind == "d" else Local)(self.node(what), self.node(below.args[0]))
                case ast.UnaryOp(op=ast.USub(), operand=ast.Call(func=ast.Name(id="d"), args=[what])):
                    _, below = chain.pop(0)
                    assert isinstance(below, ast.Call)
                    value = -Partial(self.node(what), self.node(below.args[0]))
                case _:
                    value = self.node(factor)
            found.append(1 / value if divide else value)
        return Mul(*found)

    def call(self, node: ast.Call) -> Expr:
        match node:
            case ast.Call(func=ast.Call(func=ast.Name(id="sum_"), args=[ast.Compare() as range_]), args=[body]):
                size = self.node(range_.comparators[0])
                return self.total([(ast.unparse(range_.left), size)], body)
            case ast.Call(func=ast.Name(id=name), args=[body]) if name.startswith("sum_"):
                return self.total([(letter, None) for letter in name.split("_")[1:]], body)
            case ast.Call(func=ast.Name(id="delta"), args=[one, two]):
                return KroneckerDelta(self.index(one), self.index(two))
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                return FUNCTIONS[name](self.node(argument))
        raise ValueError(f"can't read {ast.unparse(node)}")

    def total(self, bound: list[tuple[str, Expr | None]], body: ast.expr) -> Expr:
        before = dict(self.letters)
        for letter, size in bound:
            self.letters[letter] = Index(letter, size or self.axis_of(letter, body))
        indices = tuple(self.letters[letter] for letter, _ in bound)
        term = self.node(body)
        self.letters = before
        return sum_over(indices, term)

    def axis_of(self, letter: str, body: ast.expr) -> Expr:
        """The length of an axis at which the letter is an index."""
        for node in ast.walk(body):
            if isinstance(node, ast.Subscript):
                places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                for place, length in zip(places, self.names[ast.unparse(node.value)].shape, strict=True):
                    if ast.unparse(place) == letter:
                        return length
        raise ValueError(f"nothing tells how far {letter} runs")


class LatexReader(Reader):
    """LaTeX as it is written on paper, counted from 1; a sum reaches to the end of its term.

    `names` are those in LaTeX: `W^{[1]}`.
    """

    def read(self, latex: str) -> Expr:
        """The expression that a formula says."""
        self.rest = latex
        found = self.sum()
        assert not self.rest, f"not read: {self.rest}"
        return found

    # Signs

    def sees(self, *signs: str) -> bool:
        self.rest = re.sub(r"^(\s|\\,)+", "", self.rest)
        return self.rest.startswith(signs)

    def take(self, sign: str) -> bool:
        """Whether the sign comes next; then it is taken."""
        if not self.sees(sign):
            return False
        self.rest = self.rest[len(sign) :]
        return True

    def need(self, sign: str) -> None:
        assert self.take(sign), f"expected {sign} before {self.rest}"

    def group(self) -> str:
        """What the next braces hold."""
        self.need("{")
        depth, end = 1, 0
        while depth:
            depth += {"{": 1, "}": -1}.get(self.rest[end], 0)
            end += 1
        inside, self.rest = self.rest[: end - 1], self.rest[end:]
        return inside

    def within(self, latex: str) -> Expr:
        outer = self.rest
        found = self.read(latex)
        self.rest = outer
        return found

    # Sums, products, powers

    def sum(self) -> Expr:
        terms = [-self.term() if self.take("-") else self.term()]
        while self.sees("+", "-"):
            terms.append(-self.term() if self.take("-") else self.term_after_plus())
        return Add(*terms)

    def term_after_plus(self) -> Expr:
        self.need("+")
        return self.term()

    def term(self) -> Expr:
        factors = []
        while self.rest.strip() and not self.sees("+", "-", r"\right", "> 0", "="):
            factors.append(self.power())
        assert factors, f"a term is missing before {self.rest}"
        return Mul(*factors)

    def power(self) -> Expr:
        base = self.factor()
        return Pow(base, self.within(self.group())) if self.take("^") else base

    def factor(self) -> Expr:
        if self.take(r"\sum_"):
            return self.total()
        if self.take(r"\frac"):
            return self.fraction(self.group(), self.group())
        if self.take(r"\left."):
            self.need(r"\frac")
            above, below = self.group(), self.group()
            self.need(r"\right|_{\text{local}}")
            return Local(self.within(above.removeprefix(r"\partial")), self.within(below.removeprefix(r"\partial")))
        if self.take(r"\left("):
            return self.closed(r"\right)")
        if self.take(r"\left["):
            found = self.sum()
            self.need("> 0")
            self.need(r"\right]")
            return step(found)
        if self.take(r"\left|"):
            return absolute(self.closed(r"\right|"))
        if self.take(r"\delta_"):
            one, two = self.places(self.group())
            return KroneckerDelta(self.at(one), self.at(two))
        return self.function_or_name()

    def closed(self, end: str) -> Expr:
        found = self.sum()
        self.need(end)
        return found

    def function_or_name(self) -> Expr:
        if self.take(r"e^"):
            return exp(self.within(self.group()))
        if self.take(r"\sqrt"):
            return sqrt(self.within(self.group()))
        if self.take(r"\log"):
            return log(self.factor())
        for name, function in FUNCTIONS.items():
            written = {"relu": r"\operatorname{ReLU}", "sigmoid": r"\sigma", "tanh": r"\tanh", "sin": r"\sin",
                       "cos": r"\cos"}.get(name, rf"\operatorname{{{name}}}")  # fmt: skip
            if self.take(rf"{written}\left("):
                return function(self.closed(r"\right)"))
        number = re.match(r"\d+(\.\d+)?", self.rest)
        if number:
            self.rest = self.rest[number.end() :]
            return Rational(number[0])
        for name in sorted(self.names, key=len, reverse=True):
            if self.take(name):
                return self.named(name)
        raise ValueError(f"can't read {self.rest}")

    def named(self, name: str) -> Expr:
        owner = self.names[name]
        if isinstance(owner, Symbol):
            return owner
        shape = () if isinstance(owner, UndefinedFunction) else owner.shape
        if isinstance(owner, UndefinedFunction):
            self.need("_")
            return owner(self.at(self.group()))
        places = self.places(self.group()) if self.take("_") else []
        return owner[tuple(Integer(0) if length == 1 else self.at(places.pop(0)) for length in shape)]

    def total(self) -> Expr:
        letter, start = self.group().split("=")
        assert start == "1"
        self.need("^")
        size, before = self.within(self.group()), self.letters.get(letter)
        self.letters[letter] = index = Index(letter, size)
        term = self.term()
        self.letters.pop(letter)
        if before is not None:
            self.letters[letter] = before
        return sum_over(index, term)

    def fraction(self, above: str, below: str) -> Expr:
        for sign, kind in ((r"\partial", Partial), (r"\mathrm{d}", Partial)):
            if below.startswith(f"{sign} ") and above.startswith(sign):
                wrt = self.within(below.removeprefix(sign))
                local = sign == r"\partial" and r"\mathrm{d}" in self.signs
                what = self.within(above.removeprefix(sign)) if above != sign else self.power()
                return (Local if local else kind)(what, wrt)
        return self.within(above) / self.within(below)

    signs: tuple[str, ...] = (r"\partial",)
    """The signs of `Partial` in this notation; where it is d, the other is that of `Local`."""

    # Subscripts

    def places(self, subscript: str) -> list[str]:
        if r"\," in subscript:
            return subscript.split(r"\,")
        return re.findall(r"\w_\{\w+\}|\w", subscript)

    def at(self, place: str) -> Expr:
        label = re.fullmatch(r"(.+)_\{(.+)\}", place)
        if label:
            return self.names[label[1]](self.at(label[2]))
        return Integer(int(place) - 1) if place.isdigit() else self.place(place)


class MatrixReader(LatexReader):
    r"""LaTeX between whole matrices, read to numbers: a product is one of matrices, `\odot` and `\oslash` by entries.

    `names` are arrays and scalars in LaTeX, with their numbers; so are the sizes.
    """

    def read(self, latex: str) -> Any:
        """The numbers of the right side."""
        return super().read(latex)

    def sum(self) -> Any:
        total: Any = None
        while total is None or self.sees("+", "-"):
            negative = self.take("-")
            self.take("+")
            term = -self.term() if negative else self.term()
            total = term if total is None else total + term
        return total

    def term(self) -> Any:
        value = self.power()
        while self.rest.strip() and not self.sees("+", "-", r"\right", "> 0", "="):
            if self.take(r"\odot"):
                value = value * self.power()
            elif self.take(r"\oslash"):
                value = value / self.power()
            else:
                other = self.power()
                value = value @ other if np.ndim(value) and np.ndim(other) else value * other
        return value

    def power(self) -> Any:
        value = self.factor()
        while self.take("^"):
            above = self.group()
            exponent = above.removeprefix(r"\circ")
            value = value.T if above == r"\top" else value ** self.within(exponent)
        return value

    def factor(self) -> Any:
        if self.take(r"\mathbf{1}_"):
            lengths = [int(self.names[part.strip()]) for part in self.group().split(r"\times")]
            return np.ones((lengths[0], lengths[1] if len(lengths) > 1 else 1))
        if self.take(r"\frac"):
            above, below = self.group(), self.group()
            return self.within(above) / self.within(below)
        if self.take(r"\left("):
            return self.closed(r"\right)")
        if self.take(r"\left["):
            value = self.sum()
            self.need("> 0")
            self.need(r"\right]")
            return np.heaviside(value, 0)
        if self.take("e^"):
            return np.exp(self.within(self.group()))
        if self.take(r"\log"):
            return np.log(self.factor())
        if self.take(r"\operatorname{ReLU}\left("):
            return np.maximum(self.closed(r"\right)"), 0)
        number = re.match(r"\d+", self.rest)
        if number:
            self.rest = self.rest[number.end() :]
            return float(number[0])
        for name in sorted(self.names, key=len, reverse=True):
            if self.take(name):
                return self.names[name]
        raise ValueError(f"can't read {self.rest}")
