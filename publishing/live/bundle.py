"""The scripts that run in the reader's browser, bundled by esbuild with the libraries that they import."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from publishing import kept, npm

HERE = Path(__file__).parent
SOURCES = HERE / "browser"
KEPT = kept.folder("live")


def scripts() -> dict[str, bytes]:
    """The bundles by their names. A page names `cells.js`, which imports the others when it needs them.

    They are kept until a source or a library changes.
    """
    folder = KEPT / _key()
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as temporary:
            draft = Path(temporary) / "draft"
            npm.run(HERE / "bundle.mjs", str(npm.installed(HERE.parent)), str(SOURCES), str(draft))
            try:
                draft.rename(folder)
            except OSError:  # another build was quicker
                if not folder.exists():
                    raise
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def _key() -> str:
    publishing = HERE.parent
    sources = [*sorted(SOURCES.iterdir()), HERE / "bundle.mjs", publishing / "formulas" / "katex-options.mjs"]
    digest = hashlib.sha256((publishing / "package-lock.json").read_bytes())
    for file in sources:
        digest.update(f"\n{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
