"""Applications: what a consortium asks of a call, and what becomes of it."""
