"""The base of every table of grants: a registry of its own; and who may read a row."""

from sqlalchemy import Column, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class Table(SQLModel, registry=registry(metadata=MetaData())):
    """Tables are made by the migrations; the models say how they are read."""


def readers() -> Column[list[str]]:
    """Keep who may read a row: tenants by their id, organisations by their record's.

    The database holds it against the caller (`readers && (select me())`); rows that
    hang on another follow that one.
    """
    return Column(ARRAY(Text), nullable=False)
