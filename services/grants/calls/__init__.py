"""Calls: what an agency offers to fund, by which rules, and until when."""
