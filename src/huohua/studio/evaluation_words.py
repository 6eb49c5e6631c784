"""The words of an evaluation in English and Chinese; those of all reports are in `report_words.py`.

Messages hold places such as {value}, which `say` fills in. Both tables have the same keys and places.
"""

from __future__ import annotations

from collections.abc import Mapping

from huohua.studio.report_words import WORDS as SHARED
from huohua.studio.report_words import Language

ENGLISH: Mapping[str, str] = {
    # The page.
    "evaluation": "Evaluation",
    "figures": "Figures",
    "figure": "figure",
    "model": "model",
    "floor": "real works",
    "reading": "in plain words",
    "about_table": "Each figure is measured on {works} samples against {works} real works, {draws} times "
    "over different halves; ± is the standard deviation. Beside it stands the same figure for one half of "
    "the real works against the other, which is the best that can be hoped for.",
    "not_measured": "not measured",
    "own": "Figures of this art alone",
    "about_own": "Each stands beside the same figure of real works, and of works that are wrong in a known "
    "way. Where a figure has nearly one value for wrong works and for real ones, it says nothing about what "
    "is wrong with them.",
    "about_scale": "Each line has a scale of its own: real works stand in the middle, and the wrong works "
    "that are farthest from them at its end. The nearer the large dot is to the middle, the better.",
    "own_good": "as near as real works are to one another",
    "own_watch": "farther than real works are from one another",
    "own_trouble": "as far from real works as {foil} is",
    "own_far": "far from real works, on the other side of all wrong ones",
    "own_none": "nothing to measure in these samples",
    "samples": "Samples",
    "real_works": "Real works under the same conditions",
    "most_typical": "Most typical samples",
    "least_typical": "Least typical samples",
    "about_sheets": "None was chosen by hand. The most typical lie deepest among the real works, the least "
    "typical farthest outside.",
    "nearest": "Samples and the works they are most like",
    "about_nearest": "Each sample stands over the real work nearest to it, the most similar pair first, "
    "each work once. Mirrored works count as the same.",
    "about_calibration": "A similarity above {threshold} counts as a copy. Of known near-copies of these "
    "works that finds {found}; of the real works {alarms} are as similar to another one.",
    "kind_flip": "{share} of mirrored crops",
    "kind_crop": "{share} of crops",
    "kind_jpeg": "{share} of compressed copies",
    "kind_grain": "{share} of grainy copies",
    "kind_transposed": "{share} of transposed copies",
    "kind_later": "{share} of copies that begin a bar later",
    "kind_swapped": "{share} of copies whose roles are swapped",
    "kind_changed": "{share} of copies with one note in seven changed",
    "kind_letters": "{share} of copies with a tenth of the letters changed",
    "kind_halves": "{share} of copies with their halves swapped",
    "pair": "{similarity} · {title}",
    "pair_copy": "suspect",
    "by_class": "By {group}",
    "about_classes": "Upright marks are the floor of each. Classes with few works have wide margins.",
    "plots": "Pictures of the figures",
    "map": "Map of works",
    "about_map": "The two directions along which real works differ most ({first} and {second} of their "
    "variance). Where samples leave real works alone, the model does not reach; where they lie outside, "
    "they are unlike any work.",
    "plane": "Likeness and breadth",
    "about_plane": "To the right: more samples lie among the works. Up: more of the works are reached. The "
    "ring is where real works are.",
    "similarities": "Nearest works",
    "about_similarities": "How similar samples are to their nearest real work, and real works to their "
    "nearest other one. Samples that are nearer than works are to one another would be copies.",
    "axis_similarity": "similarity to the nearest work",
    "axis_precision": "precision",
    "axis_map": "first direction",
    "threshold": "copies from here",
    "legend_samples": "samples",
    "legend_works": "real works",
    "legend_model": "model",
    "legend_floor": "real works against each other",
    "how": "How this was measured",
    "limits": "The network saw photographs, so figures on drawings and abstract works are least "
    "trustworthy. They compare models on one data set and cannot be set beside published numbers. A small "
    "copying figure does not prove that nothing was copied. Look at the sheets, and believe your eyes.",
    # Facts.
    "fact_model": "Model",
    "fact_real_works": "Real works",
    "fact_samples": "Samples",
    "fact_extractor": "Measured with",
    "fact_compared": "On each side of a figure",
    "fact_references": "Searched for copies",
    "fact_seed": "Seed",
    "works_of": "{measured} of {works}",
    # Figures.
    "profile": "Figures beside their floors",
    "about_profile": "Bars are the model, upright marks real works, thin lines the standard deviation. What "
    "reaches its mark is as good as can be.",
    "figure_diversity_ratio": "variety",
    "figure_perceptual_ratio": "variety to the eye",
    "figure_within_class_ratio": "variety within a label",
    "figure_precision": "likeness (precision)",
    "figure_recall": "breadth (recall)",
    "figure_density": "depth (density)",
    "figure_coverage": "coverage",
    "figure_kernel": "kernel distance",
    "figure_frechet": "Fréchet distance",
    "figure_repeat_rate": "repeats",
    "figure_copy_rate": "copies",
    "read_none": "Cannot be measured: {reason}",
    "read_distance_good": "As near to the works as two halves of them are to each other.",
    "read_kernel_far": "Farther from the works than chance takes two halves of them: {times} times as far.",
    "read_frechet_far": "{times} times as far from the works as two halves of them are from each other.",
    "read_precision_good": "As many samples lie among the works as works set aside do, as far as this "
    "network sees.",
    "read_precision_low": "{value} of the samples lie among the works, as far as this network sees; of "
    "works set aside {floor}.",
    "read_recall_good": "Samples reach as much of the works as works set aside do.",
    "read_recall_low": "Samples reach {value} of the works; works set aside reach {floor}.",
    "read_density_good": "Samples lie as deep among the works as works do.",
    "read_density_low": "Samples lie at the edge of the works or outside: {share} as deep as works do.",
    "read_density_high": "Samples crowd where works are most alike: {share} as deep as works lie.",
    "read_coverage_good": "As many works have a sample nearby as have another work nearby.",
    "read_coverage_low": "{value} of the works have a sample nearby; {floor} have another work nearby.",
    "read_diversity_ratio_good": "Samples are as varied as the works.",
    "read_diversity_ratio_low": "Samples are less varied than the works: {share} of their variety.",
    "read_diversity_ratio_high": "Samples are more varied than the works ({share}), as noise is.",
    "read_perceptual_ratio_good": "Samples look as different from one another as works do.",
    "read_perceptual_ratio_low": "Samples look more alike than works do: {share} of their difference.",
    "read_perceptual_ratio_high": "Samples look more different than works do ({share}), as noise does.",
    "read_within_class_ratio_good": "Samples of one label are as varied as its works.",
    "read_within_class_ratio_low": "Samples of one label are less varied than its works: {share} of that.",
    "read_within_class_ratio_high": "Samples of one label are more varied than its works ({share}).",
    "read_repeat_rate_good": "Samples repeat one another no more than works do.",
    "read_repeat_rate_bad": "{value} of the samples are as close to another sample as copies are; of works "
    "{floor}.",
    "read_copy_rate_good": "No more samples are close to a work than works are to one another.",
    "read_copy_rate_bad": "{value} of the samples are as close to a work as copies are; of works {floor}.",
    "read_copy_rate_untold": "Cannot be told: these works are so alike that only {power} of known "
    "near-copies would be found.",
    # The verdict.
    "sum_good": "The figures hardly tell samples from works: {likeness} of them lie among the works, and "
    "they are as varied.",
    "sum_like": "{likeness} of the samples lie among the works; of works set aside {floor}.",
    "sum_unlike": "Few samples lie among the works: {likeness}, where of works set aside {floor} do.",
    "sum_unlike_advice": "Train longer: likeness grows with the works shown. The least typical samples show "
    "what is missing.",
    "sum_alike": "Samples look much alike: {share} of the variety of the works.",
    "sum_alike_advice": "The model repeats itself. Train afresh with more weight on variety (mode seeking), "
    "or give it more works.",
    "sum_narrow": "Samples are less varied than the works: {share} of their variety.",
    "sum_narrow_advice": "Train longer, or add works of the kinds that the map shows to be unreached.",
    "sum_wild": "Samples vary more than the works ({share}), as noise does.",
    "sum_wild_advice": "Train longer, until shapes settle.",
    "sum_apart": "As a whole samples are {times} times as far from the works as two halves of them are from "
    "each other.",
    "sum_apart_advice": "Look at the sheets for what all samples share and works do not, such as blur, "
    "grain or a tint.",
    "sum_unreached": "Large parts of the works are not reached: only {value} of them lie among the samples, "
    "where {floor} lie among works set aside.",
    "sum_unreached_advice": "Train longer; if it stays so, look in the map for what is left out, and give "
    "those works labels of their own.",
    "sum_repeats": "The model repeats itself: {value} of the samples are near-copies of another sample, "
    "where {floor} of the works are of another work.",
    "sum_copies": "Copies: {value} of the samples are as close to a work as known near-copies are, where "
    "{floor} of the works are to one another.",
    "sum_copies_advice": "Look at the nearest works before you share anything. More works, more "
    "augmentation or a shorter training help against copying.",
    "sum_untold": "Whether it copies cannot be told here, as the works are too alike.",
    "sum_untold_advice": "Compare the nearest works by eye.",
    "sum_weak_class": "Weakest: {names}.",
    "sum_weak_class_advice": "Give the weakest labels more works, or train longer.",
    "sum_enjoy_advice": "Look at the least typical samples and the nearest works before you use it.",
    "sum_none": "There are too few works or samples for figures.",
    "sum_none_advice": "Look at the sheets, and add works: 8 are the least, 100 are a beginning.",
    # Notes.
    "note_related": "The discriminator that trained this model sees with a close relative of this "
    "extractor, which flatters the figures. Measure with `--extractor vgg16` too.",
    "note_other_data": "The model learnt from “{trained}”, so copies of its training works are looked for "
    "only as far as these are the same.",
    "note_subsample": "Figures are measured on {measured} of {works} works, drawn at random.",
    "note_references": "Samples were compared with {met} of {works} works, drawn at random: a copy of "
    "another would not be found.",
    "note_looked_at": "Copies were looked for among the first {looked} samples.",
    "note_few": "With so few works every figure is mostly chance: read the margins, not the values.",
    "note_unasked": "The model also knows, and was not asked for: {names}.",
    "note_unknown": "The works have labels that the model never learnt: {names}. Works with them are "
    "compared with samples of other labels.",
    "note_unlabelled_model": "The works have labels, but the model learnt without.",
    "note_inception": "Only with the number of samples and the real works of a publication may these "
    "figures be set beside published ones.",
    "note_left_out": "{count} works could not be used; `huohua data show` says why.",
}

CHINESE: Mapping[str, str] = {
    "evaluation": "评估报告",
    "figures": "指标",
    "figure": "指标",
    "model": "模型",
    "floor": "真作之间",
    "reading": "怎么读",
    "about_table": "每项指标用 {works} 件样品对 {works} 件真作测量，换不同的一半重复 {draws} 次；± 为标准"
    "差。旁边是真作的一半对另一半的同一指标，这是能期望的最好结果。",
    "not_measured": "未测量",
    "own": "本门艺术独有的指标",
    "about_own": "每项指标旁边是真作的同一指标，以及按已知方式弄坏的作品的同一指标。若坏作品与真作的值相近，"
    "这项指标就看不出它们坏在哪里。",
    "about_scale": "每一行有自己的尺度：真作在中间，离真作最远的坏作品在一端。大点越靠近中间越好。",
    "own_good": "与真作之间的差别一样近",
    "own_watch": "比真作之间的差别更远",
    "own_trouble": "与“{foil}”一样远离真作",
    "own_far": "远离真作，而且偏向所有坏作品的另一边",
    "own_none": "这些样品里没有可测的东西",
    "samples": "样品",
    "real_works": "相同条件下的真作",
    "most_typical": "最典型的样品",
    "least_typical": "最不典型的样品",
    "about_sheets": "没有一件是人工挑选的。最典型的在真作之中最深，最不典型的离得最远。",
    "nearest": "样品与最像它的真作",
    "about_nearest": "每件样品下面是离它最近的真作，最像的一对排在最前，每件真作只出现一次。镜像算作同一件作"
    "品。",
    "about_calibration": "相似度高于 {threshold} 算作复制。用这些作品的已知近似复制品来试，能找出{found}；真"
    "作之中有 {alarms} 与另一件同样相似。",
    "kind_flip": "镜像裁剪的 {share}",
    "kind_crop": "裁剪的 {share}",
    "kind_jpeg": "压缩的 {share}",
    "kind_grain": "带颗粒的 {share}",
    "kind_transposed": "移调副本的 {share}",
    "kind_later": "晚一小节开始的副本的 {share}",
    "kind_swapped": "互换声部的副本的 {share}",
    "kind_changed": "七个音改一个的副本的 {share}",
    "kind_letters": "改了十分之一文字的副本的 {share}",
    "kind_halves": "前后两半互换的副本的 {share}",
    "pair": "{similarity} · {title}",
    "pair_copy": "可疑",
    "by_class": "按 {group} 分",
    "about_classes": "竖线是各自的真作水平。作品少的类别，误差很大。",
    "plots": "图示",
    "map": "作品地图",
    "about_map": "真作差异最大的两个方向（各占方差的 {first} 和 {second}）。真作周围没有样品，说明模型到不了"
    "那里；样品落在外面，说明它不像任何真作。",
    "plane": "逼真与广度",
    "about_plane": "越靠右，落在真作之中的样品越多；越靠上，触及的真作越多。圆环是真作自身的位置。",
    "similarities": "最近的真作",
    "about_similarities": "样品与最近真作的相似度，以及真作与另一件最近真作的相似度。比真作彼此还要近的样"
    "品，就是复制。",
    "axis_similarity": "与最近真作的相似度",
    "axis_precision": "精确率",
    "axis_map": "第一方向",
    "threshold": "此后为复制",
    "legend_samples": "样品",
    "legend_works": "真作",
    "legend_model": "模型",
    "legend_floor": "真作之间",
    "how": "如何测量",
    "limits": "这个网络学的是照片，所以对线描和抽象作品最不可靠。指标只能比较同一份数据上的模型，不能与论文"
    "中的数字相比。复制的指标小，也不证明没有复制。请看样张，相信自己的眼睛。",
    "fact_model": "模型",
    "fact_real_works": "真作",
    "fact_samples": "样品数",
    "fact_extractor": "测量所用网络",
    "fact_compared": "指标每一方的件数",
    "fact_references": "查找复制的范围",
    "fact_seed": "种子",
    "works_of": "{works} 件中的 {measured} 件",
    "profile": "指标与真作水平",
    "about_profile": "横条是模型，竖线是真作，细线是标准差。到达竖线就是最好。",
    "figure_diversity_ratio": "多样性",
    "figure_perceptual_ratio": "观感多样性",
    "figure_within_class_ratio": "同一标签内的多样性",
    "figure_precision": "逼真度（精确率）",
    "figure_recall": "覆盖面（召回率）",
    "figure_density": "深度（密度）",
    "figure_coverage": "覆盖率",
    "figure_kernel": "核距离",
    "figure_frechet": "弗雷歇距离",
    "figure_repeat_rate": "重复",
    "figure_copy_rate": "复制",
    "read_none": "无法测量：{reason}",
    "read_distance_good": "与真作的距离，同真作两半之间的距离一样近。",
    "read_kernel_far": "比真作两半偶然相差的还远：是其 {times} 倍。",
    "read_frechet_far": "与真作的距离是真作两半之间的 {times} 倍。",
    "read_precision_good": "就这个网络所见，落在真作之中的样品与留出的真作一样多。",
    "read_precision_low": "就这个网络所见，{value} 的样品落在真作之中；留出的真作是 {floor}。",
    "read_recall_good": "样品触及的真作，与留出的真作触及的一样多。",
    "read_recall_low": "样品触及 {value} 的真作；留出的真作触及 {floor}。",
    "read_density_good": "样品在真作之中的深度与真作相同。",
    "read_density_low": "样品在真作的边缘或之外：深度只有真作的 {share}。",
    "read_density_high": "样品挤在真作最相似的地方：深度是真作的 {share}。",
    "read_coverage_good": "身边有样品的真作，与身边有别的真作的一样多。",
    "read_coverage_low": "{value} 的真作身边有样品；{floor} 身边有别的真作。",
    "read_diversity_ratio_good": "样品与真作一样多样。",
    "read_diversity_ratio_low": "样品不如真作多样：只有其 {share}。",
    "read_diversity_ratio_high": "样品比真作变化还大（{share}），像噪声一样。",
    "read_perceptual_ratio_good": "样品彼此看起来的差异，与真作相同。",
    "read_perceptual_ratio_low": "样品比真作更彼此相像：差异只有其 {share}。",
    "read_perceptual_ratio_high": "样品看起来比真作差异还大（{share}），像噪声一样。",
    "read_within_class_ratio_good": "同一标签下，样品与真作一样多样。",
    "read_within_class_ratio_low": "同一标签下，样品不如真作多样：只有其 {share}。",
    "read_within_class_ratio_high": "同一标签下，样品比真作变化还大（{share}）。",
    "read_repeat_rate_good": "样品之间的重复，不比真作之间更多。",
    "read_repeat_rate_bad": "{value} 的样品与另一件样品近得如同复制；真作之间是 {floor}。",
    "read_copy_rate_good": "与真作相近的样品，不比真作之间相近的更多。",
    "read_copy_rate_bad": "{value} 的样品与某件真作近得如同复制；真作之间是 {floor}。",
    "read_copy_rate_untold": "无法判断：这些作品太相像，已知的近似复制品只能找出 {power}。",
    "sum_good": "指标几乎分不出样品与真作：{likeness} 落在真作之中，多样性也相当。",
    "sum_like": "{likeness} 的样品落在真作之中；留出的真作是 {floor}。",
    "sum_unlike": "很少有样品落在真作之中：{likeness}，而留出的真作是 {floor}。",
    "sum_unlike_advice": "继续训练：看过的作品越多，越像。最不典型的样品说明还缺什么。",
    "sum_alike": "样品彼此很像：多样性只有真作的 {share}。",
    "sum_alike_advice": "模型在重复自己。请加大多样性的权重（模式寻求）重新训练，或增加作品。",
    "sum_narrow": "样品不如真作多样：只有其 {share}。",
    "sum_narrow_advice": "继续训练，或增加地图上没有触及的那类作品。",
    "sum_wild": "样品比真作变化还大（{share}），像噪声一样。",
    "sum_wild_advice": "继续训练，直到形状稳定。",
    "sum_apart": "总体上，样品与真作的距离是真作两半之间的 {times} 倍。",
    "sum_apart_advice": "请看样张：有什么是所有样品都有、而真作没有的，例如模糊、颗粒或偏色。",
    "sum_unreached": "大部分真作没有触及：只有 {value} 落在样品之中，而落在留出真作之中的有 {floor}。",
    "sum_unreached_advice": "继续训练；如果仍然如此，看看地图上漏掉了什么，并给那些作品单独的标签。",
    "sum_repeats": "模型在重复自己：{value} 的样品几乎就是另一件样品，而真作之间是 {floor}。",
    "sum_copies": "复制：{value} 的样品与某件真作近得如同已知的复制品，而真作之间只有 {floor}。",
    "sum_copies_advice": "分享之前请先看看最近的真作。增加作品、加强数据增强或缩短训练有助于避免复制。",
    "sum_untold": "是否复制在这里无法判断，因为作品彼此太像。",
    "sum_untold_advice": "请用眼睛比较最近的真作。",
    "sum_weak_class": "最弱：{names}。",
    "sum_weak_class_advice": "给最弱的标签增加作品，或继续训练。",
    "sum_enjoy_advice": "使用之前，请看看最不典型的样品和最近的真作。",
    "sum_none": "作品或样品太少，算不出指标。",
    "sum_none_advice": "请看样张，并增加作品：最少 8 件，100 件才是开始。",
    "note_related": "训练这个模型的判别器所用的网络与这个测量网络是近亲，指标因此偏好。请再用 `--extractor v"
    "gg16` 测一次。",
    "note_other_data": "模型学的是“{trained}”，所以只有当两份数据相同时，才能查出对训练作品的复制。",
    "note_subsample": "指标在随机抽取的 {measured} 件作品上测量，共有 {works} 件。",
    "note_references": "样品与随机抽取的 {met} 件作品比较，共有 {works} 件：对其余作品的复制查不出来。",
    "note_looked_at": "只在前 {looked} 件样品中查找复制。",
    "note_few": "作品这么少，每项指标都主要是偶然：请看误差，不要看数值。",
    "note_unasked": "模型还认识、但没有要求它画的：{names}。",
    "note_unknown": "作品有模型没学过的标签：{names}。这些作品与其他标签的样品比较。",
    "note_unlabelled_model": "作品有标签，但模型训练时没有用标签。",
    "note_inception": "只有样品数和真作都与论文相同，这些指标才能与论文中的数字相比。",
    "note_left_out": "{count} 件作品无法使用；`huohua data show` 会说明原因。",
}

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {**SHARED["en"], **ENGLISH},
    "zh": {**SHARED["zh"], **CHINESE},
}


def say(lang: Language, key: str, **values: object) -> str:
    """Return a message in a language, its places filled in."""
    return WORDS[lang][key].format(**values)


def figure_name(lang: Language, name: str) -> str:
    """Return the word for a figure; an unknown one as it is, spaced."""
    return WORDS[lang].get(f"figure_{name}", name.replace("_", " "))
