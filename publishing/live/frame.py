"""The frame in which the reader's Python runs: a page of its own, whose policy forbids all requests."""

from __future__ import annotations

from pathlib import Path

from publishing.policy import sha256

__all__ = ["NAME", "POLICY", "page"]

NAME = "frame.html"

SCRIPT = (Path(__file__).parent / "browser" / "frame.js").read_text(encoding="utf-8")

POLICY = "; ".join(
    [
        "default-src 'none'",
        "worker-src data:",
        f"script-src {sha256(SCRIPT)} blob: 'unsafe-eval' 'wasm-unsafe-eval'",
    ]
)
"""It runs its own script and Python, from bytes that it is handed."""


def page() -> bytes:
    """The whole page. It is opened in a sandbox: it has no origin, and so no cookies and no storage."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>Python</title></head>'
        f"<body><script>{SCRIPT}</script></body></html>\n"
    ).encode()
