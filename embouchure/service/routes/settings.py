"""The settings: what the instrument is started with next time."""

from typing import Annotated, Any

from fastapi import APIRouter, Body

from embouchure.service.stage import Stage
from embouchure.settings import Settings, change_settings, load_settings, validated

router = APIRouter(prefix="/settings", tags=["settings"])


def routes(_: Stage) -> APIRouter:
    """Give the routes, which need no stage."""
    return router


@router.get("")
def show() -> Settings:
    """Show every setting."""
    return load_settings()


@router.put("")
def change(asked: Annotated[dict[str, Any], Body(max_length=40)]) -> Settings:
    """Keep some settings from the next start on; null makes one the usual again."""
    unknown = {name: value for name, value in asked.items() if name not in Settings.model_fields}
    validated(unknown)
    return change_settings(**asked)
