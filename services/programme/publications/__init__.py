"""Publications: all that one document states, entered at once."""
