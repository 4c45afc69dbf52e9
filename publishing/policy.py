"""What a page may load and run: its Content-Security-Policy, in the page itself and for hosts that send headers.

Everything comes from the site. The theme's few inline scripts are allowed by their hashes. Style attributes are the one
excuse: formulas and figures have their measures in them. Python is loaded once the reader presses Run, from the hosts
that are named, and runs in a frame of its own, whose policy allows no request at all, see `publishing.live.frame`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable

__all__ = ["headers", "policy", "script_hashes", "with_policy"]

INLINE = re.compile(r"<script(?![^>]*\s(?:src|type=\"application/json\"))[^>]*>(.*?)</script>", re.DOTALL)
CHARSET = '<meta charset="utf-8">'


def policy(scripts: Iterable[str], hosts: Iterable[str] = ()) -> str:
    """What pages with these inline scripts (by their hashes) may do; `hosts` are those that Python is loaded from.

    >>> policy(["'sha256-AAA='"])[:58]
    "default-src 'self'; script-src 'self' 'sha256-AAA='; style"
    """
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *sorted(set(scripts))],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", *sorted(set(hosts))],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
    return "; ".join(" ".join([rule, *sources]) for rule, sources in rules.items())


def script_hashes(page: str) -> list[str]:
    """The inline scripts of a page, as a policy names them.

    >>> script_hashes("<script>1</script><script src='a.js'></script>")
    ["'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"]
    """
    return [sha256(script) for script in INLINE.findall(page)]


def sha256(script: str) -> str:
    """A script's hash, as a policy writes it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def with_policy(page: str, hosts: Iterable[str]) -> str:
    """The page with its own policy, before anything that it is about."""
    rules = policy(script_hashes(page), hosts)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    return page.replace(CHARSET, f"{CHARSET}\n      {meta}", 1)


def headers(pages: Collection[str], policy: str, others: Iterable[tuple[str, str]], base: str) -> str:
    """The text of `_headers`, which several hosts read: a policy for each place.

    The folders of `pages` (their places in the site) get `policy`, and what is in `others` its own. No rule is for
    everything: hosts add up the rules that fit, and the frame in which Python runs needs other ones.

    >>> print(headers(["index.html", "a/b/index.html"], "p", [("frame.html", "q")], "/"))
    /
      Content-Security-Policy: p
    /a/*
      Content-Security-Policy: p
    /frame.html
      Content-Security-Policy: q
    """
    folders = sorted({page.partition("/")[0] for page in pages if "/" in page})
    files = sorted(page.removesuffix("index.html") for page in pages if "/" not in page)
    rules = [(place, policy) for place in (*files, *(f"{folder}/*" for folder in folders))]
    lines = [f"{base}{place}\n  Content-Security-Policy: {allowed}" for place, allowed in [*rules, *others]]
    return "\n".join(lines)
