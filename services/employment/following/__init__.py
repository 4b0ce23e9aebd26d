"""Following the person: what beneficiaries finds out moves placements along."""
