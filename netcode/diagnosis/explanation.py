"""Which wrong lines make of the right gradients those that were given?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from netcode.diagnosis.answers import Answer, Form
from netcode.diagnosis.candidates import (
    DIGITS,
    MISTAKE_OF,
    RIGHT,
    SINGLE,
    SINGLE_PRECISION,
    Candidates,
    Family,
    Group,
    Lines,
    reaching,
)
from netcode.mistakes.mistake import GRADIENTS

MOST = 5000  # combinations to consider, where very much is hidden


class Explanation(NamedTuple):
    """The wrong lines behind each gradient, in as many ways as can't be told apart."""

    lines: Mapping[str, Sequence[Lines]]
    """For each gradient; no lines if it is right, and no way at all if nothing known makes it what it is."""
    numbers: Mapping[tuple[str, Lines], float]
    """The number in the lines, where it may be any number."""


class _Matches:
    """What may be behind one gradient."""

    def __init__(self, name: str, answer: Answer, candidates: Candidates) -> None:
        self.name, self._answer, self._candidates = name, answer, candidates
        self.numbers: dict[Lines, float] = {}
        self.all: set[Lines] = set()
        if candidates.is_right(name, answer):
            self.all |= {RIGHT, frozenset({SINGLE_PRECISION}), *candidates.hidden[name]}
            return
        self._add(candidates.singles[name])
        if not self.all and candidates.is_right_in_single_precision(name, answer):
            self.all.add(frozenset({SINGLE_PRECISION}))
        if not self.all:
            self._add_families(candidates.families[name])

    @property
    def least(self) -> list[Lines]:
        """Those of which no part would do."""
        return sorted((one for one in self.all if not any(other < one for other in self.all)), key=sorted)

    def add_pairs(self) -> None:
        if frozenset({SINGLE_PRECISION}) in self.all:
            return
        self._add(self._candidates.pairs[self.name])
        self._add_families(self._candidates.families_in_pairs[self.name])
        group = self._candidates.singles[self.name].get(self._answer.form)
        if group and self._answer.form.shapes == self._candidates.right[self.name].form.shapes:
            slack = SINGLE * self._candidates.bounds[self.name]
            self.all |= {lines | {SINGLE_PRECISION} for lines in group.equal_to(self._answer.values, slack)}

    def _add(self, groups: Mapping[Form, Group]) -> None:
        if group := groups.get(self._answer.form):
            self.all |= set(group.equal_to(self._answer.values, np.zeros(1)))

    def _add_families(self, families: Iterable[Family]) -> None:
        bound = self._candidates.bounds[self.name]
        for family in families:
            if family.form != self._answer.form or family.form.shapes != self._candidates.right[self.name].form.shapes:
                continue
            if np.count_nonzero(np.abs(family.direction) > bound) < 2:
                continue  # through a single entry there is always a number
            change = self._answer.values - family.base
            steps = float(change @ family.direction / (family.direction @ family.direction))
            if np.all(np.abs(change - steps * family.direction) <= bound + DIGITS * np.abs(change).max()):
                number = family.mistake.number
                assert number is not None
                self.all.add(family.lines)
                self.numbers[family.lines] = number.right + steps * (number.written - number.right)


def explain(answers: Mapping[str, Answer], candidates: Candidates) -> Explanation:
    """The fewest wrong lines that make of the right gradients those that were answered.

    They must explain all four gradients together, so that a mistake far upstream is found once, not four times. Where
    nothing does, each gradient is explained by itself. Two mistakes in one gradient are sought only where one mistake
    doesn't explain everything.
    """
    if all(candidates.is_right(*answer) for answer in answers.items()):
        return Explanation({name: [RIGHT] for name in GRADIENTS}, {})
    matches = {name: _Matches(name, answers[name], candidates) for name in GRADIENTS}
    together = _together(matches, GRADIENTS)
    if not together or (_mistakes(together[0]) > 1 and _lines(together[0]) > 2):
        for match in matches.values():
            match.add_pairs()
        known = [name for name in GRADIENTS if matches[name].all]
        together = _together(matches, known) or _each_by_itself(matches, known)
    lines = {name: list(dict.fromkeys(one[name] for one in together if name in one)) for name in GRADIENTS}
    numbers = {(name, one): number for name in GRADIENTS for one, number in matches[name].numbers.items()}
    return Explanation(lines, numbers)


def _together(matches: Mapping[str, _Matches], names: Sequence[str]) -> list[dict[str, Lines]]:
    """The ways to explain these gradients by one set of wrong lines, as few as possible."""
    found = []
    for choice in _choices(matches, names):
        lines = frozenset().union(*choice)
        reached = {name: reaching(lines, name) for name in names}
        if all(reached[name] in matches[name].all for name in names):
            right = {name: RIGHT for name in names if RIGHT in matches[name].all}
            found.append(reached | right)
    return _fewest(found)


def _each_by_itself(matches: Mapping[str, _Matches], names: Sequence[str]) -> list[dict[str, Lines]]:
    return _fewest([dict(zip(names, choice, strict=True)) for choice in _choices(matches, names)])


def _choices(matches: Mapping[str, _Matches], names: Sequence[str]) -> Iterable[tuple[Lines, ...]]:
    return itertools.islice(itertools.product(*(matches[name].least for name in names)), MOST)


def _fewest(found: list[dict[str, Lines]]) -> list[dict[str, Lines]]:
    """Those with the fewest wrong lines, of which those come first that are the fewest mistakes."""
    least = min(map(_lines, found), default=0)
    return sorted((one for one in found if _lines(one) == least), key=_mistakes)


def _lines(one: Mapping[str, Lines]) -> int:
    return len(frozenset().union(*one.values()))


def _mistakes(one: Mapping[str, Lines]) -> int:
    return len({MISTAKE_OF[line].name for line in frozenset().union(*one.values())})
