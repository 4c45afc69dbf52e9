"""Turns the pages in docs/ into the site. Knows pages and nothing of mathematics."""
