"""Withholdings: organisations that nobody may publish, for their own safety."""
