"""Of IPython, what the pages use of it, and what Matplotlib asks where there is an IPython."""

version_info = (9, 0)


def get_ipython() -> None:
    """There is no shell here."""
