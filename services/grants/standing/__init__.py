"""Standing: what agencies have verified of organisations, and what concerns them."""
