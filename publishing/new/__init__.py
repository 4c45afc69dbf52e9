"""A site of one's own to begin with: `site/` is copied, with its title and this version put in."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

__all__ = ["new"]

TEMPLATE = Path(__file__).parent / "site"
RENAMED = {"gitignore": ".gitignore"}  # Git would take the name here for its own


def new(folder: Path, version: str) -> list[str]:
    """Make the folder, whole or not at all. Returns the files in it.

    Raises FileExistsError if something is there already, OSError if nothing can be made there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder}: there is something already; expected a folder that is new or empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    title = folder.resolve().name.replace("_", " ").replace("-", " ").capitalize()
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        draft = Path(temporary) / "draft"
        files = [_copied(file, draft, title, version) for file in sorted(TEMPLATE.rglob("*")) if _belongs(file)]
        if folder.exists():
            folder.rmdir()
        shutil.move(draft, folder)
    return files


def _belongs(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts


def _copied(file: Path, draft: Path, title: str, version: str) -> str:
    name = file.relative_to(TEMPLATE)
    name = name.with_name(RENAMED.get(name.name, name.name))
    (draft / name).parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text(encoding="utf-8").replace("TITLE", title).replace("VERSION", version)
    (draft / name).write_text(text, encoding="utf-8")
    return name.as_posix()
