"""Words for colours: the eleven basic ones by many names, and mixtures of them."""

# ruff: noqa: E501 - a table is read best with one entry on a line, however long
from __future__ import annotations

from huohua.conditions.lexicon_entry import Entry, colour

COLOUR_WORDS: tuple[Entry, ...] = (
    # ── the basic colours ────────────────────────────────────────────────────────────────────────
    colour("black", "黑, 黑色, 乌黑, 漆黑, 墨色, 墨黑", of={"black": 0.8}),
    colour("grey, gray, ashen, greyish, grayish, slate", "灰, 灰色, 灰白, 银灰", of={"grey": 0.8}),
    colour("white, whitish, snow white, pure white", "白, 白色, 雪白, 洁白, 纯白, 乳白", of={"white": 0.8}),
    colour("red, crimson, scarlet, ruby, vermilion, reddish", "红, 红色, 大红, 鲜红, 朱红, 绯红, 赤红, 赤"),
    colour("orange, amber, tangerine, orange coloured", "橙, 橙色, 橘色, 橘红, 橘黄, 橙红, 橙黄, 琥珀色"),
    colour("yellow, golden, gold, yellowish, lemon yellow", "黄, 黄色, 金黄, 金色, 鹅黄, 明黄, 柠檬黄"),
    colour("green, emerald, greenish, jade green", "绿, 绿色, 翠绿, 碧绿, 草绿, 青绿, 绿油油, 翠"),
    colour("blue, azure, cobalt, sapphire, bluish", "蓝, 蓝色, 湛蓝, 蔚蓝, 宝蓝, 碧蓝, 蓝蓝的"),
    colour("purple, violet, mauve, purplish", "紫, 紫色, 紫罗兰色, 绛紫"),
    colour("pink, rosy, fuchsia, salmon, pinkish, rose coloured", "粉, 粉色, 粉红, 桃红, 玫红, 玫瑰色"),
    colour("brown, tan, chestnut, sepia, brownish, chocolate", "棕, 棕色, 褐, 褐色, 咖啡色, 茶色, 赭, 赭色, 栗色"),
    # ── between two of them ──────────────────────────────────────────────────────────────────────
    colour("turquoise, teal, cyan, aqua, aquamarine", "青, 青色, 蓝绿, 碧, 松石绿, 湖绿", of={"blue": 0.6, "green": 0.6}),
    colour("indigo", "靛, 靛蓝, 靛青, 蓝紫", of={"blue": 0.7, "purple": 0.5}),
    colour("magenta", "品红, 紫红, 洋红", of={"pink": 0.6, "purple": 0.6}),
    colour("beige, cream, ivory, off white", "米色, 米白, 奶油色, 象牙色, 米黄", of={"white": 0.6, "yellow": 0.4}),
    colour("ochre, mustard", "土黄, 赭黄, 芥末黄", of={"yellow": 0.6, "brown": 0.5}),
    colour("silver, silvery", "银, 银色", of={"grey": 0.6, "white": 0.5}),
    colour("coral", "珊瑚色, 珊瑚红", of={"pink": 0.5, "orange": 0.5, "red": 0.3}),
    colour("bronze, copper, rust, rusty", "铜色, 古铜色, 铁锈色", of={"brown": 0.7, "orange": 0.4}),
    # ── light and dark ones ──────────────────────────────────────────────────────────────────────
    colour("navy, navy blue", "深蓝, 藏青, 藏蓝", of={"blue": 0.8}, looks={"light": -0.4}),
    colour("sky blue, baby blue, powder blue", "天蓝, 天蓝色, 浅蓝, 淡蓝", of={"blue": 0.8}, looks={"light": 0.4}),
    colour("maroon, burgundy, wine red", "深红, 暗红, 枣红, 酒红", of={"red": 0.8}, looks={"light": -0.4}),
    colour("olive, forest green, bottle green", "墨绿, 深绿, 橄榄绿", of={"green": 0.8}, looks={"light": -0.4}),
    colour("lime, mint, mint green, apple green", "浅绿, 淡绿, 嫩绿, 薄荷绿", of={"green": 0.8}, looks={"light": 0.3}),
    colour("lilac", "浅紫, 淡紫, 丁香色, 藕荷色", of={"purple": 0.8}, looks={"light": 0.3}),
    colour("charcoal", "深灰, 炭黑, 炭灰", of={"grey": 0.6, "black": 0.5}, looks={"light": -0.5}),
)  # fmt: skip
