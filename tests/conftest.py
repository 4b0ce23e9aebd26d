"""What every test may ask for: fresh databases, and spans that are kept to be searched.

Rings: rules need nothing; slices and the gateway need Postgres, which the suite starts
itself; system tests need the whole house as real processes.
"""

pytest_plugins = ["tests.databases", "tests.watch"]
