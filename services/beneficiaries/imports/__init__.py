"""Registrations that arrive many at once."""
