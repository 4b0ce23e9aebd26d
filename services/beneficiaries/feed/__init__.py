"""Feeds: what happened to persons, for the services; to registrations, for agencies."""
