"""Introductions: an employer is told who it has accepted, for a while."""
