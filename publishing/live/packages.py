"""The packages that the pages import, as one archive for the reader's Python: the same sources give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from publishing.errors import SiteError
from publishing.project import Project

__all__ = ["ARCHIVE", "archive", "zipped"]

ARCHIVE = "packages.zip"


def archive(project: Project) -> bytes:
    """The project's own packages and the libraries that it names.

    Raises SiteError if one of them isn't there.
    """
    return zipped(dict(_files(project)))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files by their names in an archive, sorted, and without dates.

    >>> zipped({"b": b"2", "a": b"1"}) == zipped({"a": b"1", "b": b"2"})
    True
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _files(project: Project) -> Iterator[tuple[str, bytes]]:
    for package in (*project.packages, *project.libraries):
        folders = project.locations(package)
        if not folders:
            raise SiteError(f"packages: there is no package {package} in {project.root}, nor is it installed")
        for folder in folders:
            yield from ((f"{package}/{name}", content) for name, content in _below(folder, folder.rglob("*")))


def _below(folder: Path, files: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(folder).as_posix(), file.read_bytes()
