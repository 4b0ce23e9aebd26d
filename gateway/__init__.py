"""The only door: authenticates, decides, vouches, forwards and audits every request."""
