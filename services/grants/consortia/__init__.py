"""Consortia: organisations that sign terms with one another, each for itself."""
