"""A site is built beside the one that is there, and takes its place when it is whole.

So whatever ends a build, a mistake in a page, Ctrl-C, or the power, the last whole site stands.
"""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["beside", "discard", "swap"]


def beside(site: Path) -> Path:
    """The folder to build in; what a build that was killed has left there is removed.

    >>> beside(Path("/tmp/nowhere/site"))
    PosixPath('/tmp/nowhere/.site.part')
    """
    discard(site)
    return _part(site)


def swap(site: Path) -> None:
    """Put what was built in the place of the site, in two renames."""
    old = site.with_name(f".{site.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    _part(site).rename(site)
    shutil.rmtree(old, ignore_errors=True)


def discard(site: Path) -> None:
    """Remove what was built so far. If the last build was killed between the two renames, the old site comes back."""
    shutil.rmtree(_part(site), ignore_errors=True)
    old = site.with_name(f".{site.name}.old")
    if old.exists() and not site.exists():
        old.rename(site)


def _part(site: Path) -> Path:
    return site.with_name(f".{site.name}.part")
