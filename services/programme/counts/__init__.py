"""Counts: what the services' own events add up to, and how they are read."""
