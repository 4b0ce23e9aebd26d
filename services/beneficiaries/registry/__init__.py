"""Registrations: what each agency recorded about somebody, in versions."""
