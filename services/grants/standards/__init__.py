"""Open standards: awards as 360Giving and IATI read them, organisations from there."""
