"""A layer at one place: everything that it computes there, and what somebody's function makes of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of
from derivations.reverse.diagnosis.asking import AskingError, Given, ask, exactly, parameters, results
from derivations.reverse.diagnosis.candidates import Candidate, candidates
from derivations.reverse.diagnosis.places import Array, Place, places

__all__ = ["Asked", "Function", "Subject"]

Function = Callable[..., Any]


@dataclass(frozen=True)
class Subject:
    """A layer, as far as a diagnosis needs to know it."""

    definitions: Definitions
    upstream: tuple[Expr, ...]
    """The gradients of the outputs that are arrays."""
    given: tuple[Expr, ...]
    """Entries of the inputs that are arrays."""
    losses: tuple[str, ...]
    """The outputs that are numbers."""
    ways: tuple[Definitions, ...]
    """The backward pass, step by step and in its shortest form."""
    wrt: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    forward: Function
    inputs: tuple[str, ...]
    lines: Mapping[str, str]
    """The right line of NumPy for each gradient."""

    @cached_property
    def places(self) -> list[Place]:
        """Where functions are asked: always the same."""
        return places(self.definitions, self.ways[-1], self.upstream, self.losses, self.assumptions)

    @cached_property
    def places_of_equal_sizes(self) -> list[Place]:
        """Where functions are asked that fail elsewhere."""
        return places(self.definitions, self.ways[-1], self.upstream, self.losses, self.assumptions, equal=True)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """What may be wrong with a backward pass: worked out for the first one that is."""
        given, gradients = [*self.given, *self.upstream], [f"d{name}" for name in self.wrt]
        return candidates(self.definitions, given, self.ways, gradients, self.places[0])


class Asked:
    """One place, with everything that the layer computes there."""

    def __init__(self, subject: Subject, place: Place, given: Given = exactly) -> None:
        self.subject, self.place, self.given = subject, place, given
        walk = place.evaluation({**subject.definitions, **subject.ways[-1]})
        self.known: dict[str, Array] = dict(place.values)
        for pattern in subject.definitions:
            self.known[name_of(pattern)] = np.asarray(walk.named(pattern))
        gradients = {name_of(gradient): gradient for gradient in subject.ways[-1]}
        self.right = {f"d{name}": np.asarray(walk.named(gradients[f"d{name}"])) for name in subject.wrt}
        self.sizes = ", ".join(f"{size} = {number}" for size, number in place.sizes.items())

    def results(self, function: Function | tuple[Function, Function]) -> dict[str, Array]:
        """The function's gradients; those of a loss per unit of the loss's own gradient, where it asks for that."""
        if isinstance(function, tuple):
            return self._of_a_pair(*function)
        upstream = [*map(name_of, self.subject.upstream), *self._losses]
        meant = parameters(function, [name for name in self.known if name not in upstream], upstream)
        *_, saved = self.subject.forward(*[self.known[name] for name in self.subject.inputs])
        return self._per_unit(results(ask(function, meant, self.known, saved, self.given), self.right), meant.values())

    @property
    def _losses(self) -> list[str]:
        return [f"d{name}" for name in self.subject.losses]

    def _per_unit(self, gradients: dict[str, Array], used: Iterable[str]) -> dict[str, Array]:
        for name in set(self._losses) & set(used):
            gradients = {key: value / value.dtype.type(self.known[name]) for key, value in gradients.items()}
        return gradients

    def _of_a_pair(self, forward: Function, backward: Function) -> dict[str, Array]:
        meant = parameters(forward, list(self.subject.inputs), [])
        answer = ask(forward, meant, self.known, (), self.given)
        if not isinstance(answer, tuple) or len(answer) < 2:
            raise AskingError(f"{forward.__name__}: expected the outputs and, last, what the backward pass needs")
        count = len(inspect.signature(backward).parameters) - 1
        names = [*map(name_of, self.subject.upstream), *self._losses][:count]
        try:
            gradients = backward(*[self.given(name, self.known[name]) for name in names], answer[-1])
        except Exception as error:
            raise AskingError(f"{backward.__name__} fails: {type(error).__name__}: {error}") from error
        return self._per_unit(results(gradients, self.right), names)
