"""Models that can be used, and what is known about each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from huohua.api.schemas import ModelFacts, ModelSummary
from huohua.studio.models import facts_of, overview, summary

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", operation_id="list_models")
def list_models() -> list[ModelSummary]:
    """List the models, the ones trained here newest first."""
    return [ModelSummary.model_validate(summary(model)) for model in overview().models]


@router.get("/show", operation_id="show_model")
def show_model(name: Annotated[str, Query(min_length=1, max_length=200)]) -> ModelFacts:
    """Show what a model is, what it learnt from, what it understands and what was measured."""
    facts = facts_of(name)
    return ModelFacts(
        name=facts["name"],
        art=facts["art"],
        frame=facts["frame_in_words"],
        bytes=facts["bytes"],
        licence=facts["licence_in_words"],
        weights_sha256=facts["weights_sha256"],
        conditions=facts["conditions"]["groups"],
        trained=facts["trained"],
    )
