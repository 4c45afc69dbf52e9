"""The normal form: two index expressions that are equal by the rules below become the same object.

A normal form is a sum of terms; a term is a number times a sum, over its bound indices, of a product of powers of
atoms. Atoms are sizes and scalars, entries of arrays, deltas, functions of normal forms, and sums to a power that
can't be multiplied out. The rules:

1. Products are multiplied out; products of sums become one sum; what does not depend on an index is still inside its
sum.
2. sum_i delta(i, j) f(i) = f(j); delta(p, q) f(p) = delta(p, q) f(q); delta**2 = delta; delta(i, i) = 1.
3. A sum over an index that does not occur is the size of the index's range.
4. exp(a + b) = exp(a) exp(b); log(a b) = log(a) + log(b) for positive a; log and exp undo each other (everything is
real).
5. relu(z) = z step(z); step(z)**2 = step(z); step(a z) = step(z) for positive a; step(step(z) w) = step(z) step(w).
6. (sum_i a f(i))**k = a**k (sum_i f(i))**k for a whole number k, or a positive a; T S**-1 = 1 - R S**-1 for S = T + R.
7. What is assumed: an array sums to 1 over an axis; an array is positive.
8. Bound indices carry no names: they are numbered so that the printed form comes first in the alphabet.

Every rule is an equality of real numbers wherever both sides are defined; so equal normal forms are a proof.
Different ones are not a refutation: the rules are not complete.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol, exp, log
from sympy.functions.elementary.exponential import ExpBase
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.definitions import fresh_indices
from derivations.calculus.grammar import Index, check_shapes, entry, is_label, relu, step

__all__ = ["NormalForm", "TooHardError", "normal_form"]

# All of these are nested tuples of strings and numbers, so they are compared and renamed without further ado.
Ref = tuple[
    Any, ...
]  # ("free", name, size) | ("bound", height, number) | ("temporary", number) | ("number", k) | ("label", y, Ref)
Atom = tuple[Any, ...]  # (kind, ...), see the constructors below
Number = int | Fraction  # an int where it is whole: see _exact
Factors = dict[Atom, Number]  # atom -> exponent
Term = tuple[tuple[tuple[Ref, "NormalForm"], ...], tuple[tuple[Atom, Number], ...]]  # bound indices with sizes, factors
NormalForm = tuple[tuple[Term, Number], ...]  # term -> coefficient, sorted

_ONE: Term = ((), ())
_temporaries = itertools.count()
_MOST_STEPS = 30_000


class TooHardError(ArithmeticError):
    """The normal form was not reached in a reasonable number of steps: the question stays undecided."""


def normal_form(expr: Expr, assuming: Iterable[Assumption] = ()) -> NormalForm:
    """The normal form of an index expression without names to expand (see `expand`); () is zero.

    Raises ShapeError if an index does not fit its axis, TooHardError if it takes too many steps.
    """
    check_shapes(expr)
    try:
        return _Rules(tuple(assuming)).read(fresh_indices(expr))
    except RecursionError:
        raise TooHardError("the fractions do not come to an end") from None


def _order(term: Term) -> tuple[Number, list[tuple[str, Number]]]:
    """An order of terms in which a product comes after its factors, so that division by the last term of a sum ends."""
    _, factors = term
    return sum(max(power, -power) for _, power in factors), sorted(((repr(a), p) for a, p in factors), reverse=True)


def _exact(number: Number) -> Number:
    """One way to write each number; and ints are many times faster than Fractions."""
    return number.numerator if number.denominator == 1 else number


def _number(value: Number) -> NormalForm:
    return ((_ONE, _exact(value)),) if value else ()


def _sign(form: NormalForm) -> int:
    """A sign that turns with the form; most positive sums keep theirs, as they must under a root."""
    signs = [1 if coefficient > 0 else -1 for _, coefficient in form]
    return 1 if sum(signs) > 0 or (sum(signs) == 0 and signs[0] > 0) else -1


def _atom(atom: Atom, power: Number = 1) -> NormalForm:
    return ((((), ((atom, _exact(power)),)), 1),)


def _mentions(atom: Atom, ref: Ref) -> bool:
    return ref in _parts(atom)


@lru_cache(maxsize=100_000)
def _parts(tree: Any) -> frozenset[Any]:
    """All tuples in a nested tuple, indices among them."""
    if not isinstance(tree, tuple):
        return frozenset()
    return frozenset({tree}).union(*[_parts(part) for part in tree if isinstance(part, tuple)])


def _height(form: NormalForm) -> int:
    """How deep sums stand inside sums, so that inner and outer bound indices never share a number."""
    return max((_term_height(term) for term, _ in form), default=0)


def _term_height(term: Term) -> int:
    bound, factors = term
    inside = max((_height(part) for atom, _ in factors for part in _arguments(atom)), default=0)
    return inside + bool(bound)


def _arguments(atom: Atom) -> tuple[NormalForm, ...]:
    """The normal forms inside an atom."""
    return {"apply": atom[2:], "sum": atom[1:]}.get(atom[0], ())


class _Rules:
    def __init__(self, assuming: tuple[Assumption, ...]) -> None:
        self.steps = 0
        self.sums_to_one = {(fact.array, fact.axis) for fact in assuming if isinstance(fact, SumsToOne)}
        self.positive = {fact.array for fact in assuming if isinstance(fact, Positive)}

    # Reading an expression

    def read(self, expr: Expr) -> NormalForm:
        if isinstance(expr, (Integer, Rational)):
            return _number(Fraction(int(expr.p), int(expr.q)))
        if isinstance(expr, Symbol) and not isinstance(expr, Index):
            return _atom(("scalar", expr.name, bool(expr.is_positive)))
        if isinstance(expr, (MatrixElement, Indexed)):
            name, indices = entry(expr)
            return _atom(("entry", name, tuple(self.ref(index) for index in indices)))
        if isinstance(expr, KroneckerDelta):
            return self.delta(*[self.ref(index) for index in expr.args[:2]])
        if isinstance(expr, Add):
            return self.add(self.read(arg) for arg in expr.args)
        if isinstance(expr, Mul):
            return self.multiply(*[self.read(arg) for arg in expr.args])
        if isinstance(expr, Sum):
            return self.summed(self.read(expr.function), [(self.ref(i), self.read(b + 1)) for i, _, b in expr.limits])
        if isinstance(expr, ExpBase):
            return self.exp(self.read(expr.args[0]))
        if isinstance(expr, log):
            return self.log(self.read(expr.args[0]))
        if isinstance(expr, Pow):
            return self.read_power(expr)
        if isinstance(expr, step):
            return self.step(self.read(expr.args[0]))
        if isinstance(expr, relu):
            z = self.read(expr.args[0])
            return self.multiply(z, self.step(z))
        if expr.is_Function:
            return _atom(("apply", type(expr).__name__, *[self.read(arg) for arg in expr.args]))
        if expr.is_number:
            return _atom(("scalar", str(expr), bool(expr.is_positive)))
        raise TypeError(f"not an index expression: {expr} (a {type(expr).__name__})")

    def ref(self, index: Expr) -> Ref:
        if isinstance(index, Index):
            return ("free", index.name, str(index.size))
        if is_label(index):
            return ("label", str(type(index)), self.ref(index.args[0]))
        return ("number", int(index))

    def read_power(self, expr: Pow) -> NormalForm:
        base, exponent = expr.args
        if exponent.is_Rational:
            return self.power(self.read(base), Fraction(int(exponent.p), int(exponent.q)))
        if base.is_positive:
            return self.read(exp(exponent * log(base), evaluate=False))
        return _atom(("apply", "pow", self.read(base), self.read(exponent)))

    # Arithmetic

    def add(self, forms: Iterable[NormalForm]) -> NormalForm:
        total: dict[Term, Number] = {}
        for term, coefficient in itertools.chain.from_iterable(forms):
            total[term] = total.get(term, 0) + coefficient
        return tuple(sorted(((term, _exact(c)) for term, c in total.items() if c), key=repr))

    def scale(self, form: NormalForm, factor: Number) -> NormalForm:
        return tuple((term, _exact(factor * coefficient)) for term, coefficient in form)

    def multiply(self, *forms: NormalForm) -> NormalForm:
        product = _number(1)
        for form in forms:
            product = self.add(
                self.scale(self.term(*self.joined(left, right)), a * b) for left, a in product for right, b in form
            )
        return product

    def joined(self, left: Term, right: Term) -> tuple[list[tuple[Ref, NormalForm]], Factors]:
        """The product of two terms, whose bound indices get different names first."""
        bound: list[tuple[Ref, NormalForm]] = []
        factors: Factors = {}
        for term in (left, right):
            new = {ref: ("temporary", next(_temporaries)) for ref, _ in term[0]}
            bound += [(new[ref], size) for ref, size in term[0]]
            for atom, power in term[1]:
                atom = self.renamed(atom, new)
                factors[atom] = factors.get(atom, 0) + power
        return bound, factors

    def summed(self, form: NormalForm, indices: list[tuple[Ref, NormalForm]]) -> NormalForm:
        parts = []
        for term, coefficient in form:
            bound, factors = self.joined(term, _ONE)
            parts.append(self.scale(self.term([*bound, *indices], factors), coefficient))
        return self.add(parts)

    def power(self, form: NormalForm, k: Number) -> NormalForm:
        if k.denominator == 1 and k >= 0:
            return self.multiply(*[form] * int(k))
        if not form:
            raise ZeroDivisionError(f"0 to the power {k}")
        if k.denominator != 1:  # only positive factors may leave a root
            content, rest = self.content(form, self.is_positive)
            parts = [rest] if rest != _number(1) else []
        else:
            content, rest = self.content(form, lambda atom: True)
            coefficient = _sign(rest) * max(rest[0][1], -rest[0][1])
            rest = self.scale(rest, Fraction(1) / coefficient)
            parts = self.independent(rest) if rest != _number(1) else []
        outside = [_number(Fraction(coefficient) ** int(k))] if k.denominator == 1 else []
        outside += [self.term([], {atom: power * k}) for atom, power in content.items()]
        return self.multiply(*outside, *[_atom(("sum", part), k) for part in parts])

    def content(self, form: NormalForm, accepted: Callable[[Atom], bool]) -> tuple[Factors, NormalForm]:
        """The accepted factors to the least power that they have in a term, and the form divided by them.

        A factor that does not stand in a term has the power 0 there; one in which a bound index stands is left alone.
        """
        owns = [
            {a: p for a, p in factors if accepted(a) and not any(_mentions(a, ref) for ref, _ in bound)}
            for (bound, factors), _ in form
        ]
        powers = {atom: min(own.get(atom, 0) for own in owns) for atom in dict.fromkeys(itertools.chain(*owns))}
        shared = {atom: power for atom, power in powers.items() if power}
        if not shared:
            return {}, form
        inverse: Term = ((), tuple((atom, -power) for atom, power in shared.items()))
        return shared, self.add(self.scale(self.term(*self.joined(term, inverse)), c) for term, c in form)

    def independent(self, form: NormalForm) -> list[NormalForm]:
        """A sum over several indices as a product of sums, where its factors share no index."""
        if len(form) != 1:
            return [form]
        (bound, factors), coefficient = form[0]
        groups: list[tuple[set[Ref], Factors]] = []
        for atom, power in factors:
            refs, members = {ref for ref, _ in bound if _mentions(atom, ref)}, {atom: power}
            for group in [group for group in groups if group[0] & refs]:
                groups.remove(group)
                refs, members = refs | group[0], members | group[1]
            groups.append((refs, members))
        parts = []
        for refs, members in groups:
            new = {ref: ("temporary", next(_temporaries)) for ref in refs}
            renamed = {self.renamed(atom, new): power for atom, power in members.items()}
            parts.append(self.term([(new[ref], size) for ref, size in bound if ref in refs], renamed))
        return [self.scale(parts[0], coefficient), *parts[1:]]

    def is_positive(self, atom: Atom) -> bool:
        match atom:
            case ("scalar", name, positive):
                return bool(positive) or name in self.positive
            case ("entry", name, _):
                return name in self.positive
            case ("apply", name, *_):
                return bool(name == "exp")
            case ("sum", form):
                return all(c > 0 and all(self.is_positive(a) for a, _ in factors) for (_, factors), c in form)
        return False

    # Functions

    def delta(self, left: Ref, right: Ref) -> NormalForm:
        if left == right:
            return _number(1)
        if left[0] == right[0] == "number":
            return _number(0)
        return _atom(("delta", *sorted((left, right), key=repr)))

    def exp(self, form: NormalForm) -> NormalForm:
        parts = []
        for term, coefficient in form:
            match term:
                case ((), ((("apply", "log", inner), 1),)):
                    parts.append(self.power(inner, coefficient))
                case _:
                    parts.append(_atom(("apply", "exp", ((term, 1),)), coefficient))
        return self.multiply(*parts)

    def log(self, form: NormalForm) -> NormalForm:
        content, rest = self.content(form, self.is_positive)
        parts = []
        for atom, power in content.items():
            match atom:
                case ("apply", "exp", inner):
                    parts.append(self.scale(inner, power))
                case ("sum", inner):
                    parts.append(self.scale(_atom(("apply", "log", inner)), power))
                case _:
                    parts.append(self.scale(_atom(("apply", "log", _atom(atom))), power))
        if rest != _number(1):
            parts.append(_atom(("apply", "log", rest)))
        return self.add(parts)

    def step(self, form: NormalForm) -> NormalForm:
        if not form:
            return _number(0)
        steps, form = self.content(form, lambda atom: atom[:2] == ("apply", "step"))
        _, rest = self.content(form, self.is_positive)
        match rest:
            case ((((), ()), coefficient),):
                inner = _number(coefficient > 0)
            case _:
                inner = _atom(("apply", "step", self.scale(rest, abs(Fraction(1) / rest[0][1]))))
        return self.multiply(inner, *[_atom(atom) for atom in steps])

    # One term: contract, count, cancel, and number the bound indices

    def term(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise TooHardError(f"more than {_MOST_STEPS} steps to the normal form")
        factors = {atom: power for atom, power in factors.items() if power}
        for rule in (
            self.idempotent,
            self.contracted,
            self.unused,
            self.known_sum,
            self.multiplied_out,
            self.cancelled,
        ):
            result = rule(bound, factors)
            if result is not None:
                return result
        return ((self.numbered(bound, factors), 1),)

    def idempotent(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm | None:
        for atom, power in factors.items():
            if (atom[0] == "delta" or atom[:2] == ("apply", "step")) and power > 1:
                return self.term(bound, {**factors, atom: 1})
        return None

    def contracted(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm | None:
        own = {ref for ref, _ in bound}
        for atom in factors:
            if atom[0] != "delta":
                continue
            one, other = atom[1:]
            for old, new in ((one, other), (other, one)):
                if old in own and not _mentions(new, old):
                    rest = {a: p for a, p in factors.items() if a != atom}
                    return self.substituted([pair for pair in bound if pair[0] != old], rest, {old: new})
            # Both are free: of the two names, the delta alone keeps the second.
            if one[0] != "number" and not _mentions(other, one):
                one, other = other, one
            rest = {a: p for a, p in factors.items() if a != atom}
            if any(_mentions(a, other) for a in rest) and other[0] in ("free", "bound", "temporary"):
                delta: Factors = {atom: 1}
                return self.substituted(bound, rest, {other: one}, delta)
        return None

    def substituted(
        self, bound: list[tuple[Ref, NormalForm]], factors: Factors, new: Mapping[Ref, Ref], kept: Factors | None = None
    ) -> NormalForm:
        changed: Factors = dict(kept or {})
        for atom, power in factors.items():
            if atom[0] == "delta":
                image = self.delta(*[_renamed_ref(ref, new) for ref in atom[1:]])
                if not image:
                    return ()
                if image == _number(1):
                    continue
                atom = image[0][0][1][0][0]
            else:
                atom = self.renamed(atom, new)
            changed[atom] = changed.get(atom, 0) + power
        return self.term(bound, changed)

    def unused(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm | None:
        for ref, size in bound:
            if not any(_mentions(atom, ref) for atom in factors):
                rest = [pair for pair in bound if pair[0] != ref]
                return self.multiply(size, self.term(rest, factors))
        return None

    def known_sum(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm | None:
        for ref, _ in bound:
            users = [(atom, power) for atom, power in factors.items() if _mentions(atom, ref)]
            match users:
                case [(("entry", name, refs) as atom, 1)]:
                    axes = [axis for axis, own in enumerate(refs) if _mentions(own, ref)]
                    if len(axes) == 1 and refs[axes[0]] == ref and (name, axes[0]) in self.sums_to_one:
                        rest = {a: p for a, p in factors.items() if a != atom}
                        return self.term([pair for pair in bound if pair[0] != ref], rest)
        return None

    def multiplied_out(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm | None:
        for atom, power in factors.items():
            if atom[0] == "sum" and power >= 1:
                rest = {**factors, atom: power - 1}
                return self.within(bound, atom[1], self.free_term(rest))
        return None

    def cancelled(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> NormalForm | None:
        """T S**-1 = 1 - R S**-1, where S = T + R and T stands in this term."""
        for atom, power in factors.items():
            if atom[0] != "sum" or power > -1:
                continue
            first, coefficient = max(atom[1], key=lambda pair: _order(pair[0]))
            rest = tuple(pair for pair in atom[1] if pair[0] != first)
            for left_bound, left_factors in self.without(bound, factors, first):
                left_factors[atom] = left_factors[atom] + 1
                whole = self.free_term(left_factors)
                remainder = self.multiply(self.scale(rest, -1), _atom(atom, -1))
                return self.scale(
                    self.within(left_bound, self.add([_number(1), remainder]), whole), Fraction(1) / coefficient
                )
        return None

    def free_term(self, factors: Factors) -> NormalForm:
        """The product of the factors, whose bound indices are left free for the moment."""
        return (((((), tuple((a, p) for a, p in factors.items() if p))), 1),)

    def within(self, bound: list[tuple[Ref, NormalForm]], form: NormalForm, factor: NormalForm) -> NormalForm:
        parts = []
        for left, a in form:
            for right, b in factor:
                more, factors = self.joined(left, right)
                parts.append(self.scale(self.term([*bound, *more], factors), a * b))
        return self.add(parts)

    def without(
        self, bound: list[tuple[Ref, NormalForm]], factors: Factors, part: Term
    ) -> Iterator[tuple[list[tuple[Ref, NormalForm]], Factors]]:
        """The term divided by `part`, for each way in which part's own sums are found in it."""
        part_bound, part_factors = part
        for chosen in itertools.permutations(bound, len(part_bound)):
            if any(a[1] != b[1] for a, b in zip(chosen, part_bound, strict=True)):
                continue
            new = {ref: image for (ref, _), (image, _) in zip(part_bound, chosen, strict=True)}
            wanted = {self.renamed(atom, new): power for atom, power in part_factors}
            left = dict(factors)
            for atom, power in wanted.items():
                left[atom] = left.get(atom, 0) - power
            found = all(
                atom in factors and (factors[atom] - power) * factors[atom] >= 0 for atom, power in wanted.items()
            )
            taken = [image for image, _ in chosen]
            if found and not any(_mentions(atom, ref) for atom, power in left.items() if power for ref in taken):
                yield [pair for pair in bound if pair[0] not in taken], left

    def renamed(self, atom: Atom, new: Mapping[Ref, Ref]) -> Atom:
        """The atom with other indices; the normal forms inside are put in order again."""
        if not any(_mentions(atom, ref) for ref in new):
            return atom
        match atom:
            case ("entry", name, refs):
                return ("entry", name, tuple(_renamed_ref(ref, new) for ref in refs))
            case ("delta", *refs):
                return ("delta", *sorted((_renamed_ref(ref, new) for ref in refs), key=repr))
            case ("apply", name, *forms):
                return ("apply", name, *[self.form_renamed(form, new) for form in forms])
            case ("sum", form):
                return ("sum", self.form_renamed(form, new))
        raise TypeError(f"no indices to rename in {atom}")

    def form_renamed(self, form: NormalForm, new: Mapping[Ref, Ref]) -> NormalForm:
        parts = []
        for term, coefficient in form:
            bound, factors = self.joined(term, _ONE)
            parts.append(self.scale(self.substituted(bound, factors, new), coefficient))
        return self.add(parts)

    def numbered(self, bound: list[tuple[Ref, NormalForm]], factors: Factors) -> Term:
        """The term with its bound indices numbered: of all ways, the one that comes first in the alphabet."""
        factors = {atom: _exact(power) for atom, power in factors.items()}
        if not bound:
            return ((), tuple(sorted(factors.items(), key=repr)))
        height = 1 + max((_height(part) for atom in factors for part in _arguments(atom)), default=0)
        own = [ref for ref, _ in bound]

        def seen_from(ref: Ref) -> str:
            """What stays the same under other names for the rest: indices that differ in it need no trying out."""
            marks = {other: ("bound", -1, "this" if other == ref else "other") for other in own}
            return repr(sorted(repr((self.renamed(a, marks), p)) for a, p in factors.items() if _mentions(a, ref)))

        groups: dict[tuple[str, str], list[tuple[Ref, NormalForm]]] = {}
        for pair in bound:
            groups.setdefault((repr(pair[1]), seen_from(pair[0]) if len(bound) > 1 else ""), []).append(pair)
        ordered = [groups[key] for key in sorted(groups)]

        def candidate(order: Iterable[tuple[Ref, NormalForm]]) -> Term:
            pairs = list(order)
            new: dict[Ref, Ref] = {ref: ("bound", height, k) for k, (ref, _) in enumerate(pairs)}
            named = sorted(((self.renamed(atom, new), power) for atom, power in factors.items()), key=repr)
            return (tuple((new[ref], size) for ref, size in pairs), tuple(named))

        choices = itertools.product(*[itertools.permutations(group) for group in ordered])
        return min((candidate(itertools.chain.from_iterable(choice)) for choice in choices), key=repr)


def _renamed_ref(ref: Ref, new: Mapping[Ref, Ref]) -> Ref:
    if ref in new:
        return new[ref]
    if ref[0] == "label":
        return ("label", ref[1], _renamed_ref(ref[2], new))
    return ref
