"""How fast, how lean and how accurate: `python -m benchmarks` measures, prints tables, and writes them as JSON.

Each benchmark is a module with a function `run(quick)` that returns a `Result`; `__main__` lists them.
"""
