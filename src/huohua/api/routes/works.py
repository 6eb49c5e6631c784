"""Works: made on the spot, listed, looked at, marked and removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from huohua.api.entrance import Studio
from huohua.api.schemas import Artwork, Created, Id, Mark, Page
from huohua.studio.database.gallery import Search
from huohua.studio.make import make
from huohua.studio.orders import AnyCreateOrder

router = APIRouter(prefix="/artworks", tags=["artworks"])

# What a browser may show; everything else is a file to be saved.
MEDIA = {".png": "image/png", ".mid": "audio/midi", ".txt": "text/plain; charset=utf-8"}
Words = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Word = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]


@router.post("", operation_id="create_artworks", status_code=201)
def create(order: AnyCreateOrder, studio: Studio) -> Created:
    """Make a few works now and keep them; order more of them as a job."""
    made = make(order, playroom=studio.playroom, gallery=studio.gallery)
    return Created(
        artworks=[Artwork.of(row) for row in made.rows],
        seed=made.creation.seed,
        understood=list(made.creation.reading.sentences()),
        ignored=list(made.creation.reading.regrets()),
    )


@router.get("", operation_id="list_artworks")
def gallery(
    studio: Studio,
    words: Words = "",
    art: Word = None,
    model: Word = None,
    favourite: bool = False,
    job: Id | None = None,
    before: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """List works, the newest first."""
    search = Search(
        art=art, model=model, words=words, favourite=favourite, job=job, before=before, limit=limit
    )
    rows = studio.gallery.search(search)
    more = rows[-1].number if len(rows) == limit else None
    return Page(artworks=[Artwork.of(row) for row in rows], next=more)


@router.get("/{id}", operation_id="show_artwork")
def show(id: Id, studio: Studio) -> Artwork:
    """Show a work and how it was made."""
    return Artwork.of(studio.gallery.get(id))


@router.get("/{id}/file", operation_id="artwork_file", response_class=FileResponse)
def file(id: Id, studio: Studio) -> FileResponse:
    """Send the file of a work, its recipe inside."""
    row = studio.gallery.get(id)
    kind = MEDIA.get(row.suffix, "application/octet-stream")
    return FileResponse(
        studio.gallery.file(row),
        media_type=kind,
        filename=f"{row.id}{row.suffix}",
        content_disposition_type="inline" if row.suffix in MEDIA else "attachment",
    )


@router.patch("/{id}", operation_id="mark_artwork")
def mark(id: Id, mark: Mark, studio: Studio) -> Artwork:
    """Mark a work as a favourite, or not."""
    return Artwork.of(studio.gallery.mark(id, favourite=mark.favourite))


@router.delete("/{id}", operation_id="remove_artwork", status_code=204)
def remove(id: Id, studio: Studio) -> None:
    """Remove a work and its file for good."""
    studio.gallery.remove(id)
