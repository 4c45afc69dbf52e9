"""Figures are inline SVG: they take the page's colours and fonts, and say in words what they show."""

from __future__ import annotations

import hashlib
import html
import re

COORDINATES = re.compile(r'(?<=\s)(?:d|x|y)="[^"]*"')
LONG = re.compile(r"\d+\.\d{3,}")


def figure(svg: str, alternative: str) -> str:
    """The drawing as it stands in a page: black becomes the text's colour, and its ids are like no other's.

    Its lines' coordinates are rounded to a hundredth of a point.
    """
    svg = svg[svg.index("<svg") :]
    # A style would hold for the whole page.
    svg = re.sub(r"<(metadata|style)\b.*?</\1>\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*</defs>\s*", "", svg)
    svg = COORDINATES.sub(lambda found: LONG.sub(_rounded, found[0]), svg)
    prefix = "f" + hashlib.sha256(svg.encode()).hexdigest()[:8] + "-"
    svg = re.sub(r'(?<=\sid=")', prefix, svg)
    svg = re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\g<1>{prefix}", svg)
    svg = re.sub(r'(?<=[:" ])(?:#000000|black)(?=[;"])', "currentColor", svg)
    width, height = _size(svg)
    svg = re.sub(r"<svg\b[^>]*>", _opening(width, height, alternative), svg, count=1)
    return f'<figure class="drawing" data-search-exclude tabindex="0" aria-label="Figure">{svg.strip()}</figure>'


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _size(svg: str) -> tuple[float, float]:
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError('expected a drawing with viewBox="0 0 WIDTH HEIGHT"')
    return float(box[1]), float(box[2])


def _opening(width: float, height: float, alternative: str) -> str:
    label = html.escape(alternative)
    return (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width:g} {height:g}" width="{width:g}pt" '
        f'height="{height:g}pt" role="img" aria-label="{label}" '
        'fill="currentColor" stroke-linejoin="round">'
    )
