"""Introductions: one organisation is told who one person is, for a while."""
