"""The modules as pages of the site, so that a source line can be looked at where it is named, offline too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from publishing.pages import urls
from publishing.project import Project


class Module(NamedTuple):
    """A module by the name of its file, `derivations/network.py`."""

    name: str
    file: Path

    @property
    def uri(self) -> str:
        """Its place among the site's pages."""
        return f"{urls.FOLDER}/{self.name.removesuffix('.py')}.md"

    @property
    def markdown(self) -> str:
        """What the theme must know of its page, which has no Markdown beside it."""
        return (
            f"---\ntitle: {self.name}\ndescription: The source of {self.name}, as this site was built with it.\n"
            "search: {exclude: true}\nhide: [toc]\n---\n"
        )

    def content(self) -> str:
        """Its page in HTML: hundreds of lines would take long to be read as Markdown."""
        code = self.file.read_text(encoding="utf-8")
        lines = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).splitlines()
        numbered = "\n".join(f'<span id="L{number}">{line}</span>' for number, line in enumerate(lines, 1))
        return (
            f"<h1>{self.name}</h1><p>This is the module as this build of the site used it.</p>"
            f'<div class="highlight source" tabindex="0"><pre><code>{numbered}</code></pre></div>'
        )


def modules(project: Project) -> Iterator[Module]:
    """Every module of the project."""
    for package in project.packages:
        for folder in project.locations(package):
            for file in sorted(folder.rglob("*.py")):
                name = (Path(package) / file.relative_to(folder)).as_posix()
                yield Module(name, file)


def definition(project: Project, name: str) -> str | None:
    """The source line at which a name is defined: of `netcode.shapes.Float`, `netcode/shapes.py:15`.

    Of a name that a module only hands on, the line of the module that it is from. None if no such module has it.
    """
    package, _, rest = name.partition(".")
    *modules, name = rest.split(".")
    stem = "/".join([package, *modules])
    for folder in project.locations(package) if package in project.packages else ():
        for file in (f"{stem}.py", f"{stem}/__init__.py"):
            if (path := folder.parent / file).is_file():
                defines = re.compile(rf"^\s*((class|def) {name}\b|{name}\b.* = |.* as {name}$)")
                hands_on = re.compile(rf"^from ([\w.]+) import (.*\W)?{name}\b")
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    if defines.match(line):
                        return f"{file}:{number}"
                    if source := hands_on.match(line):
                        return definition(project, f"{source[1]}.{name}")
    return None
