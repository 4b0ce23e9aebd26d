"""Seekers: who looks for work, and which of them suit a vacancy."""
