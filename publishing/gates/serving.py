"""The built site, served to this machine alone, as a host of static pages serves it: compressed, under a path.

A host that reads `_headers` sends what stands there under each place that fits, as this one does if it is told to.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

COMPRESSED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


@contextmanager
def serve(site: Path, base: str = "/", headers: bool = False) -> Iterator[str]:
    """Serve the folder `site` under the path `base`; gives the address of its home page."""
    server = _Server(site, base, _rules((site / "_headers").read_text(encoding="utf-8")) if headers else [])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _rules(text: str) -> list[tuple[str, str, str]]:
    """Place, header and value, of each line of `_headers`."""
    rules, place = [], ""
    for line in text.splitlines():
        if line.startswith(" "):
            name, _, value = line.strip().partition(": ")
            rules.append((place, name, value))
        else:
            place = line
    return rules


class _Server(ThreadingHTTPServer):
    def __init__(self, site: Path, base: str, rules: list[tuple[str, str, str]]) -> None:
        self.site, self.base, self.rules = site, base, rules
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        site, base = self.server.site, self.server.base
        file = site / path.removeprefix(base) / ("index.html" if path.endswith("/") else "")
        if path.startswith(base) and file.is_file():
            self._send(HTTPStatus.OK, file)
        else:
            self._send(HTTPStatus.NOT_FOUND, site / "404.html")

    def _send(self, status: HTTPStatus, file: Path) -> None:
        content = file.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Cache-Control", "max-age=600")
        for place, name, value in self.server.rules:
            if fnmatch(urlsplit(self.path).path, place):
                self.send_header(name, value)
        if file.suffix in COMPRESSED:
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""
