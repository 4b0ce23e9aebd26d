"""Linking in memory, as evaluations of the service do it too."""

from services.beneficiaries.quality.matching import (
    Pair,
    Quality,
    candidates,
    findings,
    linked,
    pair,
    pairs_within,
    persons_of,
    queued,
)

__all__ = [
    "Pair",
    "Quality",
    "candidates",
    "findings",
    "linked",
    "pair",
    "pairs_within",
    "persons_of",
    "queued",
]
