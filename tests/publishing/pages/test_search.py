"""What readers find, asked of the theme's own search, with an index as the theme makes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from publishing import npm
from publishing.pages import search

DOCS = Path(__file__).parents[3] / "docs"
OURS = search.told_in(DOCS / "search.toml")
SEARCHING = Path(__file__).with_name("searching.mjs")

CONFIG = {
    "lang": ["en"],
    "separator": r"[\s\-]+",
    "pipeline": ["stopWordFilter"],
    "fields": {"title": {"boost": 1000.0}, "text": {"boost": 1.0}, "tags": {"boost": 1000000.0}},
}
ENTRIES = {
    "relu/": ("ReLU and its Jacobian", "Where a unit was off, nothing passes back."),
    "relu/#the-corner": ("The corner", "At 0 there is no derivative."),
    "softmax-cross-entropy/": ("Softmax and cross-entropy", "The network has a score for each class."),
    "training/": ("Training on the spiral and on the digits", "Each update takes a mini-batch."),
    "chain-rule/": ("The chain rule: all four gradients", "The product of what arrives."),
    "numerical-trouble/": ("Numerical trouble", "The exponential overflows."),
    "checking-gradients/": ("Checking gradients", "Slopes from two values."),
    "check-a-kernel/": ("Check a kernel", "A number for each entry."),
    "layers/softmax/": ("Softmax", "Forward and backward."),
    "layers/leaky_relu/": ("Leaky ReLU", "Forward and backward."),
    "layers/batch_norm/": ("Batch norm", "Forward and backward, for each batch."),
    "checks/": ("Checks", "All claims."),
    "checks/#softmax": ("Softmax and cross-entropy", "The derivative of log-sum-exp."),
    "changelog/": ("Changelog", "A layer's code in PyTorch. The chain rule. No nan any more."),
    "api/": ("API", "Every public name."),
    "api/#derivations.calculus.Partial": ("derivative Partial", "A derivative. See autograd, dead relu."),
    "api/#netcode.scores": ("exponential score", "What a page says in passing is the heading here."),
    "api/#netcode.Classifier": ("Classifier batch", "batch batch batch nan pytorch"),
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    file = tmp_path / "search" / "search_index.json"
    file.parent.mkdir()
    docs = [{"location": location, "title": title, "text": text} for location, (title, text) in ENTRIES.items()]
    file.write_text(json.dumps({"config": CONFIG, "docs": docs}), encoding="utf-8")
    return file


def found(index: Path, queries: Sequence[str]) -> dict[str, list[str]]:
    """The pages that each query finds, the best first."""
    theme = find_spec("material")
    assert theme is not None
    assert theme.origin is not None
    (worker,) = Path(theme.origin).parent.glob("templates/assets/javascripts/workers/search.*.min.js")
    given = json.dumps({"index": json.loads(index.read_text(encoding="utf-8")), "queries": queries})
    answer: dict[str, list[str]] = json.loads(npm.run(SEARCHING, str(worker), given=given))
    return answer


FIRST = {
    "batch": "training/",
    "derivative": "chain-rule/",
    "pytorch": "check-a-kernel/",
    "nan": "numerical-trouble/",
    "dead relu": "relu/",
    "softmax": "softmax-cross-entropy/",
    "leaky": "layers/leaky_relu/",
    "batch norm": "layers/batch_norm/",
}


def test_a_word_finds_the_page_that_its_reader_means(index: Path) -> None:
    search.rewrite(index.parents[1], {}, OURS)
    pages = found(index, [*FIRST, "autograd"])
    assert {query: pages[query][0] for query in FIRST} == FIRST
    assert set(pages["autograd"][:2]) == {"check-a-kernel/", "checking-gradients/"}


def test_reports_and_lists_of_names_come_last(index: Path) -> None:
    titles = {"softmax-cross-entropy/#gradient": "The derivative of log-sum-exp"}
    search.rewrite(index.parents[1], titles, OURS)
    last = {"api/", "checks/", "changelog/"}
    queries = ["derivative", "batch", "softmax", "chain", "log-sum-exp", "exponential", "score"]
    for query, pages in found(index, queries).items():
        listed = [page in last for page in pages]
        assert any(listed), query
        assert listed == sorted(listed), (query, pages)


def test_what_only_a_list_has_is_still_found(index: Path) -> None:
    search.rewrite(index.parents[1], {}, OURS)
    assert found(index, ["Classifier"]) == {"Classifier": ["api/"]}


def test_keywords_belong_to_pages_and_not_to_their_parts(index: Path) -> None:
    search.rewrite(index.parents[1], {"relu/#jacobian": "The Jacobian is diagonal"}, OURS)
    entries: list[dict[str, Any]] = json.loads(index.read_text(encoding="utf-8"))["docs"]
    told = {entry["location"] for entry in entries if search.KEYWORDS in entry}
    assert told == {location for location in ENTRIES if location.partition("/")[0] in OURS.keywords} - {
        "relu/#the-corner"
    }


def test_each_page_with_keywords_exists() -> None:
    pages = {file.stem for file in DOCS.iterdir()}
    assert OURS.keywords.keys() <= pages
    assert OURS.weights.keys() <= pages | {"layers"}
