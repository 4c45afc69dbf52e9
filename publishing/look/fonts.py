"""The site's typefaces, cut to the characters that its pages use: a reader waits for no others.

Text is set in Source Serif 4, headings and controls in Figtree, code in the reader's own face; formulas in KaTeX's.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import string
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from publishing import kept, npm

HERE = Path(__file__).parent
CUT = kept.folder("fonts")
FOLDER = "assets/fonts"
KATEX = "assets/katex/fonts"

# Name: the file in its package, and the weights that the site uses.
TEXT: dict[str, tuple[str, dict[str, Any]]] = {
    "source-serif-4": ("source-serif-4/files/source-serif-4-latin-wght-normal", {"wght": {"min": 400, "max": 700}}),
    "source-serif-4-italic": ("source-serif-4/files/source-serif-4-latin-wght-italic", {"wght": 400}),
    "figtree": ("figtree/files/figtree-latin-wght-normal", {"wght": {"min": 400, "max": 800}}),
}

TYPED = string.printable.strip() + " "
"""What a reader may type, or a script say."""

LETTERS = string.ascii_letters + "αβγδεζηθλμνξπρστφχψωϵΓΔΘΛΣΦΨΩ∂∇"
SIGNS = "[](){}⟨⟩=+-−·,.;:<>/|!∑∏∫√⊤⊙⊘×≤≥≠≈∈→←↦∞′∥∣^~¯ˉ~^" + string.whitespace
"""What a formula that is typeset in the browser may need."""

FEATURES = ("calt", "ccmp", "clig", "kern", "liga", "locl", "mark", "mkmk", "rclt", "rlig", "rvrn", "tnum")
"""What browsers do by themselves, and figures of one width, which the style sheet asks for.

Small capitals, fractions and the like are asked for nowhere, and would bring glyphs of their own.
"""

# KaTeX's faces for one kind of letter: what is always there, and the class of what else a formula sets in them.
LETTERED = {
    "KaTeX_Main-Bold": (string.digits, "mathbf"),
    "KaTeX_Math-Italic": (LETTERS, "mathnormal"),
    "KaTeX_AMS-Regular": ("CNQRZ", "mathbb|amsrm|textbb"),
}

# Name, file, weight and slant of each face; and faces of the reader's own that take the same room until these arrive.
FACES = (
    ("Source Serif 4", "source-serif-4", "font-weight: 400 700"),
    ("Source Serif 4", "source-serif-4-italic", "font-style: italic; font-weight: 400"),
    ("Figtree", "figtree", "font-weight: 400 800"),
)
LIKE = {
    "serif-like": ("Georgia", "Gelasio", "DejaVu Serif"),
    "sans-like": ("Helvetica Neue", "Arial", "Liberation Sans"),
}


def style() -> str:
    """The faces for the site's style sheet."""
    faces = [
        f'@font-face {{ font-family: "{name}"; src: url(../{FOLDER}/{file}.woff2) format("woff2"); {kind}; '
        "font-display: swap; }"
        for name, file, kind in FACES
    ]
    for name, locals_ in LIKE.items():
        sources = ", ".join(f'local("{face}")' for face in locals_)
        faces.append(f'@font-face {{ font-family: "{name}"; src: {sources}; size-adjust: 98%; }}')
    return "\n".join([*faces, ""])


def assets(contents: Iterable[str]) -> dict[str, bytes]:
    """The typefaces by their places in the site, for pages with these contents in HTML."""
    pages = list(contents)
    used = _characters(TYPED, (re.sub("<[^>]*>", "", page) for page in pages))
    modules = npm.installed(HERE.parent)
    wanted: list[dict[str, Any]] = [
        {
            "from": str(modules / "@fontsource-variable" / f"{file}.woff2"),
            "to": f"{FOLDER}/{name}.woff2",
            "text": used,
            "axes": axes,
        }
        for name, (file, axes) in TEXT.items()
    ]
    wanted += [
        {
            "from": str(face),
            "to": f"{KATEX}/{face.name}",
            "text": characters_of(face.stem, pages) if face.stem in LETTERED else used + LETTERS + SIGNS,
            "axes": {},
        }
        for face in sorted((modules / "katex" / "dist" / "fonts").glob("*.woff2"))
    ]
    return {face["to"]: content for face, content in zip(wanted, _cut(wanted, modules), strict=True)}


def characters_of(face: str, pages: Iterable[str]) -> str:
    """What the pages' formulas set in a face of LETTERED, and what one that is typeset in the browser may."""
    always, kind = LETTERED[face]
    leaf = re.compile(rf'<span class="[^"]*\b(?:{kind})\b[^"]*"[^>]*>([^<]+)<')
    return _characters(always, (letters for page in pages for letters in leaf.findall(page)))


def _characters(always: str, pieces: Iterable[str]) -> str:
    return "".join(sorted(set(always).union(*map(html.unescape, pieces))))


def _cut(wanted: list[dict[str, Any]], modules: Path) -> list[bytes]:
    """Kept until a face, or what is wanted of it, changes."""
    CUT.mkdir(parents=True, exist_ok=True)
    kept = [CUT / f"{_key(face)}.woff2" for face in wanted]
    with tempfile.TemporaryDirectory(dir=CUT) as folder:
        drafts = {file: Path(folder) / file.name for file in kept if not file.exists()}
        missing = [{**face, "to": str(drafts[file])} for face, file in zip(wanted, kept, strict=True) if file in drafts]
        if missing:
            npm.run(HERE / "fonts.mjs", str(modules), given=json.dumps({"faces": missing, "features": FEATURES}))
        for file, draft in drafts.items():
            draft.replace(file)
    return [file.read_bytes() for file in kept]


def _key(face: dict[str, Any]) -> str:
    said = json.dumps([face["text"], face["axes"], FEATURES]).encode() + Path(face["from"]).read_bytes()
    return hashlib.sha256(said).hexdigest()[:32]
