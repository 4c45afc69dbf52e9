"""What stops a build."""

from __future__ import annotations

__all__ = ["SiteError"]


class SiteError(Exception):
    """The site is not built: its text says what is wrong, where, and what was expected."""
