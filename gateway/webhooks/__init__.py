"""Webhooks: a client's feeds, posted to where its agency wants them."""
