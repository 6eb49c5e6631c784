"""Words for things that have a colour and a place: sky above, grass below, a flower in the middle."""

# ruff: noqa: E501 - a table is read best with one entry on a line, however long
from __future__ import annotations

from huohua.conditions.lexicon_entry import Entry, thing

THING_WORDS: tuple[Entry, ...] = (
    # ── above ────────────────────────────────────────────────────────────────────────────────────
    thing("sky, heaven", "天空, 天, 天际, 天上", top={"blue": 0.8}),
    thing("clear sky, cloudless sky", "碧空, 青天, 晴空, 晴天", top={"blue": 0.95}),
    thing("cloud, cloudy, clouded", "云, 云朵, 云彩, 云层, 多云, 彩云", top={"white": 0.8}),
    thing("dark cloud, storm cloud, rain cloud", "乌云, 阴云, 黑云", top={"grey": 0.9}, looks={"light": -0.5}),
    thing("sun", "太阳, 烈日, 日", top={"yellow": 0.6, "white": 0.4}, looks={"light": 0.5, "warm": 0.4}),
    thing("moon, moonlight, moonlit", "月亮, 月光, 月色, 明月, 月夜, 月", top={"black": 0.7}, looks={"light": -0.6, "warm": -0.3}),
    thing("star, starry, starry sky, starry night", "星空, 星星, 繁星, 星夜", top={"black": 0.8, "blue": 0.4}, looks={"light": -0.8}),
    thing("night, midnight, night sky, night time", "夜, 夜晚, 夜色, 黑夜, 夜空, 夜里, 深夜, 晚上", top={"black": 0.9}, looks={"light": -0.9}),
    thing("sunset, sunrise, afterglow, evening glow, sundown", "夕阳, 日落, 落日, 晚霞, 日出, 朝霞, 朝阳, 霞光, 残阳", top={"orange": 0.8, "red": 0.4, "yellow": 0.3}, looks={"warm": 0.8}),
    thing("aurora, northern light", "极光", top={"green": 0.7, "black": 0.4}, looks={"light": -0.6, "saturated": 0.4}),
    thing("dusk, twilight, evening", "黄昏, 傍晚, 暮色, 薄暮", top={"orange": 0.5, "purple": 0.4}, looks={"light": -0.4, "warm": 0.3}),
    thing("dawn, daybreak, morning, early morning", "黎明, 清晨, 破晓, 早晨, 晨曦", top={"pink": 0.4, "orange": 0.3}, looks={"light": 0.3}),
    thing("storm, thunderstorm, tempest", "暴风雨, 风暴, 雷雨, 暴雨", top={"grey": 0.8, "black": 0.4}, looks={"light": -0.6}),
    thing("rain, rainy", "雨, 下雨, 雨天, 烟雨, 细雨", top={"grey": 0.7}, looks={"saturated": -0.4, "contrast": -0.4}),
    # ── all over ─────────────────────────────────────────────────────────────────────────────────
    thing("fog, mist, haze, foggy, misty", "雾, 薄雾, 云雾, 迷雾, 烟雾, 雾气", top={"grey": 0.6, "white": 0.4}, middle={"grey": 0.6}, looks={"contrast": -0.8, "saturated": -0.5}),
    thing("background, backdrop, ground colour", "背景, 底色, 衬底, 底", places="top, bottom"),
    thing("fire, flame, blaze", "火, 火焰, 火光, 烈火, 篝火", middle={"orange": 0.8, "red": 0.5, "yellow": 0.4}, looks={"warm": 0.9, "contrast": 0.4}),
    thing("smoke, smoky", "烟, 浓烟, 炊烟", top={"grey": 0.7}, looks={"contrast": -0.3}),
    # ── below ────────────────────────────────────────────────────────────────────────────────────
    thing("sea, ocean, seaside, wave, seascape", "海, 大海, 海洋, 海面, 海水, 海浪, 波浪, 海上, 海景", bottom={"blue": 0.85}, middle={"blue": 0.5}),
    thing("water, lake, river, pond, stream", "水, 湖, 湖水, 湖泊, 湖面, 河, 河流, 江, 江水, 溪水, 池塘, 水面", bottom={"blue": 0.8}),
    thing("grass, lawn, meadow, pasture, grassland", "草, 草地, 草坪, 草原, 青草, 牧场", bottom={"green": 0.9}),
    thing("field, farmland", "田野, 田地, 田, 原野", bottom={"green": 0.6, "yellow": 0.4}),
    thing("wheat, wheat field, hay, haystack, straw", "麦田, 麦子, 稻田, 稻草, 干草, 草垛", bottom={"yellow": 0.8, "brown": 0.4}),
    thing("snow, snowy, snowfield", "雪, 雪地, 积雪, 下雪, 冰雪, 雪景", bottom={"white": 0.9}, middle={"white": 0.5}, looks={"light": 0.6, "saturated": -0.4, "warm": -0.4}),
    thing("ice, icy, frost, frozen", "冰, 冰块, 霜, 结冰", bottom={"white": 0.6, "blue": 0.5}, looks={"warm": -0.6}),
    thing("sand, beach, dune, sandy", "沙, 沙滩, 海滩, 沙子, 沙丘", bottom={"yellow": 0.6, "brown": 0.6}),
    thing("desert", "沙漠, 大漠, 戈壁", bottom={"yellow": 0.7, "brown": 0.6}, looks={"warm": 0.6}),
    thing("earth, soil, mud, ground, dirt", "土, 泥土, 大地, 土地, 地面, 地上, 泥", bottom={"brown": 0.8}),
    # ── in the middle ────────────────────────────────────────────────────────────────────────────
    thing("flower, blossom, bloom, petal", "花, 花朵, 花卉, 鲜花, 花瓣, 花儿", places="middle"),
    thing("fruit", "水果, 果实, 果子", places="middle"),
    thing("rose", "玫瑰, 玫瑰花, 月季, 蔷薇", middle={"red": 0.6, "pink": 0.5}),
    thing("sunflower", "向日葵", middle={"yellow": 0.9, "brown": 0.4}),
    thing("daisy", "雏菊", middle={"white": 0.7, "yellow": 0.5}),
    thing("tulip, lily", "郁金香, 百合, 百合花", places="middle"),
    thing("dandelion", "蒲公英", middle={"yellow": 0.7}),
    thing("poppy", "罂粟, 虞美人", middle={"red": 0.8}),
    thing("lavender", "薰衣草", middle={"purple": 0.8}, bottom={"purple": 0.5}),
    thing("cherry blossom, sakura, peach blossom", "樱花, 桃花, 杏花", middle={"pink": 0.8}, top={"pink": 0.5}),
    thing("lotus, water lily", "荷花, 莲花, 睡莲", middle={"pink": 0.6, "green": 0.4}),
    thing("chrysanthemum", "菊花", middle={"yellow": 0.7}),
    thing("plum blossom", "梅花", middle={"pink": 0.5, "red": 0.5}),
    thing("peony", "牡丹, 芍药", middle={"pink": 0.7, "red": 0.3}),
    thing("leaf, leaves, foliage, greenery", "叶, 叶子, 树叶, 枝叶", middle={"green": 0.7}),
    thing("tree, bush, shrub", "树, 树木, 大树, 灌木", middle={"green": 0.7}),
    thing("forest, wood, woodland, jungle", "森林, 树林, 丛林, 林, 林间", middle={"green": 0.8}, bottom={"green": 0.6}, looks={"light": -0.3}),
    thing("bamboo", "竹, 竹子, 竹林", middle={"green": 0.8}),
    thing("garden, park", "花园, 公园, 园林", middle={"green": 0.6}, bottom={"green": 0.6}),
    thing("mountain, hill, peak", "山, 山峰, 群山, 山脉, 远山", middle={"grey": 0.4, "green": 0.4}),
    thing("wooded hill", "青山, 翠山", middle={"green": 0.8}),
    thing("rock, stone, cliff", "岩石, 石头, 悬崖, 山石, 石", middle={"grey": 0.7}),
    thing("autumn leaf, autumn leaves, fall colour, maple", "红叶, 枫叶, 秋叶, 枫树, 落叶", middle={"orange": 0.7, "red": 0.6}, looks={"warm": 0.6}),
    thing("blood", "血, 鲜血", middle={"red": 0.8}),
    # ── seasons ──────────────────────────────────────────────────────────────────────────────────
    thing("spring, springtime", "春天, 春, 春日, 春季, 春色", bottom={"green": 0.7}, looks={"light": 0.4}),
    thing("summer, summertime", "夏天, 夏, 夏日, 夏季", top={"blue": 0.5}, bottom={"green": 0.7}, looks={"light": 0.4, "saturated": 0.5}),
    thing("autumn, fall", "秋天, 秋, 秋日, 秋季, 秋色", middle={"orange": 0.6, "brown": 0.4}, looks={"warm": 0.7}),
    thing("winter, wintry", "冬天, 冬, 冬日, 冬季", bottom={"white": 0.7}, looks={"warm": -0.7, "saturated": -0.4}),
)  # fmt: skip
