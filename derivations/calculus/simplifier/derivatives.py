"""Derivatives of polynomials in atoms, through names.

The product rule is for monomials; a template is differentiated once, with its holes in it. To differentiate L with
respect to W where L is made of P, P of Z and Z of W, no name need be replaced: dL/dW is the sum of dL/dP dP/dZ dZ/dW,
and in each of them P and Z may stay names. A proof in which a name stays is a proof for any value of it, and short.
"""

from __future__ import annotations

from collections.abc import Callable

from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.composites import POWER, SUM, Composite, Template, templates_in
from derivations.calculus.simplifier.polynomials import ONE, ZERO, Monomial, Polynomial, of_atom
from derivations.calculus.simplifier.reading import slope
from derivations.calculus.simplifier.rewriting import Simplifier
from derivations.calculus.simplifier.subscripts import Bound, Subscript
from derivations.calculus.simplifier.substitution import filled

__all__ = ["Differentiation"]


class Differentiation:
    """The derivative with respect to one entry or scalar."""

    def __init__(
        self,
        wrt: Atom,
        simplifier: Simplifier,
        through: Callable[[Atom], Polynomial | None] = lambda _: None,
        depends: Callable[[str, str], bool] = str.__eq__,
    ) -> None:
        """`through` gives the derivative of a defined name, None for a name that is held.

        `depends` says whether a name of that kind depends on that of `wrt`.
        """
        self.wrt, self.simplifier, self.through = wrt, simplifier, through
        [self.name] = wrt.names
        self.depends = depends
        self._slopes: dict[Template, Polynomial] = {}

    def of(self, polynomial: Polynomial) -> Polynomial:
        """The derivative, that of each template before those of the templates that contain it."""
        for template in sorted(templates_in(polynomial), key=lambda template: template.depth):
            if any(self.depends(name, self.name) for name in template.names):
                self._of_template(template)
        return self._of_terms(polynomial)

    def of_name(self, name: Atom, body: Polynomial) -> Polynomial:
        """The derivative of a name that stands for `body`; of a = f(z) by a itself, as 1 - a**2 for tanh."""
        applied = _application(body)
        if applied is None:
            return self.of(body)
        z = self.simplifier.argument(applied)
        return self.simplifier.multiply(slope(applied.template.kind, z, of_atom(name), self.simplifier), self.of(z))

    def _of_terms(self, polynomial: Polynomial) -> Polynomial:
        """(f + g)' = f' + g'."""
        return self.simplifier.add(self._of_monomial(monomial).scaled(number) for monomial, number in polynomial)

    def _of_monomial(self, monomial: Monomial) -> Polynomial:
        """(f g)' = f' g + f g', and (f**k)' = k f**(k - 1) f'."""
        parts = []
        for atom, power in monomial.powers.items():
            derivative = self._of_atom(atom)
            if derivative:
                rest = of_atom(atom, power - 1) if power != 1 else ONE
                others = Polynomial({monomial.without(atom): power})
                parts.append(self.simplifier.product([derivative, rest, others]))
        return self.simplifier.add(parts)

    def _of_atom(self, atom: Atom) -> Polynomial:
        if not any(self.depends(name, self.name) for name in atom.names):
            return ZERO
        if isinstance(atom, Composite):
            return filled(self._of_template(atom.template), atom.subscripts, self.simplifier)
        return self._of_itself(atom) if atom.names == self.wrt.names else self.through(atom) or ZERO

    def _of_itself(self, atom: Atom) -> Polynomial:
        """dW[u, v]/dW[p, q] = delta(u, p) delta(v, q)."""
        deltas = [self.simplifier.delta(*pair) for pair in zip(atom.subscripts, self.wrt.subscripts, strict=True)]
        return self.simplifier.product(d if isinstance(d, Polynomial) else of_atom(d) for d in deltas)

    def _of_template(self, template: Template) -> Polynomial:
        if template not in self._slopes:
            self._slopes[template] = self._slope(template)
        return self._slopes[template]

    def _slope(self, template: Template) -> Polynomial:
        """(sum_i f(i))' = sum_i f'(i), and f(z)' = f'(z) z'."""
        indices: dict[Subscript, Subscript] = {
            Bound(k): self.simplifier.new_index() for k in range(len(template.sizes))
        }
        body = template.body.renumbered(indices)
        inner = self._of_terms(body)
        if template.kind == SUM:
            return self.simplifier.total(inner, dict(zip(indices.values(), template.sizes, strict=True)))
        if template.kind == POWER:
            return inner
        output = self.simplifier.apply(template.kind, body)
        return self.simplifier.multiply(slope(template.kind, body, output, self.simplifier), inner)


def _application(polynomial: Polynomial) -> Composite | None:
    """The atom, if the polynomial is a function of something and nothing else."""
    match [(*monomial.powers.items(), number) for monomial, number in polynomial]:
        case [((Composite(template, _) as atom, 1), 1)] if template.kind not in (SUM, POWER):
            return atom
    return None
