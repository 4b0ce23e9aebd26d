"""Grants: the organisations that ask for them; calls and awards build on these."""
