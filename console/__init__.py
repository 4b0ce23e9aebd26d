"""`uramost`, the command line for admin scripts; it speaks to the gateway alone."""
