"""The colours of the site, from tokens.toml: as a style sheet, and as numbers for the check of contrast."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

Scheme = Literal["light", "dark"]
GROUPS = ("surfaces", "lines", "text", "tints", "quantities")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

TOKENS = tomllib.loads(Path(__file__).with_name("tokens.toml").read_text(encoding="utf-8"))


def group(name: str, scheme: Scheme) -> dict[str, str]:
    """The colours of one group in one scheme: `{"paper": "#fbfaf6", ...}`."""
    return {token: colours[SCHEMES.index(scheme)] for token, colours in TOKENS[name].items()}


def style() -> str:
    """The colours as custom properties, each for both schemes: `--paper: light-dark(#fbfaf6, #14161c)`."""
    properties = [
        f"  --{token}: light-dark({light}, {dark});" for name in GROUPS for token, (light, dark) in TOKENS[name].items()
    ]
    return "\n".join([":root, [data-md-color-scheme] {", *properties, "}", ""])
