"""What scikit-learn expects in its own classes: errors, warnings and tags. netcode runs without it.

Its errors and warnings are looked up where they are raised: who hasn't loaded scikit-learn can't be waiting for them.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from netcode.errors import InputError


class NotFittedError(InputError, AttributeError):
    """The classifier has not been fitted yet. Where scikit-learn is loaded, it is scikit-learn's NotFittedError too."""

    def __reduce__(self) -> tuple[type[NotFittedError], tuple[object, ...]]:
        return NotFittedError, self.args  # the class of both is made at run time, and can't be pickled


def not_fitted_error(message: str) -> NotFittedError:
    """The error to raise."""
    theirs = _loaded("NotFittedError")
    return _class_of_both(theirs)(message) if theirs else NotFittedError(message)


@cache
def _class_of_both(theirs: type[Exception]) -> type[NotFittedError]:
    both: Any = type("NotFittedError", (NotFittedError, theirs), {})
    return both


def conversion_warning() -> type[Warning]:
    """The category of a warning that data were converted."""
    return _loaded("DataConversionWarning") or UserWarning


def classifier_tags() -> Any:
    """What scikit-learn asks of a classifier it is given; only scikit-learn needs them, so it is installed."""
    from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

    return Tags(
        estimator_type="classifier",
        target_tags=TargetTags(required=True),
        classifier_tags=ClassifierTags(),
        input_tags=InputTags(),
    )


def _loaded(name: str) -> Any:
    return getattr(sys.modules.get("sklearn.exceptions"), name, None)
