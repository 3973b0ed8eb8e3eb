"""The bodies of requests: what all of them have in common."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field


class Asked(BaseModel):
    """The body of a request; nothing but its fields is taken, and no number that is none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Named(Asked):
    """A name to give, or to find."""

    name: str = Field(max_length=64)


class Switch(Asked):
    """On or off."""

    on: bool


class Version(Asked):
    """A version by its number."""

    number: int = Field(ge=1, le=999_999)


Name = Annotated[str, Path(max_length=64, description="The name of one that there is.")]
Zone = Annotated[int | None, Field(ge=0, le=255, description="A zone's number; without it all.")]
