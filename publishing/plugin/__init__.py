"""The way to MkDocs: options, and what happens at its events. All else in `publishing` knows no site generator."""

from publishing.plugin.plugin import CheckedPages

__all__ = ["CheckedPages"]
