"""While the tests run, the shapes in the signatures of `netcode` are enforced."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import jaxtyping
import pytest

from tests import shape_checks

shape_checks.install()
hypothesis.settings.register_profile("untimed", deadline=None)  # how long a case takes depends on what else runs
hypothesis.settings.load_profile("untimed")


@pytest.fixture
def unchecked_shapes() -> Iterator[None]:
    """For long training runs: no checks of shapes, which take longer than the training itself."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)
