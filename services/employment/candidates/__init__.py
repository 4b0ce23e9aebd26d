"""Candidates: what an employer sees of whom the agencies propose to it."""
