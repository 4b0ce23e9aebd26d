"""The programme's people, invented: households, and how six offices write of them."""
