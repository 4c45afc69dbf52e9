"""The book of layers as pages: each is made from an operator's one small file, and from what is derived of it.

- `page`: an operator's page; `index`: the page of all; `cells`: what both are made of
- `cost`: multiplications, counted
- `binding`: all pages at once, each kept until what it is made from changes

A page is a notebook that was never typed: Markdown, and outputs with their provenance, as those that are executed have.

    python -m derivations.book FOLDER
"""
