"""Trainings: courses, their sessions, and who was there."""
