"""What there is to train on."""

from __future__ import annotations

from fastapi import APIRouter

from huohua.api.entrance import Studio

router = APIRouter(prefix="/datasets", tags=["datasets"])


@router.get("", operation_id="list_datasets")
def listing(studio: Studio) -> list[str]:
    """List the names of the datasets in the studio's folder."""
    return list(studio.datasets())
