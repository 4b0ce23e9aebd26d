"""Wage subsidies: what an award pays towards somebody's wage."""
