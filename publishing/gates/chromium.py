"""The browser: Debian's Chromium, or its like under another name."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--no-sandbox",  # it can't have one where the tests run as root, and it reads nothing but our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of the browser that is installed, if one is."""
    return next(filter(None, map(shutil.which, NAMES)), None)
