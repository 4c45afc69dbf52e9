"""Each page says what it may load and run: everything from the site, and nothing else."""

from __future__ import annotations

import re

from publishing import policy
from tests.publishing.conftest import Project

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">')


def sources(text: str) -> dict[str, list[str]]:
    return {rule: places for rule, *places in (part.split() for part in text.split("; "))}


def test_a_page_begins_with_its_policy(project: Project) -> None:
    project.write("docs/training.py", "# %% [markdown]\n# # Training\n# %%\nx = 1")
    page = project.page("training")
    rules = sources(META.findall(page)[0])
    assert page.index("Content-Security-Policy") < page.index("<script")
    inline = [text for text in re.findall(r"<script>(.*?)</script>", page, re.DOTALL) if text]
    assert inline
    assert rules["script-src"] == ["'self'", *sorted({policy.sha256(text) for text in inline})]
    assert rules["connect-src"] == ["'self'", "https://cdn.jsdelivr.net"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & {
        s for r in rules for s in rules[r] if r != "style-src-attr"
    }
    assert "<style" not in page
