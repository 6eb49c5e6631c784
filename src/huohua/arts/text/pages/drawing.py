"""A page as a picture."""

from __future__ import annotations

from PIL import Image, ImageDraw

from huohua.arts.text.pages.faces import face_for, has_chinese
from huohua.arts.text.pages.layout import PAPER, Page
from huohua.errors import UsageError

MOST_PIXELS = 60_000_000


def drawn(page: Page, *, scale: int = 2) -> Image.Image:
    """Return a page as a picture with `scale` pixels for each of its own.

    Raises:
        UsageError: the page is too large for a picture.
        MissingDependencyError: the text is Chinese, and no typeface of this system has it.
    """
    if page.width * page.height > MOST_PIXELS:
        raise UsageError("The text is too long for a picture.", advice="Save it as .txt, .md or .svg.")
    if page.width * page.height * scale**2 > MOST_PIXELS:
        scale = 1
    picture = Image.new("RGB", (page.width * scale, page.height * scale), PAPER)
    pen = ImageDraw.Draw(picture)
    for box in page.boxes:
        corners = (box.x, box.y, box.x + box.width, box.y + box.height)
        pen.rounded_rectangle([scale * side for side in corners], radius=3 * scale, fill=box.colour)
    for piece in page.pieces:
        letters = face_for(piece.text, piece.size * scale, chinese=has_chinese(piece.text))
        place = (piece.x * scale, piece.y * scale)
        pen.text(place, piece.text, fill=piece.colour, font=letters, anchor="ls")
    return picture
