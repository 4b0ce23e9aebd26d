"""Reviews: what people judge of pairs, one by one, and take back."""
