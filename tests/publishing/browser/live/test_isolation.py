"""The reader's code reaches nothing but its worker, and what it shows neither runs nor loads anything."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.publishing.browser.conftest import window
from tests.publishing.browser.live.page import LivePage

FIRST, SECOND = 4, 5  # two cells of the page

AT_ONCE = {
    "the page": "js.document.title",
    "cookies": "js.document.cookie",
    "the window": "js.window.top",
    "a parent": "js.parent.location",
    "the end of its worker": "js.close()",
    "local storage": "js.localStorage.length",
    "a database": "js.indexedDB.open('x')",
    "an old request": "request = js.XMLHttpRequest.new(); request.open('GET', ADDRESS, False); request.send()",
}

LATER = {
    "the network": "js.fetch(ADDRESS)",
    "the network, asking for no answer": "js.eval('(url) => fetch(url, {mode: \"no-cors\"})')(ADDRESS)",
    "the network, past our own fetch": "js.eval('(url) => WorkerGlobalScope.prototype.fetch?.call(self, url)"
    " ?? Promise.reject(1)')(ADDRESS)",
    "a script of the site": "js.eval('(url) => import(url)')(ADDRESS + 'javascripts/graph.js')",
    "cookies, in the background": "js.eval('() => cookieStore.getAll()')()",
    "caches": "js.eval('() => caches.open(\"x\")')()",
    "files": "js.eval('() => navigator.storage.getDirectory()')()",
    "a socket": "js.eval('(url) => new Promise((resolve, reject) => { const socket = new WebSocket(url);"
    " socket.onopen = resolve; setTimeout(() => reject(new Error()), 500); })')(ADDRESS.replace('http', 'ws'))",
}


class _Open(BaseHTTPRequestHandler):
    """Answers whoever asks, from wherever, and notes that it was asked."""

    server: _Listener

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "text/javascript")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""


class _Listener(ThreadingHTTPServer):
    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Open)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


@pytest.fixture
def listener(started: LivePage) -> Iterator[_Listener]:
    """A server that the browser can reach, and that would answer code from anywhere."""
    with _Listener() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        started.page.context.route(f"{server.address}**", lambda route: route.continue_())
        browser = started.page.context.browser
        assert browser is not None
        with window(browser) as free:  # of a page without a policy
            free.evaluate("(url) => fetch(url)", f"{server.address}from-a-page")
        assert server.asked == ["/from-a-page"]
        server.asked.clear()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("what", AT_ONCE)
def test_the_code_does_not_reach(started: LivePage, listener: _Listener, what: str) -> None:
    attempt = f"import js\nADDRESS = {listener.address!r}\ntry:\n    {AT_ONCE[what]}\n    print('reached')\n"
    shown = started.shown(SECOND, f"{attempt}except Exception as error:\n    print('refused:', type(error).__name__)")
    assert shown in ("refused: AttributeError", "refused: JsException")
    assert listener.asked == []


@pytest.mark.parametrize("what", LATER)
def test_the_code_does_not_reach_in_the_background(started: LivePage, listener: _Listener, what: str) -> None:
    attempt = f"""
import js
from pyodide.ffi import create_proxy
ADDRESS = {listener.address!r}
found = []
reached, refused = (create_proxy(lambda _, word=word: found.append(word)) for word in ("reached", "refused"))
try:
    {LATER[what]}.then(reached, refused)
except js.Error as error:
    found.append("refused")
"""
    started.edit(FIRST, attempt)
    started.edit(SECOND, "print(*found)")
    for _ in range(50):
        started.run(SECOND)
        if found := started.output(SECOND).inner_text():
            break
        started.page.wait_for_timeout(100)  # a socket tells of no refusal: it does not open
    assert found == "refused"
    assert listener.asked == []


def test_what_is_shown_neither_runs_nor_loads(started: LivePage, listener: _Listener) -> None:
    there = f"{listener.address}x"
    html = f"""
        <script>window.ran = true</script><b onclick="window.ran = true">kept</b>
        <img src="x" onerror="window.ran = true"><img src="{there}"><img srcset="{there} 2x">
        <video src="{there}"></video>
        <iframe src="{there}"></iframe><object data="{there}"></object><link rel="stylesheet" href="{there}">
        <style>body {{ background: url({there}) }}</style><p style="background: url({there})">p</p>
        <p style="background: u\\72l({there})">p</p><p style="background: image-set('{there}' 1x)">p</p>
        <svg><image href="{there}"/><use href="{there}#a"/><rect fill="url({there}#a)" width="9" height="9"/></svg>
        <form action="{there}"><input autofocus onfocus="window.ran = true"></form>
        <a href="javascript:window.ran = true">link</a><math><mi xlink:href="javascript:1">x</mi></math>
    """
    shown = started.shown(SECOND, f"from IPython.display import HTML\nHTML({html!r})")
    assert "kept" in shown
    started.output(SECOND).locator("b").click()
    assert started.page.evaluate("window.ran") is None
    assert listener.asked == []
    markdown = f"![picture]({there}) <script>window.ran = true</script> $\\\\href{{javascript:1}}{{x}}$ **kept**"
    assert "kept" in started.shown(SECOND, f"from IPython.display import Markdown\nMarkdown({markdown!r})")
    assert started.page.evaluate("window.ran") is None
    assert listener.asked == []
    assert started.output(SECOND).locator("a, script, img[src]").count() == 0


def test_what_is_shown_can_t_cover_the_page(started: LivePage) -> None:
    fixed = "<div class='over' style='position: fixed; inset: 0; z-index: 99999'>over</div>"
    started.shown(SECOND, f"from IPython.display import HTML\nHTML({fixed!r})")
    place, over = (started.output(SECOND), started.output(SECOND).locator(".over"))
    outer, inner = place.bounding_box(), over.bounding_box()
    assert outer is not None
    assert inner is not None
    assert inner["height"] <= outer["height"]
    assert started.page.evaluate("document.elementFromPoint(5, 5).closest('.cell-live')") is None


def test_what_is_shown_takes_no_anchor_of_the_page(started: LivePage) -> None:
    anchor = started.page.locator("article [id]").first.get_attribute("id")
    assert anchor
    html = f"<p id={anchor!r}>taken</p><p id='of-its-own'>new</p>"
    started.shown(SECOND, f"from IPython.display import HTML\nHTML({html!r})")
    assert started.page.locator(f"[id={anchor!r}]").count() == 1
    assert started.output(SECOND).locator("[id]").evaluate_all("found => found.map(({ id }) => id)") == ["of-its-own"]


def test_what_is_too_long_to_be_laid_out_is_not_shown(started: LivePage) -> None:
    shown = started.shown(SECOND, "from IPython.display import HTML\nHTML('<i>x</i>' * 600_000)")
    assert shown == "An output of 4.8 million characters is not shown: the most is 4.0 million."
