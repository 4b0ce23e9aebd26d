"""Payments: reports that release tranches, disbursements, returns, and the closing."""
