"""`derive`: write the forward pass, get the backward pass, with its steps, its proof and its code."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sympy import Add, Expr, Indexed, Symbol, expand_mul
from sympy.core.parameters import distribute
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.evaluate import shape_of
from derivations.calculus.grammar import Index, Partial, is_label, sum_over
from derivations.calculus.writers.latex import latex
from derivations.proofs.claims import Claim, ClaimError, Outcome
from derivations.proofs.conditions import proven
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation
from derivations.proofs.registry import Address
from derivations.proofs.statement import Statement as Stated
from derivations.reverse.assuming import read_assumptions
from derivations.reverse.common_parts import with_common_parts
from derivations.reverse.diagnosis import Subject
from derivations.reverse.errors import FormulaError
from derivations.reverse.execution import CodeCheck, functions
from derivations.reverse.given import given
from derivations.reverse.gradient import Gradient
from derivations.reverse.judged import Judged
from derivations.reverse.numpy_source import numpy_source
from derivations.reverse.program import Program, Statement
from derivations.reverse.reading import Forward, read
from derivations.reverse.recognition import recognize
from derivations.reverse.second import gradient_as_forward
from derivations.reverse.stable import stabilized
from derivations.reverse.steps import Steps
from derivations.reverse.tolerance import Formulas
from derivations.reverse.torch_source import torch_source
from derivations.reverse.walk import Link, adjoint, axes_of, reverse

__all__ = ["Layer", "derive"]


def derive(
    forward: str | Definitions,
    wrt: str | Sequence[str] | None = None,
    *,
    assume: str | Sequence[Assumption] = "",
    name: str = "layer",
    seconds: float = 300,
) -> Layer:
    """The gradients of a forward pass with respect to the names in `wrt`.

    The forward pass is text, a line for each name, or definitions as the chapters have them. Of several outputs that
    are numbers the gradients are added up, as those of losses are. Claims that aren't decided within so many seconds
    stay undecided; a single one has a budget of steps, too.

    >>> layer = derive("A[i] = tanh(Z[i])", wrt="Z")
    >>> "dZ = dA * (1 - A**2)" in layer.numpy
    True

    Raises FormulaError, which says where, if the forward pass or what is said of it can't be read.
    """
    with distribute(False):
        source = _recognized(read(forward) if isinstance(forward, str) else given(forward))
        assumptions = read_assumptions(assume) if isinstance(assume, str) else tuple(assume)
        return Layer(name, source, _names(wrt, source), assumptions, seconds)


def _recognized(forward: Forward) -> Forward:
    """With functions of the table in place of what spells them out."""
    known = {pattern: recognize(body) for pattern, body in forward.definitions.items()}
    found = tuple(dict.fromkeys(pair for _, pairs in known.values() for pair in pairs))
    return replace(forward, definitions={pattern: body for pattern, (body, _) in known.items()}, recognized=found)


def _names(wrt: str | Sequence[str] | None, forward: Forward) -> tuple[str, ...]:
    if wrt is None:
        return tuple(name for name, quantity in forward.inputs.items() if not is_label(quantity))
    names = [name.strip() for name in wrt.split(",")] if isinstance(wrt, str) else list(wrt)
    for name in names:
        if name not in forward.inputs:
            raise FormulaError(f"wrt: there is no input {name}; the inputs are {', '.join(sorted(forward.inputs))}")
    return tuple(names)


class Layer(Stated, Judged):
    """A derived layer: its gradients, the steps to each, the verdict and the code.

    Everything is worked out when it is asked for, and once.
    """

    def __init__(
        self,
        name: str,
        source: Forward,
        wrt: tuple[str, ...],
        assumptions: tuple[Assumption, ...],
        seconds: float = 300,
    ) -> None:
        super().__init__(f"the gradients with respect to {', '.join(wrt)}")
        self.name = name
        self.source = source
        self.wrt = wrt
        self.assumptions = assumptions
        self.seconds = seconds

    @cached_property
    def links(self) -> list[Link]:
        """One link for each gradient, in the order in which they can be computed."""
        with distribute(False):
            wrt = [self.source.inputs[name] for name in self.wrt]
            return reverse(self.source.definitions, self.source.outputs, wrt)

    @cached_property
    def _chains(self) -> Steps:
        with distribute(False):
            return Steps(self.source.definitions, self.assumptions, self.links)

    @property
    def gradients(self) -> Mapping[Expr, Expr]:
        """Each gradient in terms of those before it; those that no other needs are left out."""
        return self._chains.needed(self._wanted)

    @property
    def _wanted(self) -> set[str]:
        return {f"d{name}" for name in self.wrt}

    @cached_property
    def steps(self) -> tuple[Gradient, ...]:
        """The derivation of each gradient, in the order in which they can be computed."""
        with distribute(False):
            return tuple(self._step(gradient) for gradient in self._chains.shown(self._wanted))

    def step(self, name: str) -> Gradient:
        """The derivation of the gradient with this name, `dX`; KeyError, which names all, if there is none."""
        known = {step.result_name: step for step in self.steps}
        if name not in known:
            raise KeyError(f"there is no gradient {name} here, only {', '.join(map(str, known))}")
        return known[name]

    def _step(self, gradient: Expr) -> Gradient:
        chain = self._chains.of[gradient]
        used = names_in(Add(*[expr for expr, _ in chain], evaluate=False))
        before = {name: value for name, value in self._chains.before(gradient).items() if name_of(name) in used}
        return Gradient(self.address, gradient, chain, {**self.source.definitions, **before}, self.assumptions)

    @property
    def address(self) -> Address:
        """Where it is defined; a layer that no module defines has its name alone."""
        found = super().address
        return found if found.module else Address(name=self.name)

    def claims(self) -> list[Claim]:
        """Each link of each gradient; that each is the derivative, through all names; and that the code is right."""
        links = [claim for step in self.steps for claim in step.claims()]
        source = self.address.source
        whole = [
            Claim.that(equation, f"{self.id}.d{name}", _statement(equation), source, step="through all names")
            for name, equation in self.end_to_end.items()
        ]
        code = Claim(
            f"{self.id}.code", self.name, source, lambda: self._code_check(self._source).compare(), step="the code"
        )
        return [*links, *whole, code]

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was found of each claim, as far as there was time."""
        end = time.monotonic() + self.seconds
        return tuple(claim.known or self._decided(claim, end) for claim in self.claims())

    def _decided(self, claim: Claim, end: float) -> Outcome:
        if time.monotonic() < end:
            return claim.check()
        return Outcome(claim, Decision("undecided", reason=f"there was no time for it within {self.seconds:g} s"), 0.0)

    def verdict(self) -> str:
        """Proven for all sizes, with its conditions; or the first claim that isn't, and why. Decided when asked for."""
        for outcome in self.outcomes:
            if not outcome.as_expected:
                return f"{outcome.decision}: {outcome.claim.id}, {outcome.claim.step}"
        return self._confirmed(list(self.outcomes))

    def _confirmed(self, outcomes: list[Outcome]) -> str:
        return proven(condition for outcome in outcomes for condition in outcome.decision.provided)

    def text(self) -> str:
        """The steps, the verdict and the code."""
        steps = [step.text() for step in self.steps]
        return "\n\n".join([*steps, self.verdict(), self.numpy])

    def latex(self) -> str:
        """The steps of all gradients in LaTeX, without delimiters."""
        return "\n\n".join(step.latex() for step in self.steps)

    def __repr__(self) -> str:
        return self.text()

    @cached_property
    def end_to_end(self) -> dict[str, Equation]:
        """That each gradient is the derivative of what comes out, through all names."""
        where = {**self.source.definitions, **self._chains.gradients}
        return {name: self._whole(self.source.inputs[name], where) for name in self.wrt}

    def _whole(self, quantity: Expr, where: Definitions) -> Equation:
        return Equation(self.derivative(quantity), adjoint(quantity), axes_of(quantity), None, where, self.assumptions)

    def derivative(self, quantity: Expr) -> Expr:
        """The sum over all outputs of the upstream gradient times Partial(output, quantity)."""
        return Add(*[_through(output, quantity) for output in self.source.outputs])

    @cached_property
    def program(self) -> Program:
        """The forward and the backward pass as statements that stay finite."""
        forward = stabilized([Statement(*pair) for pair in self.source.definitions.items()])
        known = {statement.name: statement for statement in forward}
        backward = stabilized([Statement(*pair) for pair in self.gradients.items()], known)
        shared = with_common_parts([*forward, *backward])
        made = [adjoint(output) for output in self.source.outputs] + [statement.target for statement in shared]
        shapes = {name_of(quantity): shape_of(quantity) for quantity in [*self.source.inputs.values(), *made]}
        first = next(k for k, statement in enumerate(shared) if statement.name == backward[0].name)
        return Program(
            inputs=tuple(self.source.inputs),
            forward=tuple(shared[:first]),
            outputs=tuple(name_of(output) for output in self.source.outputs),
            upstream=tuple(f"d{name_of(o)}" for o in self.source.outputs if not isinstance(o, Symbol)),
            backward=tuple(shared[first:]),
            gradients=tuple(f"d{name}" for name in self.wrt),
            shapes=shapes,
            labels=frozenset(name for name, quantity in self.source.inputs.items() if is_label(quantity)),
        )

    @cached_property
    def _source(self) -> str:
        return numpy_source(self.program, self.name)

    @cached_property
    def numpy(self) -> str:
        """The code: a pair of NumPy functions, which were run and compared with the formulas."""
        decision = self._code_check(self._source).compare()
        if decision.verdict != "cross-checked":
            why = [str(part) for part in (decision.reason, decision.counterexample) if part]
            raise ClaimError(": ".join([self.name, *why]))
        return self._source

    @cached_property
    def torch(self) -> str:
        """The same in PyTorch, with a `torch.autograd.Function`; what `numpy` is compared with holds for it too."""
        _ = self.numpy
        return torch_source(self.program, self.name)

    def forward(self, *inputs: Any, **named: Any) -> tuple[Any, ...]:
        """The outputs for NumPy arrays, and last what `backward` needs; the inputs are those of `numpy`'s function."""
        return self._functions[0](*inputs, **named)

    def backward(self, *given: Any) -> Any:
        """The gradients with respect to `wrt`, from the outputs' gradients and what `forward` returned last.

        >>> import numpy as np
        >>> layer = derive("A[i] = tanh(Z[i])", wrt="Z")
        >>> A, saved = layer.forward(np.zeros(2))
        >>> layer.backward(np.ones(2), saved)
        array([1., 1.])
        """
        return self._functions[1](*given)

    def second(self, name: str) -> Layer:
        """The gradient d`name` as a layer of its own, whose derivatives are second derivatives of this one.

        Its output is called g`name`, and what came back to this layer's output Y is its input gY.

        >>> layer = derive("A[i] = z[i]**3", wrt="z")
        >>> layer.second("z").forward(gA=1.0, z=2.0)[0]
        12.0
        """
        self.step(f"d{name}")
        source = gradient_as_forward(self.source.definitions, self.gradients, f"d{name}")
        wrt = tuple(name for name, quantity in source.inputs.items() if not is_label(quantity))
        return Layer(f"{self.name}_second", source, wrt, self.assumptions, self.seconds)

    @cached_property
    def _subject(self) -> Subject:
        step_by_step = {link.gradient: link.result for link in self.links}
        expanded = {gradient: expand_mul(value, deep=False) for gradient, value in self._chains.gradients.items()}
        lines = [line.strip() for line in self._source.partition("_backward(")[2].splitlines() if " = " in line]
        return Subject(
            definitions=self.source.definitions,
            upstream=tuple(adjoint(o) for o in self.source.outputs if not isinstance(o, Symbol)),
            given=tuple(q for q in self.source.inputs.values() if isinstance(q, (MatrixElement, Indexed))),
            losses=tuple(name_of(output) for output in self.source.outputs if isinstance(output, Symbol)),
            ways=(step_by_step, expanded, self._chains.gradients),
            wrt=self.wrt,
            assumptions=self.assumptions,
            forward=self._functions[0],
            inputs=self.program.inputs,
            lines={line.partition(" = ")[0]: line for line in lines},
        )

    @cached_property
    def _formulas(self) -> Formulas:
        upstream = [adjoint(output) for output in self.source.outputs if not isinstance(output, Symbol)]
        return Formulas(
            inputs=(*self.source.inputs.values(), *upstream),
            forward=self.source.definitions,
            backward=self._chains.gradients,
            gradients=tuple(adjoint(self.source.inputs[name]) for name in self.wrt),
        )

    @cached_property
    def _functions(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        return functions(self.numpy, self.name)

    def _code_check(self, source: str) -> CodeCheck:
        wanted = {output: output for output in self.source.outputs}
        wanted |= {adjoint(q): self.derivative(q) for q in (self.source.inputs[name] for name in self.wrt)}
        return CodeCheck(
            self.program, source, self.name, self.source.definitions, self._chains.gradients, wanted, self.assumptions
        )


def _statement(equation: Equation) -> str:
    return f"{latex(equation.left)} = {latex(equation.right)}"


def _through(output: Expr, quantity: Expr) -> Expr:
    if isinstance(output, Symbol):
        return Partial(output, quantity)
    new = {index: Index(f"{index.name}''", index.size) for index in axes_of(output)}
    there = output.xreplace(new)
    return sum_over(tuple(new.values()), adjoint(there) * Partial(there, quantity))
