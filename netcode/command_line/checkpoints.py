"""A long training is saved on its way."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable

from netcode.training import model_file
from netcode.training.model_file import Model


class Checkpoints:
    """Saves a model now and then, so that a run that is killed loses little."""

    def __init__(self, arguments: Namespace, model: Callable[[int], Model]) -> None:
        self._path, self._every, self._model = arguments.save, arguments.checkpoint, model
        self._saved = time.monotonic()

    def __call__(self, updates: int) -> None:
        if self._path and time.monotonic() - self._saved >= self._every:
            model_file.save(self._path, self._model(updates))
            self._saved = time.monotonic()
