"""Live cells: a page's code runs in the reader's browser, in Pyodide, with this project's own packages."""
