"""Forms that ask only for length and layout: free verse, prose and drama, in both languages."""

from __future__ import annotations

from huohua.arts.text.form import Form

OPEN: tuple[Form, ...] = (
    Form(
        name="自由诗",
        language="zh",
        kind="free",
        title="free verse in Chinese",
        aliases=("新诗",),
        fewest=3,
        most=40,
    ),
    Form(name="free-verse", language="en", kind="free", title="free verse", fewest=3, most=40),
    Form(
        name="故事",
        language="zh",
        kind="prose",
        title="a story in Chinese, by characters",
        fewest=40,
        most=2000,
    ),
    Form(
        name="段落",
        language="zh",
        kind="prose",
        title="one paragraph of Chinese prose",
        fewest=20,
        most=400,
    ),
    Form(
        name="tale",
        language="en",
        kind="prose",
        title="a tale of some paragraphs",
        aliases=("fairy-tale", "story"),
        fewest=200,
        most=6000,
    ),
    Form(name="paragraph", language="en", kind="prose", title="one paragraph of prose", fewest=60, most=1200),
    Form(
        name="drama",
        language="en",
        kind="drama",
        title="a scene: SPEAKER: and the lines spoken, turn by turn",
        aliases=("scene",),
        fewest=2,
        most=40,
    ),
    Form(
        name="对白",
        language="zh",
        kind="drama",
        title="a scene in Chinese: 某人： and what is said, turn by turn",
        fewest=2,
        most=40,
    ),
)
