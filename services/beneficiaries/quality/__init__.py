"""How good the linkage is, and how its numbers are trained."""
