"""Words that ask for nothing alone: degrees, places, joints between words, and words for what is not told.

Source: that a word of degree stretches or shrinks the scale of the word after it is Zadeh 1972, "A
Fuzzy-Set-Theoretic Interpretation of Linguistic Hedges"; the factors are ours.
"""

# ruff: noqa: E501 - a table is read best with one entry on a line, however long
from __future__ import annotations

from huohua.conditions.lexicon_entry import Entry, listed, modifier

MODIFIERS: tuple[Entry, ...] = (
    modifier(
        "very, really, extremely, highly, strongly, super, so, most, totally, deeply, high, strong, more, much, mostly",
        "很, 非常, 十分, 特别, 极, 极其, 格外, 超, 太, 最, 更, 高, 强, 多, 大片, 满",
        on_looks=1.3,
        on_shares=1.3,
    ),
    modifier(
        "slightly, a little, a bit, somewhat, faintly, mildly, subtly, rather, a touch of, a hint of",
        "略, 略微, 稍, 稍微, 有点, 有点儿, 有些, 微, 一点, 一点点, 微微, 几分",
        on_looks=0.5,
        on_shares=0.5,
    ),
    modifier(
        "not, no, without, non, never, without any, free of, isn't, aren't",
        "不, 没, 没有, 无, 非, 不要, 不带, 不是, 别",
        on_looks=-0.8,
        on_shares=0.0,
    ),
    modifier(
        "not very, not too, not so, not really, isn't very",
        "不太, 不很, 不怎么, 不是很, 不特别",
        on_looks=-0.4,
        on_shares=0.3,
    ),
    modifier("low, weak, less, little, few, reduced", "低, 弱, 少, 较少", on_looks=-0.8, on_shares=0.3),
)  # fmt: skip


def _place(places: str, english: str, chinese: str) -> Entry:
    words = listed(english)
    return Entry(name=words[0], kind="place", english=words, chinese=listed(chinese), places=listed(places))


PLACE_WORDS: tuple[Entry, ...] = (
    _place("top", "top, upper, above, overhead, upper part", "上方, 上面, 上部, 顶部, 上边, 上半部, 上"),
    _place("middle", "middle, centre, center, central, in between", "中间, 中央, 中部, 中心"),
    _place("bottom", "bottom, lower, below, beneath, underneath, foreground, lower part", "下方, 下面, 下部, 底部, 下边, 下半部, 下, 前景"),
    _place("top, bottom", "around, edge, border", "四周, 周围, 边缘"),
)  # fmt: skip

# Words that bind others or keep them apart.
AND = Entry(name="and", kind="joint", english=listed("and, plus"), chinese=listed("和, 与, 及, 以及"))
OR = Entry(name="or", kind="joint", english=listed("or, nor"), chinese=listed("或, 或者"))
IS = Entry(name="is", kind="joint", english=listed("is, are, looks"), chinese=listed("是, 为, 呈"))
# A place after one of these is that of the thing before it: "flowers at the bottom". A colour with nothing
# after it is that of the ground: "tulips on black".
AT = Entry(name="at", kind="joint", english=listed("at, in"), chinese=listed("在, 位于"))
ON = Entry(name="on", kind="joint", english=listed("on, against, upon"))
JOINTS: tuple[Entry, ...] = (AND, OR, IS, AT, ON)
GROUND = ("top", "bottom")
STOP_SIGNS = frozenset(",.;!?\n，。；！？")

UNSEEN: tuple[Entry, ...] = (
    Entry(
        name="left",
        kind="unseen",
        english=listed("left, right, left side, right side"),
        chinese=listed("左, 右, 左边, 右边, 左侧, 右侧"),
        reason="left and right are not told apart",
    ),
)

# Words that ask for nothing by themselves, so it is no news that a model does not know them.
SMALL_WORDS = frozenset(
    {"a", "an", "the", "of", "with", "by", "for", "to", "from", "some", "be", "it", "that"}
    | {"two", "three", "my", "me", "please", "make", "draw", "picture", "pictures", "image", "painting"}
    | {"colour", "colours", "color", "colors", "tone", "tones", "shade", "toned", "coloured", "colored"}
    | {"under", "behind", "beside", "near", "between", "among", "across", "through"}
    | {"lots", "full", "there", "this", "photo", "has", "have", "having", "looking", "side", "part", "over"}
    | set("的着有一个张幅了画地得片朵被里朝向带色调图边旁丛儿们间中处内外岸")
)

# Chinese words that begin with a letter which alone would be in the lexicon, and mean something else. They are
# taken whole, so that a train (火车, "fire car") is no fire.
OTHER_WORDS = listed(
    "火车, 火山, 火鸡, 天使, 天鹅, 今天, 明天, 每天, 白天, 海豚, 海鸥, 海报, 海马, 黑板, 金鱼, 水彩, 水母, 花瓶, 花猫, 花生,"
    "草莓, 雪人, 石榴, 石油, 山羊, 月饼, 日本, 日记, 星期, 土豆, 土耳其, 青蛙, 青年, 年青, 黄瓜, 白菜, 绿茶, 红茶, 红酒, 蓝莓,"
    "黑莓, 橙子, 橘子, 冰淇淋, 冬瓜, 西瓜, 南瓜, 竹笋, 血管, 粉丝, 银行, 秋千, 春联, 夏威夷, 强壮, 高楼, 高大, 少女, 少年, 多肉,"
    "微笑, 上午, 下午, 上海, 最后, 超人, 太极, 太空, 别墅, 非洲, 无花果, 沙发, 沙拉, 冷饮, 热气球, 淡水, 暗示, 亮点, 不同, 无人,"
    "和尚, 与众不同, 树懒, 叶公, 林荫, 江南, 河马, 田园, 秋葵, 粉笔, 翠鸟, 灰尘, 紫菜, 红包, 黄油, 绿豆, 棕熊, 黑熊, 白马, 黑马"
)
