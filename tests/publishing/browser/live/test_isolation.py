"""The reader's code reaches nothing but its worker, and what it shows neither runs nor loads anything."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.publishing.browser.live.page import LivePage

FIRST, SECOND = 4, 5  # two cells of the page

AT_ONCE = {
    "the page": "js.document.title",
    "cookies": "js.document.cookie",
    "the window": "js.window.top",
    "a parent": "js.parent.location",
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
        started.page.evaluate("(url) => fetch(url)", f"{server.address}from-the-page")
        assert server.asked == ["/from-the-page"]
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
