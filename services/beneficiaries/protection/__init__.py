"""What protects beneficiaries: keys, consents, disclosures, openings."""
