"""A served site is built anew when a page or a module that it uses changes."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.publishing.conftest import Project

SECONDS = 60


def test_a_changed_page_or_module_is_served_anew(project: Project) -> None:
    page = project.write("docs/training.py", "# %%\nimport netcode\nprint('the loss is', netcode.LOSS)")
    with _served(project) as address:
        _wait_until(lambda: _shows("the loss is 1.5", f"{address}training/"))
        # MkDocs' own script, which loads the page anew, is one that no policy knows.
        assert not _shows("Content-Security-Policy", f"{address}training/")
        project.write("netcode/__init__.py", "LOSS = 2.5")
        _wait_until(lambda: _shows("the loss is 2.5", f"{address}training/"))
        page.write_text(page.read_text(encoding="utf-8").replace("loss is", "loss ended at"), encoding="utf-8")
        _wait_until(lambda: _shows("the loss ended at 2.5", f"{address}training/"))


@contextmanager
def _served(project: Project) -> Iterator[str]:
    """Serves the project on a free port of this machine alone, and ends only what it started."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        project.command("serve", "--dev-addr", f"127.0.0.1:{port}"),
        cwd=project.root,
        env=project.environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    said: list[str] = []
    reader = threading.Thread(target=said.extend, args=(iter(server.stderr.readline, ""),), daemon=True)
    reader.start()
    try:
        _wait_until(lambda: "Serving on" in "".join(said))
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)
        reader.join(timeout=SECONDS)
        server.stderr.close()


def _wait_until(reached: Callable[[], bool]) -> None:
    for _ in range(SECONDS * 10):
        if reached():
            return
        time.sleep(0.1)
    raise AssertionError(f"still waiting after {SECONDS} s")


def _shows(text: str, address: str) -> bool:
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:
        return text in answer.read().decode()
