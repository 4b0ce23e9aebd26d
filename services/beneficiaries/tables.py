"""The base of every table of beneficiaries: a registry of its own."""

from pydantic import ConfigDict
from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class Table(SQLModel, registry=registry(metadata=MetaData())):
    """Tables are made by the migrations; the models say how they are read."""

    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]
