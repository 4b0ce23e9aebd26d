"""Assessments: who scores an application, without conflict and unseen by others."""
