"""How pytest collects a file of derivations: each is a test, which fails where a claim is not as expected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from derivations.proofs.claims import ClaimError
from derivations.proofs.loading import LoadError, load_file, statements_of
from derivations.proofs.statement import Statement

__all__ = ["DerivationsFile", "StatementItem"]


class DerivationsFile(pytest.File):
    """A file that defines derivations at its top."""

    def collect(self) -> Iterator[StatementItem]:
        """One test for each."""
        try:
            module = load_file(self.path)
        except LoadError as error:
            raise self.CollectError(str(error)) from None
        for statement in statements_of(module).values():
            yield StatementItem.from_parent(self, name=statement.address.name, statement=statement)


class StatementItem(pytest.Item):
    """A derivation, or a misconception."""

    def __init__(self, *, statement: Statement, **options: Any) -> None:
        super().__init__(**options)
        self.statement = statement

    def runtest(self) -> None:
        """Check all claims."""
        outcomes = [claim.known or claim.check() for claim in self.statement.claims()]
        wrong = [outcome for outcome in outcomes if not outcome.as_expected]
        if wrong:
            raise ClaimError(wrong[0].explanation())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The step, its reason and the numbers, instead of a traceback."""
        if isinstance(excinfo.value, ClaimError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is defined, and its title."""
        line = self.statement.address.line
        return self.path, line - 1 if line else None, f"{self.name}: {self.statement.title}"
