"""Organisations: who may ask for a grant, as each agency has recorded them."""
