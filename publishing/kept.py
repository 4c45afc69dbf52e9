"""Where is kept what takes long to have: packages of npm, bundles, faces. A checkout has a folder of its own for it."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path

__all__ = ["folder"]


def folder(name: str) -> Path:
    """In a checkout .cache/NAME, which `make clean` removes; where this package is installed, the user's cache.

    >>> folder("npm").name
    'npm'
    """
    checkout = Path(__file__).parents[1]
    kept = checkout / ".cache" if (checkout / "mkdocs.yml").is_file() else user_cache_path("checked-pages")
    return kept / name
