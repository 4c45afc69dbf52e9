"""The warm-up's recorded numbers of PyTorch are netcode's, to the rounding of 32 bits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

import netcode
from benchmarks import pytorch_warmup as command
from derivations.checking import pytorch_warmup
from derivations.checking.pytorch_warmup import PyTorchWarmup

SEVEN_DIGITS = 1e-7
"""Half an eps of 32 bits is 6e-8, no entry is larger than 0.3, and each is made by three roundings at most."""


def off(warmup: PyTorchWarmup) -> float:
    """The largest difference from netcode's gradients of the same network."""
    x, W1, W2 = map(np.array, (warmup["x"], warmup["W1"], warmup["W2"]))
    parameters = netcode.Parameters(W1=W1, b1=np.zeros((len(W1), 1)), W2=W2, b2=np.zeros((len(W2), 1)))
    X, Y = x[:, None], np.eye(len(W2))[:, [warmup["label"]]]
    backward = netcode.backward(X, Y, parameters, netcode.forward(X, parameters), lam=0.0)
    pairs = ((warmup["dW1"], backward.dW1), (warmup["dW2"], backward.dW2))
    return max(float(np.abs(np.array(theirs) - ours).max()) for theirs, ours in pairs)


def test_what_was_recorded_is_what_netcode_computes() -> None:
    assert off(pytorch_warmup.recorded()) < SEVEN_DIGITS


@pytest.mark.parametrize("name", ["dW1", "dW2"])
def test_a_wrong_digit_would_be_seen(name: Literal["dW1", "dW2"]) -> None:
    warmup = pytorch_warmup.recorded()
    warmup[name][0][0] += 1e-6
    assert off(warmup) > SEVEN_DIGITS


def test_recording_the_same_numbers_writes_the_same_file() -> None:
    assert command.written(pytorch_warmup.recorded()) == pytorch_warmup.FILE.read_text(encoding="utf-8")


def test_the_command_writes_the_version_that_it_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "warmup.json"
    last = pytorch_warmup.recorded()
    monkeypatch.setattr(command, "FILE", file)
    monkeypatch.setattr(command, "in_pytorch", lambda x, label, W1, W2: {**last, "version": "9.9"})
    command.main()
    assert json.loads(file.read_text(encoding="utf-8")) == {**last, "version": "9.9"}
    assert capsys.readouterr().out == f"warmup.json: PyTorch 9.9, before {last['version']}\n"


def test_pytorch_gives_them_again_where_it_is_installed() -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    last = pytorch_warmup.recorded()
    new = pytorch_warmup.in_pytorch(last["x"], last["label"], last["W1"], last["W2"])
    assert off(new) < SEVEN_DIGITS
