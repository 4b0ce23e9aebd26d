"""Placements: who works where and when; nobody in two full-time ones at a time."""
