"""A training that is stopped, killed or resumed loses nothing, and ends in one line."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from netcode.__main__ import main
from netcode.training import model_file
from netcode.training.model_file import Progress
from tests.statistics import cases

ROOT = Path(__file__).parents[3]
LONG = ["train", "--data", "digits", "--batch-size", "50", "--updates", "10000000", "--save", "model.npz"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)


def started(*arguments: str, session: bool = False) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "netcode", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_switch_signals_on,
        start_new_session=session,
    )


def _switch_signals_on() -> None:
    """The tests themselves may run where Ctrl-C is switched off, as in the background of a shell, or under nohup."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize(("number", "name"), [(signal.SIGTERM, "SIGTERM"), (signal.SIGHUP, "SIGHUP")])
def test_a_signal_saves_the_last_complete_state(number: signal.Signals, name: str) -> None:
    process = started(*LONG)
    first_line(process)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert f"netcode: stopped by {name} after " in err.splitlines()[-1]
    assert os.listdir() == ["model.npz"]
    progress = model_file.load(Path("model.npz")).progress
    assert progress is not None
    assert f"{progress.updates:,} updates" in err.splitlines()[-1]


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize("batch_size", [[], ["--batch-size", "64"], ["--batch-size", "299"]])
@pytest.mark.parametrize("stop", [1, 8, 10])
def test_a_resumed_run_ends_in_the_same_bits(batch_size: list[str], stop: int) -> None:
    options = ["train", *batch_size, "--seed", "3", "--test-size", "0.2"]
    assert main([*options, "--updates", "23", "--save", "whole.npz"]) == 0
    for updates in (stop, stop + 5, 23):
        assert main([*options, "--updates", str(updates), "--save", "parts.npz", "--resume"]) == 0
    assert Path("parts.npz").read_bytes() == Path("whole.npz").read_bytes()


def test_a_finished_run_is_resumed_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["train", "--updates", "20", "--save", "model.npz", "--resume"]) == 0
    assert model_file.load(Path("model.npz")).progress == Progress(20, _settings())
    assert capsys.readouterr().out.count("20 updates") >= 1


def _settings() -> dict[str, object]:
    progress = model_file.load(Path("model.npz")).progress
    assert progress is not None
    return progress.settings


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--lam", "0.5"], "was trained with --lam 0.001; expected the same, to --resume"),
        (["--batch-size", "7"], "was trained with --batch-size 300; expected the same"),
        (["--test-size", "0.5"], "was trained with"),
        (["--no-standardize", "--data", "other.npz"], "was trained with other data; expected the same"),
    ],
)
def test_a_run_with_other_settings_is_not_resumed(
    capsys: pytest.CaptureFixture[str], options: list[str], complaint: str
) -> None:
    random = np.random.default_rng(0)
    np.savez("other.npz", X=random.standard_normal((300, 2)), y=np.arange(300) % 3)
    rate = ["--learning-rate", "1"]
    assert main(["train", "--updates", "5", "--save", "model.npz", *rate]) == 0
    before = Path("model.npz").read_bytes()
    capsys.readouterr()
    assert main(["train", "--updates", "9", "--save", "model.npz", "--resume", *rate, *options]) == 2
    assert complaint in capsys.readouterr().err
    assert Path("model.npz").read_bytes() == before


def test_resuming_needs_a_file_to_resume_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--resume"]) == 2
    assert "expected --save MODEL.npz too" in capsys.readouterr().err


def test_a_run_killed_at_any_moment_leaves_a_whole_model_or_none_and_nothing_else() -> None:
    random = np.random.default_rng(0)
    saved = 0
    for number in range(cases(few=4, many=200)):
        process = started(*LONG, "--checkpoint", "0.001", "--resume", session=True)
        if number % 2:  # else also while it starts
            first_line(process)
        time.sleep(float(random.uniform(0, 0.3)))
        process.send_signal(signal.Signals(random.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])))
        process.communicate(timeout=60)
        assert in_session(process.pid) == []
        if Path("model.npz").exists():
            saved += 1
            assert model_file.load(Path("model.npz")).progress is not None
        else:
            assert not saved
    assert saved >= 1
    assert main(["train", "--updates", "5", "--save", "new.npz"]) == 0
    assert sorted(os.listdir()) == ["model.npz", "new.npz"]


def first_line(process: subprocess.Popen[str]) -> None:
    """Wait until the training is under way."""
    assert process.stderr is not None
    process.stderr.readline()


def in_session(leader: int) -> list[str]:
    """The processes that a process which led a session has left behind, where the system tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(f"process {path.parent.name} in the state {fields[0]}")
    return found


def terminal(command: list[str]) -> tuple[int, int]:
    """A command in a terminal of its own: its process id, and the other end of the terminal."""
    pid, end = pty.fork()
    if pid == 0:  # pragma: no cover, another process
        _switch_signals_on()
        os.execv(sys.executable, [sys.executable, "-m", *command])
    return pid, end


@pytest.mark.parametrize("hangups", [1, 2], ids=["the system tells", "and the shell tells again"])
def test_a_closed_terminal_loses_nothing(hangups: int) -> None:
    pid, end = terminal(["netcode", *LONG])
    try:
        shown = b""
        while b"updates" not in shown:
            shown += os.read(end, 1000)
    finally:
        os.close(end)  # at which the system sends SIGHUP, and writing to the terminal begins to fail
        for _ in range(1, hangups):
            os.kill(pid, signal.SIGHUP)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP
    assert os.listdir() == ["model.npz"]
    assert model_file.load(Path("model.npz")).progress is not None


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_leaves_loses_nothing(stream: str) -> None:
    """As in `train ... 2>&1 | head -1`."""
    with started("train", "--updates", "3000", "--save", "model.npz") as process:
        closed = getattr(process, stream)
        closed.close()
        other = process.stderr if stream == "stdout" else process.stdout
        assert other is not None
        text = other.read()
    assert process.returncode == 0, text
    assert "Traceback" not in text
    progress = model_file.load(Path("model.npz")).progress
    assert progress is not None
    assert progress.updates == 3000


def test_output_that_can_not_be_written_for_another_reason_is_an_error() -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "netcode", "train", "--updates", "5"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "no space left on device" in done.stderr.splitlines()[-1]


def test_ctrl_c_at_any_moment_is_one_line() -> None:
    random = np.random.default_rng(1)
    ended = 0
    for _ in range(cases(few=6, many=200)):
        process = started("train", "--data", "digits", "--updates", "10000000")
        time.sleep(float(random.uniform(0.1, 1.5)))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        lines = [line for line in err.splitlines() if "updates   loss" not in line]
        if process.returncode == 130:
            ended += 1
            assert len(lines) == 1, err
            assert lines[0].startswith("netcode: stopped by Ctrl-C")
        else:  # Python itself was still starting
            assert str(ROOT / "netcode") not in err
    assert ended >= 1
