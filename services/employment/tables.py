"""The base of every table of employment, and the columns that several of them have."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class Table(SQLModel, registry=registry(metadata=MetaData())):
    """Tables are made by the migrations; the models say how they are read."""


class Own(Table):
    """A row of one agency, which alone sees it unless its table says otherwise."""

    id: UUID
    agency: str


def amount() -> Column[Decimal]:
    return Column(Numeric, nullable=False)


def amount_if_any() -> Column[Decimal]:
    return Column(Numeric)


def codes() -> Column[Any]:
    """Keep a few codes of a closed list or a classification, in their order."""
    return Column(ARRAY(Text), nullable=False)
