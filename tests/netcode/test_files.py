"""Files are written whole or not at all, whatever is at the path before, and no read waits for ever."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netcode.errors import InputError
from netcode.files import atomic_write, check_writable, open_regular

WRITER = """
import sys, time
from pathlib import Path
from netcode.files import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved"
    path.write_bytes(b"old")
    return path


def write(path: Path, content: bytes = b"new") -> None:
    with atomic_write(path) as file:
        file.write(content)


def read(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_seen_until_the_write_ends(saved: Path) -> None:
    with atomic_write(saved) as file:
        file.write(b"new")
        file.flush()
        assert saved.read_bytes() == b"old"
    assert saved.read_bytes() == b"new"


@pytest.mark.parametrize("before", [0o600, 0o644, 0o640])
def test_a_file_keeps_its_mode(saved: Path, before: int) -> None:
    saved.chmod(before)
    write(saved)
    assert mode(saved) == before


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    write(tmp_path / "new")
    (tmp_path / "other").touch()
    assert mode(tmp_path / "new") == mode(tmp_path / "other")


def test_a_link_stays_a_link_and_its_target_is_replaced(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(saved)
    (tmp_path / "next").symlink_to(tmp_path / "not yet")
    for link in ("latest", "next"):
        write(tmp_path / link)
        assert (tmp_path / link).is_symlink()
    assert saved.read_bytes() == (tmp_path / "not yet").read_bytes() == b"new"


def test_devices_pipes_and_folders_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    for path in (Path("/dev/full"), tmp_path / "pipe", tmp_path / "link"):
        for refused in (check_writable, read, write):
            with pytest.raises(InputError, match="it is a device or a pipe"):
                refused(path)
    with pytest.raises(IsADirectoryError):
        write(tmp_path)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    assert sorted(os.listdir(tmp_path)) == ["link", "pipe"]


def test_a_full_disk_leaves_the_old_file(saved: Path) -> None:
    with (
        pytest.raises(OSError, match="No space left") as caught,
        atomic_write(saved),
        open("/dev/full", "wb", buffering=0) as full,
    ):
        full.write(b"more")
    assert caught.value.filename == str(saved)
    assert saved.read_bytes() == b"old"
    assert os.listdir(saved.parent) == ["saved"]


def test_what_a_killed_run_leaves_is_removed_and_what_a_living_one_needs_is_not(saved: Path) -> None:
    living, killed = (
        subprocess.Popen([sys.executable, "-c", WRITER, str(saved)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    try:
        for process in (living, killed):
            assert process.stdout is not None
            assert process.stdout.readline() == "half\n"
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert len(os.listdir(saved.parent)) == 3
        check_writable(saved)
        assert len(os.listdir(saved.parent)) == 2
    finally:
        for process in (living, killed):
            process.kill()
            process.communicate()
    write(saved)
    assert os.listdir(saved.parent) == ["saved"]


def test_runs_that_write_into_one_folder_do_not_remove_each_others_files(tmp_path: Path) -> None:
    def write_often(name: int) -> None:
        for _ in range(150):
            write(tmp_path / str(name))

    with ThreadPoolExecutor(4) as threads:  # a lock is an open file's, so that threads are like processes
        list(threads.map(write_often, range(4)))
    assert sorted(os.listdir(tmp_path)) == ["0", "1", "2", "3"]


def test_whether_a_path_can_be_written_is_known_without_a_trace(saved: Path, tmp_path: Path) -> None:
    check_writable(saved)
    check_writable(tmp_path / "new")
    for wrong in (tmp_path, tmp_path / "no folder" / "file", saved / "file", Path("/dev/null")):
        with pytest.raises(InputError, match="can't be written"):
            check_writable(wrong)
    assert os.listdir(tmp_path) == ["saved"]
    assert saved.read_bytes() == b"old"


def test_a_read_only_file_is_not_replaced(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(InputError, match="the file is read-only"):
        check_writable(saved)
