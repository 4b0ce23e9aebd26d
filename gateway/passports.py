"""Passports: the gateway vouches for a caller to one service, for seconds."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.kit.callers import Caller, passport_for
from services.kit.tokens import Claims, Signer, Verifier

LIFE: Final = timedelta(seconds=30)
KEPT: Final = 10.0  # seconds for which one passport serves again
MOST: Final = 4096

Place = tuple[Caller, str]


class Passports:
    """Signs passports, and keeps each for some seconds."""

    def __init__(self, key: str) -> None:
        self._signer = Signer.of(key)
        self._kept: dict[Place, tuple[float, str]] = {}
        self.public: str = self._signer.key.public_key().to_pem().decode()

    def passport(self, caller: Caller, service: str, most: frozenset[str]) -> str:
        """Vouch for a caller to a service, with its permissions out of `most`."""
        now = time.monotonic()
        kept = self._kept.get((caller, service))
        if kept is not None and now < kept[0]:
            return kept[1]
        if len(self._kept) >= MOST:
            self._kept.clear()
        shown = replace(caller, permissions=caller.permissions & most)
        signed = self._signer.sign(shown.claims(), passport_for(service), LIFE)
        self._kept[caller, service] = (now + KEPT, signed)
        return signed

    def read(self, passport: str, service: str) -> Claims:
        """Give the claims of a passport that was made for this service."""
        return Verifier.of(self.public, passport_for(service)).read(passport)

    def forget(self) -> None:
        self._kept.clear()
