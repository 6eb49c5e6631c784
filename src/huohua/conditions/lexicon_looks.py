"""Words for how a picture looks as a whole, and for moods, which are looks together."""

# ruff: noqa: E501 - a table is read best with one entry on a line, however long
from __future__ import annotations

from huohua.conditions.lexicon_entry import Entry, look

LOOK_WORDS: tuple[Entry, ...] = (
    # ── the five scales, both ends ───────────────────────────────────────────────────────────────
    look("light, bright, luminous, brightness, lightness, high key, well lit", "明亮, 亮, 光亮, 亮色, 浅色, 明度, 亮度, 浅, 光明", light=0.8),
    look("dark, dim, shadowy, low key, darkness, deep", "暗, 黑暗, 昏暗, 阴暗, 幽暗, 暗色, 深色, 深, 阴影", light=-0.8),
    look("vivid, saturated, vibrant, intense, saturation, bold", "鲜艳, 艳丽, 浓艳, 浓烈, 饱和, 饱和度, 绚丽, 艳", saturated=0.8),
    look("muted, subdued, dull, desaturated, washed out, faded", "素, 素雅, 清淡, 褪色, 暗淡, 黯淡, 不鲜艳", saturated=-0.8),
    look("contrast, contrasty, contrasting, stark", "对比, 对比度, 反差, 对比强烈, 强烈对比, 对比鲜明, 反差大, 强对比", contrast=0.8),
    look("flat, soft contrast, even", "平淡, 反差小, 对比弱, 柔光", contrast=-0.8),
    look("warm, warmth, hot, warm colour, warm tone, fiery", "暖, 温暖, 暖色, 暖色调, 暖调, 炎热, 热烈, 暖和", warm=0.8),
    look("cold, cool, chilly, cool colour, cool tone, cold tone", "冷, 寒冷, 冷色, 冷色调, 冷调, 清凉, 冰冷, 清冷, 凉爽", warm=-0.8),
    look("detailed, detail, intricate, busy, complex, ornate, textured", "细致, 精细, 细节, 细节丰富, 复杂, 繁复, 密集, 精致", detailed=0.8),
    look("plain, simple, minimal, minimalist, sparse, empty, smooth", "简单, 简洁, 极简, 留白, 空旷, 平滑, 朴素, 简约", detailed=-0.8),
    # ── two scales at once ───────────────────────────────────────────────────────────────────────
    look("pastel, pale", "淡, 淡雅, 粉嫩, 淡淡的, 浅淡, 淡彩", light=0.6, saturated=-0.5),
    look("soft, gentle, delicate", "柔和, 柔软, 温柔, 轻柔", contrast=-0.6, saturated=-0.3),
    look("blurry, blurred, out of focus", "模糊, 虚化", detailed=-0.8, contrast=-0.3),
    look("colourful, colorful, multicoloured, multicolored, rainbow", "多彩, 彩色, 五彩, 五彩缤纷, 五颜六色, 缤纷, 彩虹", saturated=0.8, detailed=0.3),
    look("monochrome, black and white, greyscale, grayscale, sketch", "黑白, 单色, 水墨, 素描", saturated=-1.0),
    look("abstract", "抽象", saturated=0.4, contrast=0.3),
    look("sunny, sunlit, radiant, sunshine, sunlight", "阳光, 晴朗, 明媚, 阳光明媚, 日光, 灿烂", light=0.6, warm=0.4, saturated=0.3),
    look("gloomy, murky, overcast", "阴沉, 阴天, 灰暗", light=-0.5, saturated=-0.5),
    look("hazy, dreamy, ethereal", "朦胧, 梦幻, 飘渺, 梦境", contrast=-0.7, light=0.3),
    look("dramatic, striking, powerful", "戏剧性, 震撼, 强烈", contrast=0.8, saturated=0.3),
    # ── moods ────────────────────────────────────────────────────────────────────────────────────
    look("calm, peaceful, serene, tranquil, quiet", "宁静, 平静, 安静, 恬静, 静谧, 安详, 祥和", detailed=-0.6, contrast=-0.4),
    look("lively, energetic, dynamic", "活泼, 活力, 热闹, 生机勃勃", saturated=0.6, detailed=0.5),
    look("happy, cheerful, joyful", "快乐, 欢快, 喜悦, 开心, 欢乐", light=0.5, saturated=0.5, warm=0.3),
    look("sad, melancholy, melancholic, sombre, somber", "忧郁, 忧伤, 悲伤, 伤感, 阴郁", light=-0.5, saturated=-0.5, warm=-0.3),
    look("mysterious, moody", "神秘", light=-0.7, contrast=0.3),
    look("romantic", "浪漫", warm=0.5, contrast=-0.3),
    look("fresh, crisp", "清新, 清爽", light=0.5, warm=-0.4),
    look("vintage, retro, nostalgic, old", "复古, 怀旧, 古老", warm=0.5, saturated=-0.5),
    look("elegant, refined", "优雅, 典雅, 雅致", saturated=-0.4, detailed=-0.2),
)  # fmt: skip
