"""All statistics of one paper from its answers. Pure but for numpy in `logistic`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from questions.statistics import classical
from questions.statistics.classical import OptionStatistics, PaperStatistics
from questions.statistics.flags import ItemFigures, flags_of, stronger_options, unused_options
from questions.statistics.logistic import Estimate, two_parameter_logistic
from questions.statistics.responses import ItemResponses, Responses

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item. Shares are 0 to 1; None is what the data do not define."""

    id: str
    n: int
    difficulty: float | None
    discrimination: float | None
    upper_lower: float | None
    estimate: Estimate | None
    options: dict[str, OptionStatistics]
    key: frozenset[str]
    flags: list[str]
    stronger: list[str]
    """Options outside the key that better people chose, see `flags.stronger_options`."""
    unused: list[str]
    """Options that nobody chose."""

    def as_json(self) -> dict[str, Any]:
        """The item in the contract's words."""
        return {
            "id": self.id,
            "n": self.n,
            "difficulty": _rounded(self.difficulty),
            "discrimination": _rounded(self.discrimination),
            "upper_lower": _rounded(self.upper_lower),
            "a": _rounded(self.estimate.a) if self.estimate else None,
            "b": _rounded(self.estimate.b) if self.estimate else None,
            "options": {
                name: {"share": _rounded(option.share), "mean_rest": _rounded(option.mean_rest)}
                for name, option in self.options.items()
            },
            "flags": self.flags,
        }


@dataclass(frozen=True, slots=True)
class Statistics:
    """Every item, in the order of the paper, and the paper as a whole."""

    items: list[ItemStatistics]
    paper: PaperStatistics

    def as_json(self) -> dict[str, Any]:
        """The document of the contract: numbers with six decimals, null for what is not defined."""
        paper = self.paper
        return {
            "items": [item.as_json() for item in self.items],
            "paper": {
                "n": paper.n,
                "items": paper.items,
                "mean": _rounded(paper.mean),
                "sd": _rounded(paper.sd),
                "alpha": _rounded(paper.alpha),
                "sem": _rounded(paper.sem),
            },
        }


def analyse(responses: Responses) -> Statistics:
    """Classical figures, estimates of the logistic model and flags of every item; the paper's reliability."""
    total = classical.totals(responses)
    weights = classical.group_weights(total)
    estimates = two_parameter_logistic([item.scores for item in responses.items])
    items = [
        _item(item, total, estimate, classical.upper_lower(item, total, weights))
        for item, estimate in zip(responses.items, estimates, strict=True)
    ]
    return Statistics(items, classical.paper(responses, total))


def _item(item: ItemResponses, total: Sequence[int], estimate: Estimate | None, upper_lower: float | None) -> ItemStatistics:
    answers = set(item.scores if item.choices is None else item.choices) - {None}
    figures = ItemFigures(
        n=sum(score is not None for score in item.scores),
        difficulty=classical.difficulty(item),
        discrimination=classical.discrimination(item, total),
        estimated=estimate is not None,
        options=(options := classical.options(item, total)),
        key=item.key,
        rest=classical.rest_of_right(item, total),
        same_answer=len(answers) == 1,
    )
    return ItemStatistics(
        id=item.id,
        n=figures.n,
        difficulty=figures.difficulty,
        discrimination=figures.discrimination,
        upper_lower=upper_lower,
        estimate=estimate,
        options=options,
        key=item.key,
        flags=flags_of(figures),
        stronger=stronger_options(figures),
        unused=unused_options(figures),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS) + 0.0  # no minus before a zero
