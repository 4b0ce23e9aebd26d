"""Enterprise support: activities and business plans of businesses."""
