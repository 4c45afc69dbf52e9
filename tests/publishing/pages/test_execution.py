"""Scripts among the pages are executed, fail aloud, and show no output that is no longer true."""

from __future__ import annotations

from tests.publishing.conftest import Project

PAGE = """
    # %% [markdown]
    # # Training

    # %%
    import netcode
    print("the loss is", netcode.LOSS)
"""


def test_a_page_shows_what_its_cells_print(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    assert "the loss is 1.5" in project.page("training")


def test_a_failing_cell_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", PAGE + "\n    # %%\n    assert netcode.LOSS == 2, 'too much loss'\n")
    message = project.failure()
    assert "training.py: cell 3, which begins with `assert netcode.LOSS == 2" in message
    assert "AssertionError: too much loss" in message


def test_every_failing_page_is_named(project: Project) -> None:
    project.write("docs/one.py", "# %%\n1 / 0")
    project.write("docs/two.py", "# %%\nundefined")
    message = project.failure()
    assert "one.py: cell 1" in message
    assert "two.py: cell 1" in message


def test_no_tag_lets_a_failing_cell_pass(project: Project) -> None:
    project.write("docs/training.py", '# %% tags=["raises-exception"]\n1 / 0')
    assert "ZeroDivisionError" in project.failure()


def test_a_kernel_that_dies_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", "# %%\nimport os\nos._exit(1)")
    assert "training.py: cell 1, which begins with `import os`, failed" in project.failure()


def test_a_warning_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", "# %%\nimport warnings\nwarnings.warn('beware')")
    message = project.failure()
    assert "training.py: cell 1: nothing may be written to stderr" in message
    assert "beware" in message


def test_a_changed_module_leaves_no_stale_output(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    assert "the loss is 1.5" in project.page("training")
    project.write("netcode/__init__.py", "from netcode.constants import LOSS")
    project.write("netcode/constants.py", "LOSS = 2.5")
    assert "the loss is 2.5" in project.page("training")
    project.write("netcode/constants.py", "LOSS = 3.5")
    assert "the loss is 3.5" in project.page("training")


def test_a_changed_module_that_breaks_an_unchanged_page_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    project.page("training")
    project.write("netcode/__init__.py", "")
    assert "AttributeError" in project.failure()


def test_changed_data_leaves_no_stale_output(project: Project) -> None:
    project.write("docs/training.py", "# %%\nprint(open('spiral.csv').read())")
    project.write("docs/spiral.csv", "1,2,3")
    assert "1,2,3" in project.page("training")
    project.write("docs/spiral.csv", "4,5,6")
    assert "4,5,6" in project.page("training")


def test_outputs_of_files_that_change_meanwhile_are_not_kept(project: Project) -> None:
    netcode = project.root / "netcode" / "__init__.py"
    project.write("docs/training.py", f"# %%\nwith open({str(netcode)!r}, 'w') as file:\n    file.write('LOSS = 2')")
    assert "files changed while the site was built" in project.failure()
    page = project.root / "docs" / "training.py"
    project.write("docs/training.py", f"# %%\nwith open({str(page)!r}, 'w') as file:\n    file.write('1')")
    assert "training.py: changed while it was executed" in project.failure()
    assert not (project.root / ".cache" / "pages").exists()


def test_an_unchanged_page_is_executed_once(project: Project) -> None:
    log = project.root / "executions.log"
    cell = f"# %%\nwith open({str(log)!r}, 'a') as log:\n    print('once', file=log)"
    project.write("docs/training.py", cell)
    project.write("docs/other.py", "# %%\nprint(1)")
    project.page("training")
    project.write("docs/other.py", "# %%\nprint(2)")
    project.page("training")
    assert log.read_text(encoding="utf-8") == "once\n"
    assert len(list((project.root / ".cache" / "pages").iterdir())) == 2, "outputs of pages that are no more are kept"


def test_a_page_whose_prose_alone_has_changed_is_not_executed_again(project: Project) -> None:
    log = project.root / "executions.log"
    cell = f"# %%\nwith open({str(log)!r}, 'a') as log:\n    print('once', file=log)\n1 + 1\n"
    notebooks = []
    for prose in ("Before.", "After.", "Before."):
        project.write("docs/training.py", f"# %% [markdown]\n# {prose}\n\n{cell}")
        page = project.page("training")
        assert prose in page
        assert ">2<" in page
        notebooks.append((project.root / "site" / "downloads" / "training.ipynb").read_bytes())
    assert log.read_text(encoding="utf-8") == "once\n"
    assert notebooks[0] == notebooks[2], "it is the same whether it was executed or kept"
    assert notebooks[0] != notebooks[1]
