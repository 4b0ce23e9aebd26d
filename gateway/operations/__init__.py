"""The rows of the table of operations, service by service."""
