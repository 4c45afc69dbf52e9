"""This project's own wheel: the packages that the pages import, as one would install them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from hatchling.builders.wheel import WheelBuilder
from mkdocs.exceptions import PluginError


class Wheel(NamedTuple):
    name: str
    content: bytes


def built(root: Path) -> Wheel:
    """Made by hatchling, as pyproject.toml says: the same sources give the same bytes.

    Raises PluginError if the project in the folder `root` can't be built.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            (file,) = map(Path, WheelBuilder(str(root)).build(directory=folder, versions=["standard"]))
        except (OSError, ValueError) as error:
            raise PluginError(f"The project's wheel could not be made: {error}") from None
        return Wheel(file.name, file.read_bytes())
