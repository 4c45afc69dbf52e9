"""`python -m netcode diagnose`: a file of somebody's, in a process that ends in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from netcode.__main__ import main

RIGHT = """
import numpy as np

def softmax(scores):
    E = np.exp(scores - scores.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)

def backward(X, Y, W1, b1, W2, b2, lam):
    print("asked")
    A1 = np.maximum(0, X @ W1 + b1)
    dZ2 = (softmax(A1 @ W2 + b2) - Y) / len(X)
    dZ1 = dZ2 @ W2.T * (A1 > 0)
    return X.T @ dZ1 + lam * W1, dZ1.sum(axis=0), A1.T @ dZ2 + lam * W2, dZ2.sum(axis=0)
"""

pytestmark = pytest.mark.usefixtures("unchecked_shapes")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test works in an empty folder."""
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "mine.py") -> None:
    Path(name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("options", [[], ["--rows"], ["--function", "backward"], ["--data", "spiral"]])
def test_a_right_gradient_is_called_right(options: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    write(RIGHT)
    assert main(["diagnose", "mine.py", *options]) == 0
    said = capfd.readouterr()
    (first, *_) = said.out.split("\n\n")
    network = "ReLU hidden layer, softmax output, mean cross-entropy, penalty lam/2 |W|²"
    assert first.split() == f"{network}: all four gradients are right.".split()
    assert "Read with examples as rows" in said.out
    assert "asked" in said.err
    assert "asked" not in said.out


def test_a_wrong_gradient_is_explained(capfd: pytest.CaptureFixture[str]) -> None:
    write(RIGHT.replace(" * (A1 > 0)", "").replace("+ lam * W2", "+ 2 * lam * W2"))
    assert main(["diagnose", "mine.py"]) == 1
    said = capfd.readouterr().out
    assert "  ✗ db1  wrong: mask-missing\n" in said
    assert "  ✗ dW2  wrong: penalty-doubled\n" in said
    assert "    right:  dW2 = A1.T @ dZ2 + lam * W2\n" in said


def test_data_of_ones_own_are_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    """Here the function is wrong for many examples alone."""
    write(RIGHT.replace("/ len(X)", "/ min(len(X), 9)"))
    assert main(["diagnose", "mine.py"]) == 0
    assert main(["diagnose", "mine.py", "--data", "spiral"]) == 1
    assert "The number is 33.3333 here." in capfd.readouterr().out


def test_an_endless_loop_ends(capfd: pytest.CaptureFixture[str]) -> None:
    write("def backward(X, Y, lam):\n    while True: pass\n")
    assert main(["diagnose", "mine.py", "--timeout", "3"]) == 1
    assert "mine.py did not end within 3 s: an endless loop? (--timeout SECONDS)" in capfd.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_endless_loop_ends_with_who_asked(number: signal.Signals) -> None:
    write(
        "import os\n"
        "def backward(X, Y, lam):\n"
        "    with open('started', 'w') as file:\n"
        "        file.write(str(os.getpid()))\n"
        "    while True: pass\n"
    )
    process = subprocess.Popen([sys.executable, "-m", "netcode", "diagnose", "mine.py", "--timeout", "3600"])
    asked = int(eventually(lambda: Path("started").read_text()))
    process.send_signal(number)
    process.wait()
    eventually(lambda: ended(asked))


def eventually(answer: Callable[[], str]) -> str:
    """What is answered as soon as it is there, within a minute."""
    for _ in range(600):
        with suppress(OSError):
            if found := answer():
                return found
        time.sleep(0.1)
    raise TimeoutError("nothing after a minute")


def ended(pid: int) -> str:
    """Says so if there is no such process, or nothing of it but its number, which nobody has asked for yet."""
    path = Path(f"/proc/{pid}/stat")
    return "" if path.exists() and path.read_text().rpartition(")")[2].split()[0] != "Z" else "ended"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("def backward(X, Y):\n    return helper(X)\n\ndef helper(X):\n    return X + unknown\n", "NameError"),
        ("import json\n\ndef backward(X, Y):\n    json.loads('x')\n", "JSONDecodeError"),
        ("def backward(:\n", "SyntaxError"),
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("def backward(X, Y):\n    raise SystemExit('no')\n", "SystemExit: no"),
        ("class Odd(BaseException): ...\n\ndef backward(X, Y):\n    raise Odd\n", "Odd"),
        ("import os\n\ndef backward(X, Y):\n    os._exit(3)\n", "mine.py ended the program (exit status 3)"),
        ("def backward(X, Y):\n    raise ValueError('long' * 10**6)\n", "ValueError: long"),
        ("import numpy as np\n\ndef backward(X, Y):\n    np.ones(10**12)\n", "Unable to allocate"),
        ("import os\n\ndef backward(X, Y):\n    os.system('sleep 1')\n", "may not start another program"),
    ],
)
def test_an_error_is_shown_as_its_authors(program: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    write(program)
    assert main(["diagnose", "mine.py"]) == 1
    out = capfd.readouterr().out
    assert out.startswith("No gradient was computed: ")
    assert len(out) < 6000
    assert said in out
    assert "mine.py" in out
    assert "runpy" not in out
    assert "user_function" not in out
    assert "netcode" not in out


@pytest.mark.parametrize(
    ("program", "options", "complaint"),
    [
        (None, [], "mine.py: no such file or directory"),
        (RIGHT, ["--function", "forward"], "mine.py: has no function forward; it has softmax, backward"),
        ("x = 1\n", [], "mine.py: has no function; expected --function with the name of the backward pass"),
        ("def f(x): ...\n", [], "mine.py: has f (it computes no gradient of a weight); expected --function"),
        ("def backward(X, qqq): ...\n", [], "backward has a parameter qqq, and what it means can't be guessed"),
        (RIGHT, ["--name", "h"], "argument --name: it is 'h'; expected two names, the second a known one, as in h=A1"),
        (RIGHT, ["--timeout", "0"], "argument --timeout: it is 0.0; expected a finite number above 0"),
        (RIGHT, ["--rows", "--columns"], "not allowed with argument --rows"),
        (RIGHT, ["--data", "none.csv"], "none.csv: no such file"),
    ],
)
def test_what_cannot_be_used_gets_one_clear_line(
    program: str | None, options: list[str], complaint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    if program is not None:
        write(program)
    before = sorted(os.listdir())
    assert main(["diagnose", "mine.py", *options]) == 2
    said = capfd.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith("netcode: ")
    assert complaint in line
    assert said.out == ""
    assert sorted(os.listdir()) == before
