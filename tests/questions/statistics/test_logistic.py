"""The two-parameter logistic model: a classic data set, simulated people, and what cannot be estimated."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest

from questions.statistics.logistic import LARGEST_SLOPE, Estimate, two_parameter_logistic
from questions.statistics.responses import Score
from tests.questions.statistics import lsat


def simulated(people: int, parameters: Sequence[tuple[float, float]], seed: int, not_reached: float = 0.0) -> list[list[Score]]:
    """Columns of scores of people of normal ability who answer by the model."""
    rng = random.Random(seed)
    abilities = [rng.gauss(0, 1) for _ in range(people)]
    return [
        [
            None if rng.random() < not_reached else int(rng.random() < 1 / (1 + math.exp(-a * (ability - b))))
            for ability in abilities
        ]
        for a, b in parameters
    ]


def sure(estimates: Sequence[Estimate | None]) -> list[Estimate]:
    assert None not in estimates
    return [one for one in estimates if one is not None]


SOME = [(0.6, -1.0), (1.0, -0.3), (1.4, 0.2), (1.8, 0.8), (0.9, 1.5)]


def test_section_6_of_the_lsat_gives_the_published_estimates() -> None:
    # Other programs agree to 0.003 with each other (b of the last item: ltm -3.1236, girth and mirt -3.1259).
    for found, (a, b) in zip(sure(two_parameter_logistic(lsat.items())), lsat.PUBLISHED, strict=True):
        assert found.a == pytest.approx(a, abs=0.005)
        assert found.b == pytest.approx(b, abs=0.005)


def log_likelihood(items: Sequence[Sequence[Score]], parameters: Sequence[Estimate]) -> float:
    """The marginal log-likelihood as the model says it, person by person, by plain summing over 161 abilities."""
    abilities = [-8 + 16 * at / 160 for at in range(161)]
    weights = [math.exp(-(one**2) / 2) / math.sqrt(2 * math.pi) * 16 / 160 for one in abilities]
    chances = [[1 / (1 + math.exp(-a * (one - b))) for one in abilities] for a, b in parameters]
    whole = 0.0
    for scores in zip(*items, strict=True):
        product = list(weights)
        for score, chance in zip(scores, chances, strict=True):
            if score is not None:
                product = [p * (c if score else 1 - c) for p, c in zip(product, chance, strict=True)]
        whole += math.log(math.fsum(product))
    return whole


def test_no_step_in_any_direction_is_more_likely_and_what_was_not_reached_plays_no_part() -> None:
    items = simulated(300, SOME, seed=4, not_reached=0.2)
    found = sure(two_parameter_logistic(items))
    best = log_likelihood(items, found)
    for at, (a, b) in enumerate(found):
        for there in (Estimate(a + 0.02, b), Estimate(a - 0.02, b), Estimate(a, b + 0.02), Estimate(a, b - 0.02)):
            assert log_likelihood(items, [*found[:at], there, *found[at + 1 :]]) < best


def test_many_people_give_back_the_parameters_that_they_answered_by() -> None:
    rng = random.Random(11)
    parameters = [(rng.uniform(0.6, 2.0), rng.gauss(0, 1)) for _ in range(30)]
    found = sure(two_parameter_logistic(simulated(3_000, parameters, seed=12)))
    errors_a = [one.a - a for one, (a, _) in zip(found, parameters, strict=True)]
    errors_b = [one.b - b for one, (_, b) in zip(found, parameters, strict=True)]
    # Standard errors at 3,000 people are some 0.05 to 0.1; a scale that differs by D = 1.7 would be far outside.
    assert math.sqrt(sum(e * e for e in errors_a) / 30) < 0.12
    assert math.sqrt(sum(e * e for e in errors_b) / 30) < 0.12


def test_a_wrong_key_turns_the_slope_and_nothing_else() -> None:
    items = simulated(800, SOME, seed=5)
    right = sure(two_parameter_logistic(items))
    turned = sure(two_parameter_logistic([[None if one is None else 1 - one for one in items[0]], *items[1:]]))
    assert turned[0].a == pytest.approx(-right[0].a, abs=1e-3)
    assert turned[0].b == pytest.approx(right[0].b, abs=1e-3)
    assert [one.a for one in turned[1:]] == pytest.approx([one.a for one in right[1:]], abs=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_more_ability_means_more_right_answers_on_the_whole(seed: int) -> None:
    # Four dull items against two sharp ones: EM begins with the many and would end with the scale upside down.
    parameters = [(0.6, -0.5), (0.6, 0.0), (0.6, 0.5), (0.6, 1.0), (-2.1, 0.0), (-1.8, 0.5)]
    found = sure(two_parameter_logistic(simulated(1_000, parameters, seed)))
    assert sum(one.a for one in found) > 0
    assert all(one.a < 0 for one in found[:4]) and all(one.a > 0 for one in found[4:])


def test_an_item_that_everybody_got_right_or_wrong_has_no_estimate_and_does_not_disturb_the_others() -> None:
    items = simulated(400, SOME, seed=6)
    alone = two_parameter_logistic(items)
    rest: list[Score] = [1 if at % 3 else None for at in range(400)]
    found = two_parameter_logistic([[1] * 400, *items, [0] * 400, rest])
    assert (found[0], found[-2], found[-1]) == (None, None, None)
    assert sure(found[1:-2]) == sure(alone)


def test_an_estimate_that_runs_away_is_none() -> None:
    items = simulated(400, SOME, seed=7)
    twins = two_parameter_logistic([items[2], *items])  # an item and its copy: the better the steeper, without end
    assert (twins[0], twins[3]) == (None, None)
    # Answers that follow the order of people exactly: every slope runs away.
    ladder = [[int(person >= 10 * step) for person in range(60)] for step in range(1, 6)]
    assert two_parameter_logistic(ladder) == [None] * 5


@pytest.mark.parametrize("seed", range(8))
def test_few_people_give_estimates_within_bounds_or_none(seed: int) -> None:
    for one in two_parameter_logistic(simulated(35, SOME, seed)):
        assert one is None or (math.isfinite(one.b) and abs(one.a) < LARGEST_SLOPE)


def test_too_little_to_estimate_from() -> None:
    items = simulated(400, SOME, seed=8)
    assert two_parameter_logistic([]) == []
    assert two_parameter_logistic([[], [], []]) == [None] * 3
    assert two_parameter_logistic([[1], [0], [1]]) == [None] * 3
    assert two_parameter_logistic(items[:2]) == [None] * 2
    assert two_parameter_logistic([column[:29] for column in items]) == [None] * 5
    silent: list[Score] = [None] * 400  # people who answered nothing are no people here
    assert two_parameter_logistic([column[:29] + silent for column in items]) == [None] * 5
    assert two_parameter_logistic([column + silent for column in items]) == two_parameter_logistic(items)


def test_the_order_of_people_does_not_matter() -> None:
    items = simulated(300, SOME, seed=9, not_reached=0.1)
    backwards = two_parameter_logistic([column[::-1] for column in items])
    assert sure(backwards) == sure(two_parameter_logistic(items))
