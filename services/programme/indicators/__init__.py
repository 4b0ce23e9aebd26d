"""Indicators: what the programme set out to do, and what was said of it, by whom."""
