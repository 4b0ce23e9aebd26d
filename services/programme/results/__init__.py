"""Results: what was entered and what was counted, side by side."""
