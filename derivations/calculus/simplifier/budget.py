"""One budget for all the work of a proof: what exceeds it stays undecided, in the same way on every machine."""

from __future__ import annotations

__all__ = ["MAX_DEPTH", "MAX_STEPS", "Budget", "StepLimitExceeded", "check_depth"]

MAX_STEPS = 100_000
"""Products simplified, positions looked at, and rounds of labelling: a few seconds."""

MAX_DEPTH = 60
"""Of functions and sums inside of each other, so that Python's own limit on recursion is never met."""


class StepLimitExceeded(ArithmeticError):
    """The budget is used up, or the expression too deep: the question stays undecided."""


class Budget:
    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps, self.left = steps, steps

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise StepLimitExceeded(f"a proof would take more than {self.steps} steps")


def check_depth(depth: int) -> None:
    """StepLimitExceeded if it is too deep."""
    if depth > MAX_DEPTH:
        raise StepLimitExceeded(f"functions and sums are nested more than {MAX_DEPTH} deep")
