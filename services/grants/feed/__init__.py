"""The feed: what became of the applications and awards that one may read."""
