"""The errors that a user can mend. Each message is one line: where, what, and what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class InputError(ValueError):
    """What the user gave (a file, a table, an option) can't be used."""


class InputTypeError(InputError, TypeError):
    """It can't be used because it is of another type, as a sparse array is."""


class WorkersLostError(InputError):
    """Nobody is left to compute with, or nobody who can hold the data. What was computed before is still good."""


class MissingExtraError(ImportError):
    """An optional package isn't installed; the message holds the command that installs it."""


@contextmanager
def optional_dependency(name: str, purpose: str) -> Iterator[None]:
    """Guard the imports of the extra `name`, which `purpose` needs.

    Raises MissingExtraError where one of them is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        message = f"{purpose} need {error.name}, which is not installed: pip install 'checked-backprop[{name}]'"
        raise MissingExtraError(message, name=error.name) from None
