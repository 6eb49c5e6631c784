"""The lexicon of music: which words of English and Chinese ask for which style, mood, tempo or amount.

Controls go from 0, little, to 1, much. A tempo is a factor on what is usual in the style. A style word asks
for the first style of the model in whose name one of its stems stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from huohua.conditions.lexicon_entry import listed


@dataclass(frozen=True, kw_only=True)
class MusicEntry:
    """What some words mean.

    Attributes:
        words: in English and in Chinese.
        controls: amounts of measured controls.
        labels: names by group.
        stems: parts of names of styles.
        tempo: factor on the usual tempo.
        factor: for a modifier, how far it takes what follows from the middle; below 0 to the other side.
    """

    words: tuple[str, ...]
    controls: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    stems: tuple[str, ...] = ()
    tempo: float = 1.0
    factor: float | None = None


def mood(english: str, chinese: str, *, mode: str = "", tempo: float = 1.0, **controls: float) -> MusicEntry:
    """Return a mood or a manner: amounts of controls, perhaps a mode and a tempo."""
    labels = {"mode": mode} if mode else {}
    return MusicEntry(words=listed(english) + listed(chinese), controls=controls, labels=labels, tempo=tempo)


def style(english: str, chinese: str, *, stems: str) -> MusicEntry:
    """Return a style."""
    return MusicEntry(words=listed(english) + listed(chinese), stems=listed(stems))


def metre(english: str, chinese: str, *, name: str, tempo: float = 1.0) -> MusicEntry:
    """Return a dance or a march, which has a metre."""
    return MusicEntry(words=listed(english) + listed(chinese), labels={"metre": name}, tempo=tempo)


def modifier(english: str, chinese: str, factor: float) -> MusicEntry:
    """Return a modifier of the word after it."""
    return MusicEntry(words=listed(english) + listed(chinese), factor=factor)


HIGH, LOW = 0.85, 0.15

ENTRIES: tuple[MusicEntry, ...] = (
    style("jazz, jazzy, bebop, big band", "爵士, 爵士乐", stems="jazz"),
    style("folk, celtic, irish, fiddle tune", "民谣, 民歌, 民乐, 民间音乐", stems="folk"),
    style("pop, pop song, ballad", "流行, 流行乐, 流行歌曲, 情歌", stems="pop"),
    style("chorale, hymn, choir, church", "圣咏, 众赞歌, 赞美诗, 合唱", stems="chorale, jsb, classical"),
    style("quartet, string quartet, strings", "四重奏, 弦乐四重奏, 弦乐", stems="quartet, classical"),
    style("art song, lied, romantic", "艺术歌曲, 浪漫派", stems="lied, classical"),
    style("classical, classic", "古典, 古典音乐", stems="classical, chorale, quartet, lied"),
    style("musical, tin pan alley, old song, standard", "老歌, 音乐剧", stems="popular-song, song"),
    style("drum, percussion, beat, rock, funk", "鼓, 鼓点, 打击乐, 摇滚, 放克", stems="drum"),
    mood("happy, cheerful, bright, joyful, merry, gay", "欢快, 快乐, 欢乐, 明亮, 愉快, 喜悦", mode="major",
         tempo=1.15,
         density=0.65, tension=0.35),
    mood("sad, melancholy, gloomy, mournful, dark", "悲伤, 忧郁, 忧伤, 哀伤, 伤感, 阴暗", mode="minor",
         tempo=0.8,
         density=0.35, tension=0.6),
    mood("major", "大调", mode="major"),
    mood("minor", "小调", mode="minor"),
    mood("calm, peaceful, quiet, gentle, soft, dreamy", "平静, 宁静, 安静, 柔和, 温柔, 梦幻",
         tempo=0.85,
         density=0.25, tension=0.2, complexity=0.25),
    mood("lively, energetic, exciting, wild", "活泼, 热烈, 激动, 激昂, 有活力", tempo=1.2, density=0.75,
         complexity=0.65),
    mood("fast, quick, presto, allegro, rapid", "快, 快速, 快板, 急速", tempo=1.35),
    mood("slow, adagio, largo, lento", "慢, 缓慢, 慢板, 舒缓", tempo=0.7),
    mood("dense, busy, many notes", "密集, 繁忙, 繁密", density=HIGH),
    mood("sparse, sparing, few notes, empty", "稀疏, 疏朗, 空旷", density=LOW),
    mood("complex, intricate, syncopated, rhythmic", "复杂, 切分, 节奏感强", complexity=HIGH),
    mood("simple, plain, easy", "简单, 朴素, 简洁", complexity=LOW),
    mood("full, rich, lush, polyphonic, thick", "丰满, 饱满, 厚重, 丰富, 复调", polyphony=HIGH),
    mood("thin, bare, light", "单薄, 轻盈, 轻", polyphony=LOW),
    mood("high", "高, 高音, 高亢", register=HIGH),
    mood("low, deep", "低, 低音, 低沉, 深沉", register=LOW),
    mood("wide, sweeping", "宽广, 辽阔", range=HIGH),
    mood("narrow", "窄, 狭窄", range=LOW),
    mood("tense, dissonant, harsh, dramatic", "紧张, 不协和, 戏剧性, 刺耳", tension=HIGH),
    mood("consonant, relaxed, sweet, mellow", "协和, 放松, 甜美, 悠扬", tension=LOW),
    mood("repetitive, catchy, minimal", "重复, 上口, 极简", repetition=HIGH),
    mood("varied, changing, free", "多变, 变化, 自由", repetition=LOW),
    mood("swing, swinging, swung, shuffle", "摇摆, 摇曳", swing=0.9),
    mood("straight", "平直", swing=0.0),
    metre("waltz, minuet", "华尔兹, 圆舞曲, 小步舞曲", name="3/4"),
    metre("jig, barcarolle", "吉格, 船歌", name="6/8"),
    metre("march", "进行曲", name="4/4"),
    metre("polka", "波尔卡", name="2/4", tempo=1.1),
    modifier("very, extremely, really, highly", "很, 非常, 十分, 极, 特别", 1.4),
    modifier("slightly, a little, a bit, somewhat, rather", "有点, 有些, 略, 稍, 稍微, 比较", 0.5),
    modifier("not, without, no, less", "不, 没有, 无, 不要", -1.0),
)  # fmt: skip

# Words that ask for nothing.
SMALL_WORDS = frozenset(
    listed(
        "a, an, and, the, of, with, in, at, on, for, to, by, it, is, are, be, music, piece, tune, song, "
        "melody, some, me, please, make, write, compose, 一, 首, 曲, 曲子, 音乐, 的, 和, 与, 在, 用, 请, 写, "
        "作, 个, 段, 点, 且, 又, 而, 歌, 风格, 乐, 调"
    )
)
