"""What runs in the reader's browser, in Pyodide."""
