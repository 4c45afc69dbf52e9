"""What is wrong with the backward pass in somebody's file? First it is chosen among the functions and classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netcode.diagnosis.asking import Places
from netcode.diagnosis.diagnose import diagnose_reader
from netcode.diagnosis.diagnosis import Diagnosis, Finding
from netcode.diagnosis.layout import LAYOUTS, Layout
from netcode.diagnosis.reading.choice import Choice, choose, listed
from netcode.diagnosis.reading.definitions import defined
from netcode.diagnosis.reading.failure import cut, own_traceback
from netcode.errors import InputError

NAME = Path("your_code.py")
"""Of a text that is in no file, in tracebacks."""
NUMPY = "\n\nimport numpy as np\n"


def diagnose_text(text: str, site: str = "") -> Diagnosis:
    """The diagnosis of the backward pass in the text of a Python file, as it is pasted.

    The file's definitions are executed in this process, not what it does. NumPy is known as `np` if the text doesn't
    import it. What a definition raises is said in the diagnosis. `site` is as for `netcode.diagnose`.

    >>> diagnose_text("x = 1")
    Traceback (most recent call last):
    netcode.errors.InputError: no function and no class was found; expected a backward pass, which computes dW1, ...

    Raises InputError if none of the functions and classes computes a gradient.
    """
    if " as np" not in text:
        text += NUMPY  # at the end: the lines keep their numbers
    try:
        found = defined(text, NAME)
    except Exception as error:
        return failed(cut(own_traceback(error)))
    choice = choose(found)
    if choice.reader is None:
        has = f"only {listed(choice.passed)}" if choice.passed else "no function and no class"
        raise InputError(f"{has} was found; expected a backward pass, which computes dW1, ...")
    return diagnose_choice(choice, LAYOUTS)._replace(site=site)


def diagnose_choice(choice: Choice, layouts: Sequence[Layout], places: Places | None = None) -> Diagnosis:
    """The diagnosis of the function that was chosen, which also says what was passed over."""
    assert choice.reader is not None
    diagnosis = diagnose_reader(choice.reader, layouts, places)
    passed = [f"Passed over: {listed(choice.passed)}."] if choice.passed else []
    return diagnosis._replace(remarks=[*diagnosis.remarks, *passed])


def failed(error: str) -> Diagnosis:
    """No gradient was computed: the traceback, or a sentence, says why."""
    findings = [Finding(name, "no answer") for name in ("dW1", "db1", "dW2", "db2")]
    return Diagnosis(findings, (), error, error.splitlines()[-1])
