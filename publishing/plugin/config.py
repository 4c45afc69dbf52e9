"""What can be said of a site under `plugins: checked-pages:` in mkdocs.yml, and what holds if nothing is said."""

from __future__ import annotations

from mkdocs.config import config_options as c
from mkdocs.config.base import Config

__all__ = ["CheckedPagesConfig"]


class GeneratedConfig(Config):
    """A folder of pages that a module makes, see `publishing.pages.generated`."""

    folder = c.Type(str)
    module = c.Type(str)


class CheckedPagesConfig(Config):
    """Every option with its default."""

    packages = c.ListOfItems(c.Type(str), default=[])
    """The packages of the project: their modules become pages, and when one changes, all is checked anew."""

    libraries = c.ListOfItems(c.Type(str), default=[])
    """Pure Python packages of others that pages import: readers get them, too, when they run a cell."""

    claims = c.Type(str, default="")
    """What checks the claims, with its arguments: `derivations check` runs `python -m derivations check --json FILE`.

    Without it, no page may show a formula that claims something.
    """

    chapters = c.Type(str, default="")
    """The section of the navigation whose pages are numbered as chapters."""

    generated = c.ListOfItems(c.SubConfig(GeneratedConfig), default=[])
    """Folders of pages that a module makes: `[{folder: layers, module: derivations.book}]`."""

    search = c.Type(str, default="")
    """A TOML file, seen from mkdocs.yml, with words that readers look for pages with: see `publishing.pages.search`."""

    python = c.Choice(("cdn", "self-hosted"), default="cdn")
    """Where readers get Python from once they press Run: from its public host, or from a copy in the site."""

    repository = c.Type(str, default="")
    """The address of the project's repository, to whose files pages then link for those who want to mend one."""

    explained = c.Type(dict, default={})
    """Where names of other libraries are explained that the API page uses: `{"scipy.sparse": "https://..."}`."""
