"""How the processes come up: the embedded database, its roles, its migrations."""
