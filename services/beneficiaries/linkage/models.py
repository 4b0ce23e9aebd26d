"""Where linkage keeps what it has sealed."""

from uuid import UUID

from services.kit.sealing import Place


def traits_place(registration: UUID) -> Place:
    return Place("trait", "traits", registration)
