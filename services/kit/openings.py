"""The root of many openings: it commits to whose they were, and names nobody."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID


def merkle_root(subjects: Sequence[UUID]) -> bytes:
    """Commit to a set of subjects, in the order of their ids, as RFC 9162 hashes it."""
    level = [sha256(b"\x00" + subject.bytes).digest() for subject in sorted(subjects)]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0] if level else sha256().digest()
