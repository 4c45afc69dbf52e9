"""A link in a teacher's steps: chain rule, the derivative of each, the deltas picked, named parts, a shorter form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Add, Expr, Indexed, KroneckerDelta, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, fresh_indices, name_of, names_in
from derivations.calculus.grammar import entry
from derivations.calculus.prover import prove_equal
from derivations.reverse.folding import alike, fold
from derivations.reverse.shortening import length, simplest, summations
from derivations.reverse.walk import Link

__all__ = ["Steps"]

Step = tuple[Expr, str]


class Steps:
    """The links as chains of expressions, each with its reason; and the shortest form of each gradient."""

    def __init__(self, definitions: Definitions, assumptions: Iterable[Assumption], links: Iterable[Link]) -> None:
        self.definitions = definitions
        self.assumptions = tuple(assumptions)
        self.links = list(links)
        self.gradients: dict[Expr, Expr] = {}
        self.of: dict[Expr, list[Step]] = {}
        for link in self.links:
            self.of[link.gradient] = self.chain(link)
            self.gradients[link.gradient] = self.of[link.gradient][-1][0]

    def before(self, gradient: Expr) -> Definitions:
        """The gradients that come before this one."""
        known = list(self.gradients)
        return {other: self.gradients[other] for other in known[: known.index(gradient)]}

    def needed(self, names: set[str]) -> Definitions:
        """The gradients with these names, and those that they are computed from."""
        wanted = set(names)
        for gradient, value in reversed(self.gradients.items()):
            wanted |= names_in(value) if name_of(gradient) in wanted else set()
        return {gradient: value for gradient, value in self.gradients.items() if name_of(gradient) in wanted}

    def shown(self, names: set[str]) -> list[Expr]:
        """The gradients with these names, and all that their steps speak of."""
        wanted = set(names)
        for gradient, chain in reversed(self.of.items()):
            if name_of(gradient) in wanted:
                wanted |= {name for expr, _ in chain for name in names_in(expr)}
        return [gradient for gradient in self.of if name_of(gradient) in wanted]

    def chain(self, link: Link) -> list[Step]:
        """The chain that starts with the chain rule."""
        steps = [(self.chain_rule(link), self.through(link))]
        for expr, reason in self.candidates(link):
            if not alike(expr, steps[-1][0]):
                steps.append((expr, reason))
        return steps

    def chain_rule(self, link: Link) -> Expr:
        return Add(*[contribution.chain_rule for contribution in link.contributions])

    def through(self, link: Link) -> str:
        names = [f"`{contribution.through}`" for contribution in link.contributions]
        return f"chain rule: through {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}"

    def candidates(self, link: Link) -> Iterator[Step]:
        """One expression after another that equals the gradient."""
        with_deltas = Add(*[contribution.with_deltas for contribution in link.contributions])
        yield with_deltas, "the derivative of each"
        deltas = len(with_deltas.atoms(KroneckerDelta))
        contracted = link.result
        yield contracted, "the deltas pick one entry of each sum" if deltas > 1 else "the delta picks one entry"
        left = [c.contracted for c in link.contributions if not self.is_zero(c.contracted)]
        yield Add(*left), "the rest adds up to 0"
        folded = fold(Add(*left), self.definitions)
        yield folded, "known parts by their names"
        yield from self.shorter(link, folded)

    def is_zero(self, expr: Expr) -> bool:
        return prove_equal(expr, 0, self.definitions, self.assumptions).equal

    def shorter(self, link: Link, expr: Expr) -> Iterator[Step]:
        """Simplified; and with a gradient put in that no other needs, if that makes both together shorter."""
        like = [*self.definitions, *self.definitions.values(), *self.gradients.values()]
        yield from self.simpler(expr, like, length(expr), "simplified")
        for gradient in self.only_needed_by(link, expr):
            value = self.gradients[gradient]
            put_in = _instances(expr, gradient, value)
            steps = list(self.simpler(put_in, like, length(expr) + length(value), "simplified"))
            if steps and summations(steps[-1][0]) <= summations(expr) + summations(value):
                yield put_in, f"`{name_of(gradient)}` put in"
                yield from steps
                yield from self.shorter(link, steps[-1][0])
                return

    def simpler(self, expr: Expr, like: Iterable[Expr], limit: int, reason: str) -> Iterator[Step]:
        folded = fold(expr, self.definitions)
        forms = [folded, *[fold(simplest(form, self.assumptions, like), self.definitions) for form in (folded, expr)]]
        found = min(forms, key=length)
        if length(found) < limit:
            yield found, reason

    def only_needed_by(self, link: Link, expr: Expr) -> list[Expr]:
        """The gradients before it that no other gradient needs."""
        others = [self.gradients.get(other.gradient, other.result) for other in self.links if other is not link]
        return [
            gradient
            for gradient in reversed(self.gradients)
            if _contains(expr, gradient) and not any(_contains(other, gradient) for other in others)
        ]


def _contains(expr: Expr, quantity: Expr) -> bool:
    return name_of(quantity) in names_in(expr)


def _instances(expr: Expr, pattern: Expr, value: Expr) -> Expr:
    """The expression with the value in place of each entry that the pattern names."""
    if isinstance(pattern, Symbol):
        return expr.xreplace({pattern: value})
    entries = [e for e in expr.atoms(MatrixElement, Indexed) if name_of(e) == name_of(pattern)]
    return expr.xreplace({e: _at(pattern, value, entry(e)[1]) for e in entries})


def _at(pattern: Expr, value: Expr, indices: tuple[Expr, ...]) -> Expr:
    """The value, in fresh bound indices, at these indices."""
    return fresh_indices(value).xreplace(dict(zip(entry(pattern)[1], indices, strict=True)))
