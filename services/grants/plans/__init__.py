"""Plans: what municipalities and communities have agreed to, for grants to serve."""
