"""Retention checks: whether the work lasted, three and six months on."""
