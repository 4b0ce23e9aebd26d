"""Employers: who offers work, as each agency has recorded them."""
