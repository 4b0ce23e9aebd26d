"""Runs any database's migrations on the connection that deploy.migrate hands over.

The connection is in a transaction already, so all migrations commit together or not.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
