"""The command line as its users meet it: what it prints, what it writes, and one clear line for what it can't use."""

from __future__ import annotations

import csv
import math
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from netcode.__main__ import main
from netcode.command_line.interrupt import Interrupt
from netcode.data import load, standardization
from netcode.deep_network import Backward, backward
from netcode.network import initialize, one_hot
from netcode.training import model_file
from netcode.training.gradient_descent import GradientDescent

QUICK = ["--updates", "50"]
# Ctrl-C is switched on, because the tests themselves may run where it isn't, as in the background of a shell.
RUN = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); " + (
    "from netcode.__main__ import main; sys.exit(main())"
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test works in an empty folder."""
    monkeypatch.syspath_prepend(str(Path.cwd()))
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.chdir(tmp_path)


def files() -> list[str]:
    return sorted(os.listdir())


def contents() -> dict[str, bytes]:
    return {name: Path(name).read_bytes() for name in files() if Path(name).is_file()}


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def write_irises() -> None:
    """Two kinds of flowers, far apart, in units far from 1."""
    flowers = [(1000 + i, 0.001 * i, "setosa") for i in range(10)] + [(2000 + i, 0.5, "virginica") for i in range(10)]
    write("irises.csv", "length,width,kind\n" + "".join(f"{a},{b},{kind}\n" for a, b, kind in flowers))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netcode", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
    )


def summary(text: str) -> dict[str, str]:
    """The lines of a summary: a name, at least two blanks, and what it says."""
    pairs = [line.split("  ", maxsplit=1) for line in text.splitlines()]
    return {name: said.strip() for name, said in pairs}


@pytest.mark.usefixtures("unchecked_shapes")
def test_train_on_the_spiral_learns_it_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--save", "model.npz", "--plot", "run.svg"]) == 0
    said = summary(capsys.readouterr().out)
    assert said["data"] == "spiral: 300 examples, 2 features, 3 classes"
    assert said["network"] == "2 inputs, 25 hidden units, 3 outputs: 153 parameters"
    assert "ln 3 = 1.0986" in said["first loss"]
    assert abs(float(said["first loss"].split()[0]) - math.log(3)) < 0.5
    assert abs(float(said["final loss"].split()[0]) - 0.2436) < 0.01
    X, y = load("spiral")
    accuracy = (model_file.load(Path("model.npz")).predict(X) == y).mean()
    assert accuracy >= 0.98
    assert said["accuracy"].startswith(f"{accuracy:.4f} ({round(300 * accuracy)} of 300)")
    assert "10,000 updates" in said["time"]
    assert (said["model"], said["plot"]) == ("model.npz", "run.svg")
    assert Path("run.svg").read_text().count("Decision regions") == 1
    assert files() == ["model.npz", "run.svg"]


@pytest.mark.usefixtures("unchecked_shapes")
def test_train_on_the_digits_learns_them_with_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", "digits", "--plot", "run.svg"]) == 0
    said = summary(capsys.readouterr().out)
    assert float(said["accuracy"].split()[0]) > 0.97
    assert "ln 10 = 2.3026" in said["first loss"]
    assert float(said["time"].split()[0]) > 0
    assert "Decision regions" not in Path("run.svg").read_text()


def test_train_and_predict_on_a_file_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    write_irises()
    assert main(["train", "--data", "irises.csv", "--save", "model.npz", "--updates", "500"]) == 0
    assert summary(capsys.readouterr().out)["accuracy"].startswith("1.0000 (20 of 20)")
    model = model_file.load(Path("model.npz"))
    mean, scale = standardization(load("irises.csv")[0])
    assert np.array_equal(model.mean, mean)
    assert np.array_equal(model.scale, scale)

    assert main(["predict", "model.npz", "irises.csv"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == ["setosa"] * 10 + ["virginica"] * 10
    assert printed.err == "accuracy 1.0000 (20 of 20)\n"

    write("new.csv", "2005,0.5\n1003,0.002\n")
    assert main(["predict", "model.npz", "new.csv"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "virginica\nsetosa\n"
    assert printed.err == "netcode: new.csv has no header; its columns are taken in the order of the training\n"
    write("swapped.csv", "width,length\n0.5,2005\n0.002,1003\n")
    assert main(["predict", "model.npz", "swapped.csv"]) == 0
    assert capsys.readouterr() == ("virginica\nsetosa\n", "")


def test_predict_prints_probabilities_as_csv(capsys: pytest.CaptureFixture[str]) -> None:
    write_irises()
    main(["train", "--data", "irises.csv", "--save", "model.npz", *QUICK])
    capsys.readouterr()
    assert main(["predict", "model.npz", "irises.csv", "--proba"]) == 0
    header, *rows = csv.reader(capsys.readouterr().out.splitlines())
    assert header == ["label", "P(setosa)", "P(virginica)"]
    P = model_file.load(Path("model.npz")).predict_proba(load("irises.csv")[0])
    np.testing.assert_allclose(np.array([row[1:] for row in rows], dtype=float), P, rtol=1e-5)
    assert [row[0] for row in rows] == ["setosa"] * 10 + ["virginica"] * 10


def test_labels_that_the_output_cannot_hold_get_one_clear_line() -> None:
    write("signs.csv", "1,α\n2,β\n")
    main(["train", "--data", "signs.csv", "--save", "model.npz", *QUICK])
    done = run("predict", "model.npz", "signs.csv", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2
    assert done.stderr == "netcode: can't print a label in ascii; expected an output in UTF-8 (PYTHONUTF8=1)\n"
    assert run("predict", "model.npz", "signs.csv", PYTHONIOENCODING="utf-8").stdout == "α\nβ\n"


def test_standardizing_is_the_users_choice() -> None:
    write_irises()
    main(["train", "--data", "irises.csv", "--no-standardize", "--learning-rate", "1e-9", "--save", "a.npz", *QUICK])
    assert model_file.load(Path("a.npz")).mean.tolist() == [0, 0]
    main(["train", "--standardize", "--save", "b.npz", *QUICK])
    assert np.array_equal(model_file.load(Path("b.npz")).mean, standardization(load("spiral")[0])[0])


def test_standardization_survives_extreme_and_constant_features() -> None:
    X = np.array([[1e300, 0.1, 0.0, 1e-300], [-1e300, 0.1, 0.0, 3e-300], [1e300, 0.1, 0.0, 1e-300]])
    mean, scale = standardization(X)
    np.testing.assert_allclose(((X - mean) / scale).std(axis=0), [1, 0, 0, 1], atol=1e-12)
    assert (scale > 0).all()


def test_the_options_reach_the_training() -> None:
    options = ["--hidden", "7", "--lam", "0.01", "--learning-rate", "0.3", "--batch-size", "64", "--seed", "5"]
    assert main(["train", *options, "--updates", "20", "--save", "model.npz"]) == 0
    X, y = load("spiral")
    start = initialize(2, 7, 3, seed=5)
    descent = GradientDescent(X.T, one_hot(y, 3), start, learning_rate=0.3, lam=0.01, updates=20, batch_size=64, seed=5)
    assert len(list(descent)) == 20
    for saved, expected in zip(model_file.load(Path("model.npz")).parameters, descent.parameters, strict=True):
        assert np.array_equal(saved, expected)


def test_a_mini_batch_run_depends_on_its_seed_alone() -> None:
    for name, seed, hash_seed in [("a", "1", "0"), ("b", "1", "1"), ("c", "2", "0")]:
        arguments = ["train", "--batch-size", "64", "--seed", seed, "--save", f"{name}.npz", "--plot", f"{name}.svg"]
        assert run(*arguments, *QUICK, PYTHONHASHSEED=hash_seed).returncode == 0
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes() != Path("c.npz").read_bytes()
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes() != Path("c.svg").read_bytes()


def test_no_updates_leave_the_initial_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--updates", "0", "--save", "model.npz"]) == 0
    said = summary(capsys.readouterr().out)
    assert said["first loss"].split()[0] == said["final loss"].split()[0]


def test_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    done = run("train", "--updates", "1000")
    lines = done.stderr.splitlines()
    assert len(lines) == 11
    assert all(re.fullmatch(r" *[\d,]+ of 1,000 updates   loss \d\.\d{4}", line) for line in lines)
    assert summary(done.stdout)["final loss"] == lines[-1].split()[-1]


def test_progress_is_a_bar_in_a_terminal() -> None:
    done = run("train", "--updates", "1000", FORCE_COLOR="1", TERM="xterm", COLUMNS="100")
    assert "━" in done.stderr
    assert "1000/1000" in done.stderr


def interrupted(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A run that gets Ctrl-C once it has shown its second line of progress."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    shown = process.stderr.readline() + process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, shown + err)


@pytest.mark.usefixtures("unchecked_shapes")
def test_ctrl_c_keeps_the_last_complete_state() -> None:
    done = interrupted("train", "--updates", "200000", "--save", "model.npz", "--plot", "run.svg")
    assert done.returncode == 130
    last = done.stderr.splitlines()[-1]
    said = re.fullmatch(
        r"netcode: stopped by Ctrl-C after ([\d,]+) updates; "
        r"the network as it was then is saved in model\.npz",
        last,
    )
    assert said is not None
    assert "Traceback" not in done.stderr
    assert files() == ["model.npz", "run.svg"]
    # What was saved is exactly the state after so many updates.
    updates = int(said[1].replace(",", ""))
    assert 20_000 < updates < 200_000
    main(["train", "--updates", str(updates), "--save", "again.npz"])
    assert Path("again.npz").read_bytes() == Path("model.npz").read_bytes()


@pytest.fixture
def _ctrl_c_works() -> Iterator[None]:
    """A test may itself run where Ctrl-C is switched off, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_works")
def test_ctrl_c_while_saving_lets_the_save_end_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def replace_interrupted(*paths: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        replace(*paths)

    monkeypatch.setattr(os, "replace", replace_interrupted)
    assert main(["train", "--save", "model.npz", *QUICK]) == 130
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert "saved in model.npz" in capsys.readouterr().err
    assert files() == ["model.npz"]
    assert model_file.load(Path("model.npz")).classes.tolist() == [0, 1, 2]


@pytest.mark.usefixtures("_ctrl_c_works")
def test_a_second_ctrl_c_ends_the_program_at_once() -> None:
    with Interrupt() as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("_ctrl_c_works")
def test_ctrl_c_is_as_before_after_a_training() -> None:
    main(["train", *QUICK])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("_ctrl_c_works")
def test_ctrl_c_that_is_switched_off_stays_so() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Interrupt() as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert not interrupt.asked
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_labels_of_a_file_are_compared_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    write("numbers.csv", "-1,0\n1,1\n-2,0\n2,1\n")
    main(["train", "--data", "numbers.csv", "--save", "model.npz"])
    capsys.readouterr()
    np.savez("words.npz", X=np.array([[-3.0], [3.0]]), y=np.array(["0", "0"]))
    assert main(["predict", "model.npz", "words.npz"]) == 0
    assert capsys.readouterr() == ("0\n1\n", "accuracy 0.5000 (1 of 2)\n")
    write("odd.csv", "-3,0\n3,one\n")
    assert main(["predict", "model.npz", "odd.csv"]) == 2
    assert "odd.csv: example 2 has the label one; the model knows 0, 1" in capsys.readouterr().err


def test_ctrl_c_with_nothing_to_save_says_so() -> None:
    done = interrupted("train", "--updates", "200000")
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1].endswith("nothing is saved")
    assert files() == []


def test_ctrl_c_before_the_training_ends_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("netcode.command_line.train.load_table", stop)
    assert main(["train", "--save", "model.npz"]) == 130
    assert capsys.readouterr().err == "netcode: stopped by Ctrl-C\n"
    assert files() == []


def test_a_save_that_fails_leaves_the_old_model(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["train", "--save", "model.npz", *QUICK])
    before = Path("model.npz").read_bytes()

    def fail(*paths: Any) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    capsys.readouterr()
    assert main(["train", "--seed", "1", "--save", "model.npz", *QUICK]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "netcode: model.npz: no space left on device"
    assert Path("model.npz").read_bytes() == before
    assert files() == ["model.npz"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "expected a command: train, predict, check-gradient or diagnose"),
        (["tran"], "invalid choice: 'tran'"),
        (["train", "--hiden", "3"], "unrecognized arguments: --hiden"),
        (["train", "--hidden", "0"], "argument --hidden: it is 0; expected a whole number from 1"),
        (["train", "--hidden", "64,0"], "argument --hidden: it is 0; expected a whole number from 1"),
        (["train", "--hidden", "64,,3"], "argument --hidden: it is ''; expected a whole number from 1"),
        (["train", "--hidden", "2.5"], "argument --hidden: it is '2.5'; expected a whole number from 1"),
        (["train", "--hidden", "1" + 18 * "0"], "parameters; expected at most 1,000,000,000"),
        (["train", "--updates", "-1"], "argument --updates: it is -1; expected a whole number from 0"),
        (["train", "--updates", "1" + 20 * "0"], "expected a whole number from 0 to 9,223,372,036,854,775,807"),
        (["train", "--updates", 5000 * "1"], "...; expected a whole number from 0"),
        (["train", "--learning-rate", 5000 * "1"], "argument --learning-rate: it is inf; expected a finite number"),
        (["train", "--save", "a\0b"], "argument --save: a name with a NUL byte"),
        (["train", "--data", "/dev/zero"], "/dev/zero: can't be read: it is a device or a pipe"),
        (["train", "--data", "pipe.csv"], "pipe.csv: can't be read: it is a device or a pipe"),
        (["predict", "pipe.csv", "good.csv"], "pipe.csv: can't be read: it is a device or a pipe"),
        (["train", "--save", "/dev/full"], "/dev/full: can't be written: it is a device or a pipe"),
        (["train", "--data", "red\x1b[31m.csv"], r"red\x1b[31m.csv: no such file"),
        (["train", "--batch-size", "0"], "argument --batch-size: it is 0; expected a whole number from 1"),
        (["train", "--seed", "-1"], "argument --seed: it is -1; expected a whole number from 0"),
        (
            ["train", "--learning-rate", "-0.1"],
            "argument --learning-rate: it is -0.1; expected a finite number above 0",
        ),
        (["train", "--learning-rate", "nan"], "argument --learning-rate: it is nan; expected a finite number above 0"),
        (["train", "--lam", "-0.1"], "argument --lam: it is -0.1; expected a finite number from 0"),
        (["train", "--lam", "inf"], "argument --lam: it is inf; expected a finite number from 0"),
        (["train", "--learning-rate", "1e300"], "training diverged: the loss is"),
        (["train", "--data", "none.csv"], "none.csv: no such file"),
        (["train", "--data", "."], ".: is a directory"),
        (["train", "--data", "empty.csv"], "empty.csv: empty"),
        (["train", "--data", "ragged.csv"], "ragged.csv, line 2: 1 columns; expected 2"),
        (["train", "--data", "words.csv"], "words.csv: text in column 'size' (as 'big'); expected numbers (--encode"),
        (["train", "--data", "nan.csv"], "nan.csv: 1 value is missing: column 'size', line 3; --missing drop leaves"),
        (["train", "--data", "ids.csv"], "ids.csv: column 'id' is an id; expected features only: --ignore id leaves"),
        (["train", "--data", "vague.csv"], "vague.csv: no column is plainly the label"),
        (["train", "--data", "vague.csv", "--label", "3"], "vague.csv: has no column '3', which --label names"),
        (["train", "--data", "nan.csv", "--missing", "all"], "argument --missing: invalid choice: 'all'"),
        (["train", "--data", "one.csv"], "all 2 examples have the label a; expected at least two classes"),
        (["train", "--data", "nan.npz"], "nan.npz: X[1, 0] (row 1, column 0, from 0) is nan"),
        (["train", "--data", "short.npz"], "short.npz: can't be read as NPZ: it is truncated or damaged"),
        (["train", "--save", "no/model.npz"], "no/model.npz: can't be written: No such file or directory"),
        (["train", "--save", "."], ".: can't be written: it is a folder"),
        (["train", "--plot", "no/run.svg"], "no/run.svg: can't be written"),
        (["train", "--plot", "run.png"], "run.png: expected a name that ends in .svg"),
        (["train", "--save", "a.svg", "--plot", "a.svg"], "a.svg: named by both --save and --plot"),
        (["train", "--data", "good.csv", "--save", "good.csv"], "good.csv: holds the data"),
        (["predict", "none.npz", "good.csv"], "none.npz: no such file or directory"),
        (["predict", ".", "good.csv"], ".: is a directory"),
        (["predict", "good.csv", "good.csv"], "good.csv: not an NPZ file"),
        (["predict", "nan.npz", "good.csv"], "nan.npz: not a model"),
        (["predict", "short.npz", "good.csv"], "short.npz: can't be read as NPZ: it is truncated or damaged"),
        (["predict", "model.npz", "spiral"], "spiral: 2 features; expected 1"),
        (["predict", "model.npz", "wide.csv"], "wide.csv: 3 columns; expected 1 features, and perhaps their label"),
        (["predict", "model.npz", "other.csv"], "other.csv: example 2 has the label z; the model knows a, b"),
        (["predict", "model.npz", "nan.csv"], "nan.csv: 1 value is missing: column 'size', line 3; use --missing mean"),
        (["train", "--data", "huge.csv"], "huge.csv: the loss is not finite before training; expected smaller"),
        (["check-gradient", "--data", "huge.csv", "--no-standardize"], "huge.csv: the loss is not finite"),
        (["check-gradient", "--data", "one.csv"], "all 2 examples have the label a"),
        (["check-gradient", "--hidden", "0"], "argument --hidden: it is 0"),
    ],
)
def test_bad_input_gets_one_clear_line_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    write("good.csv", "1,a\n2,b\n")
    write("empty.csv", "")
    write("ragged.csv", "1,a\n2\n")
    write("words.csv", "size,class\nbig,a\n")
    write("nan.csv", "size,class\n1,a\nnan,b\n")
    write("ids.csv", "id,size,class\n7,1,a\n9,2,b\n")
    write("vague.csv", "1.5,2.5\n3.5,4.5\n")
    write("one.csv", "1,a\n2,a\n")
    write("wide.csv", "1,2,a\n")
    write("huge.csv", "1.7e308,a\n-1.7e308,b\n-1.7e308,b\n")
    write("other.csv", "1,a\n2,z\n")
    np.savez("nan.npz", X=np.array([[1.0], [np.nan]]), y=np.array([0, 1]))
    os.mkfifo("pipe.csv")
    Path("short.npz").write_bytes(Path("nan.npz").read_bytes()[:-9])
    assert main(["train", "--data", "good.csv", "--save", "model.npz", *QUICK]) == 0
    capsys.readouterr()
    before = contents()
    extra = ["--save", "new.npz"] if arguments[:1] == ["train"] and "--save" not in arguments else []

    assert main(arguments + extra) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    *progress, line = printed.err.splitlines()
    assert complaint in line
    assert line.startswith("netcode: ")
    assert all("updates   loss" in shown for shown in progress)
    assert contents() == before


def checked(text: str) -> dict[tuple[str, str], list[str]]:
    """The lines of a gradient check's table, by method and gradient: numbers and verdict."""
    rows: dict[tuple[str, str], list[str]] = {}
    for line in text.splitlines():
        if line in ("central differences", "complex step"):
            method = line
        elif line.startswith("  d"):
            name, *cells = line.split(maxsplit=6)
            rows[method, name] = cells
    return rows


def test_check_gradient_finds_the_gradient_right_at_the_kinks_of_the_spiral(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check-gradient"]) == 0
    out = capsys.readouterr().out
    assert "spiral: 300 of 300 examples" in out
    assert out.endswith("The gradient is right.\n")
    rows = checked(out)
    assert len(rows) == 8
    assert all(cells[-1] == "right" for cells in rows.values())
    assert [int(rows["complex step", name][0]) for name in ("dW1", "db1", "dW2", "db2")] == [50, 25, 75, 3]
    # The three points at the origin put every hidden unit at its kink, which its bias alone moves.
    assert rows["complex step", "db1"][4] == "25"
    assert max(float(cells[3]) for (method, _), cells in rows.items() if method == "complex step") < 2e-15
    assert max(float(cells[3]) for cells in rows.values()) < 1e-8
    assert "kink of ReLU" in out


def test_check_gradient_takes_any_data(capsys: pytest.CaptureFixture[str]) -> None:
    write_irises()
    assert main(["check-gradient", "--data", "irises.csv", "--hidden", "7", "--lam", "0.5", "--seed", "3"]) == 0
    assert "2 inputs, 7 hidden units, 2 outputs: 37 parameters" in capsys.readouterr().out
    assert main(["check-gradient", "--data", "irises.csv", "--hidden", "4,3"]) == 0
    assert "2 inputs, 4 and 3 hidden units, 2 outputs: 35 parameters" in capsys.readouterr().out
    assert main(["check-gradient", "--data", "digits", "--hidden", "3", "--examples", "50"]) == 0
    assert "digits: 50 of 1,797 examples" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["dW1", "db1", "dW2", "db2"])
def test_check_gradient_finds_a_wrong_gradient(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def wrong(*arguments: Any) -> Backward:
        right = backward(*arguments)
        kind, layer = name[:2], int(name[2:])
        return right._replace(**{kind: {**getattr(right, kind), layer: getattr(right, kind)[layer] * 1.0001}})

    monkeypatch.setattr("netcode.command_line.commands.backward", wrong)
    assert main(["check-gradient"]) == 1
    out = capsys.readouterr().out
    assert out.endswith("The gradient is wrong.\n")
    for (_, gradient), cells in checked(out).items():
        assert cells[5].startswith("wrong: " if gradient == name else "right")


def test_an_output_that_cannot_be_written_is_refused_before_any_training(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--updates", "1000000000000", "--save", "no/model.npz"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("package", "arguments", "command"),
    [
        ("sklearn", ["--data", "digits"], "pip install 'checked-backprop[digits]'"),
        ("matplotlib", ["--plot", "run.svg"], "pip install 'checked-backprop[plot]'"),
    ],
)
def test_a_missing_extra_is_named_before_any_training(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    arguments: list[str],
    command: str,
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["train", *arguments, "--save", "model.npz"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(command)
    assert files() == []


@pytest.mark.parametrize(
    "option",
    [
        "--batch-size 5",
        "--resume",
        "--plot a.svg",
        "--test-size 0.2",
        "--report",
        "--label y",
        "--ignore id",
        "--ignore none",
        "--missing mean",
        "--missing drop",
        "--encode",
    ],
)
def test_what_workers_do_not_do_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = option.split()
    assert main(["train", "--scheduler", "tcp://127.0.0.1:1", "--save", "model.npz", *words]) == 2
    message = f"netcode: {words[0]} can't be used with --scheduler; expected no such option\n"
    assert capsys.readouterr().err == message
    assert files() == []


def test_errors_reach_the_shell_as_one_line_and_status_2() -> None:
    done = run("train", "--data", "none.csv")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "netcode: none.csv: no such file (expected a CSV or NPZ file, or spiral or digits)"
    ]


def test_an_error_of_ours_is_not_dressed_up_as_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> NoReturn:
        raise ValueError("a bug")

    monkeypatch.setattr("netcode.command_line.task.initialize", fail)
    with pytest.raises(ValueError, match="a bug"):
        main(["train", *QUICK])


def test_a_reader_that_stops_early_is_no_error() -> None:
    main(["train", "--save", "model.npz", *QUICK])
    np.savez("many.npz", X=np.zeros((100_000, 2)))
    process = subprocess.Popen(
        [sys.executable, "-m", "netcode", "predict", "model.npz", "many.npz"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


def test_help_names_every_command_and_default(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in [
        ([], ["train", "predict", "check-gradient"]),
        (
            ["train"],
            ["--data", "--hidden", "--learning-rate", "--lam", "--updates", "--batch-size", "--save", "--plot"],
        ),
        (["predict"], ["--proba", "labels"]),
        (["check-gradient"], ["--data", "--hidden", "--lam", "--seed"]),
    ]:
        with pytest.raises(SystemExit) as stopped:
            main([*arguments, "--help"])
        assert stopped.value.code == 0
        text = capsys.readouterr().out
        assert all(word in text for word in words)
