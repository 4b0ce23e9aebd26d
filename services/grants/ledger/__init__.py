"""The ledger: every amount that moves, entered twice; the database balances it."""
