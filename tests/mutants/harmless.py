"""The mutants that compute the same as the code: listed in harmless.toml, each with its reason."""

from __future__ import annotations

import tomllib
from pathlib import Path

__all__ = ["LISTED", "why"]

LISTED: list[dict[str, str]] = tomllib.loads(Path(__file__).with_name("harmless.toml").read_text(encoding="utf-8"))[
    "mutant"
]


def why(module: str, change: str) -> str | None:
    """Why a change in a module doesn't matter; None if it does, as far as is known."""
    return next((one["why"] for one in LISTED if (one["module"], one["change"]) == (module, change)), None)
