"""What a setter should look at: each flag a code, a rule over the figures, and a plain Vietnamese sentence. Pure.

Bounds are this house's, chosen so that a flag is worth the look: below 0.1 a point-biserial is usually called no
discrimination at all, below 0.2 poor (Ebel and Frisbie 1991); 30 people are the least for rough item figures, some
hundreds for the two-parameter model. Flags come from the data alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from questions.statistics.classical import OptionStatistics, Rest

EASY, HARD = 0.95, 0.20
WEAK = 0.10
FEW, FEW_FOR_MODEL = 30, 200
LEAST_CHOSEN, LEAST_SHARE = 2, 0.05


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The figures of one item that flags are told from."""

    n: int
    difficulty: float | None
    discrimination: float | None
    estimated: bool
    """Whether a and b could be estimated."""
    options: Mapping[str, OptionStatistics]
    key: frozenset[str]
    rest: Rest
    same_answer: bool
    """Everybody who reached the item answered alike."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing worth a look."""

    code: str
    meaning: str
    """In Vietnamese, to stand behind the item and a colon."""
    holds: Callable[[ItemFigures], bool]


def stronger_options(item: ItemFigures) -> list[str]:
    """Options outside the key whose choosers do better on the rest of the paper than those who answered right.

    The option with the best choosers comes first. Better means by more than one standard error of the difference of
    the two means: among few people one of three wrong options is ahead by chance more often than not. An option that
    hardly anybody took (fewer than 2 people or 5 %) is left out too. Where nobody was right, every option that enough
    people took counts.
    """
    found = [name for name, option in item.options.items() if name not in item.key and _is_stronger(option, item)]
    return sorted(found, key=lambda name: -(item.options[name].mean_rest or 0))


def _is_stronger(option: OptionStatistics, item: ItemFigures) -> bool:
    if option.mean_rest is None or option.chosen < max(LEAST_CHOSEN, LEAST_SHARE * item.n):
        return False
    if item.rest.mean_of_right is None:
        return True
    error = item.rest.deviation * sqrt(1 / option.chosen + 1 / item.rest.right)
    return option.mean_rest - item.rest.mean_of_right > error


def unused_options(item: ItemFigures) -> list[str]:
    """Options that nobody chose."""
    return [name for name, option in item.options.items() if item.n and not option.chosen]


FLAGS: tuple[Flag, ...] = (
    Flag(
        "key_may_be_wrong",
        "đáp án có thể sai, những người chọn một phương án khác làm các câu còn lại tốt hơn những người chọn đúng đáp án",
        lambda item: bool(stronger_options(item)),
    ),
    Flag(
        "negative_discrimination",
        "phân biệt ngược, người làm bài kém lại đúng câu này nhiều hơn người làm bài tốt; cần xem lại đáp án và câu chữ",
        lambda item: item.discrimination is not None and item.discrimination < 0,
    ),
    Flag(
        "low_discrimination",
        "hầu như không phân biệt được người làm bài tốt với người làm bài kém",
        lambda item: item.discrimination is not None and 0 <= item.discrimination < WEAK,
    ),
    Flag(
        "too_easy",
        "quá dễ, từ 95 % số người làm đến câu này trả lời đúng",
        lambda item: item.difficulty is not None and item.difficulty >= EASY,
    ),
    Flag(
        "too_hard",
        "quá khó, không quá 20 % số người làm đến câu này trả lời đúng",
        lambda item: item.difficulty is not None and item.difficulty <= HARD,
    ),
    Flag("same_answer", "mọi người trả lời câu này như nhau", lambda item: item.same_answer),
    Flag("unused_option", "có phương án không ai chọn", lambda item: bool(unused_options(item))),
    Flag("too_few_people", "dưới 30 người làm đến câu này, các con số chỉ để tham khảo", lambda item: item.n < FEW),
    Flag("no_estimate", "số liệu không đủ để ước lượng a và b", lambda item: not item.estimated),
    Flag(
        "few_for_model",
        "dưới 200 người làm đến câu này, a và b còn dao động nhiều",
        lambda item: item.estimated and item.n < FEW_FOR_MODEL,
    ),
)
"""All flags, in the order in which they are shown: what matters most comes first."""

MEANINGS: Mapping[str, str] = {flag.code: flag.meaning for flag in FLAGS}


def flags_of(item: ItemFigures) -> list[str]:
    """The codes that hold for an item, what matters most first."""
    return [flag.code for flag in FLAGS if flag.holds(item)]
