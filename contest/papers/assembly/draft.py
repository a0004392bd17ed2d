"""Forms being improved: which item stands in which place, and what moves are allowed. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from contest.papers.assembly.model import Forms, Task, Worth


@dataclass(frozen=True, slots=True)
class Move:
    """Item ``item`` comes to place ``place`` of form ``form``. Where ``other`` names a place of another form, that is
    where it stands, and what it displaces goes there (an exchange); None: nothing else changes (a replacement)."""

    form: int
    place: int
    item: int
    other: tuple[int, int] | None = None


class Draft:
    """A complete set of forms that obeys every rule but, at first, perhaps ``max_shared``; moves keep what is obeyed.

    ``excess``: shared items beyond ``max_shared``, summed over pairs of forms.
    """

    def __init__(self, task: Task, forms: Forms) -> None:
        self.task = task
        self.cell_of = [number for number, cell in enumerate(task.cells) for _ in range(cell.count)]
        """The cell of each place; the same in every form."""
        self.places = [[at for cell in form for at in cell] for form in forms]
        self.place_of: list[dict[int, int]] = [{at: n for n, at in enumerate(form)} for form in self.places]
        self.sums = [sum(task.units[at] for at in form) for form in self.places]
        self.exposure = sum(task.items[at].exposure for form in self.places for at in form)
        self.uses = Counter(at for form in self.places for at in form)
        self._groups = [{task.items[at].enemy_group for at in form} - {""} for form in self.places]
        self.shared = [[len(a.keys() & b.keys()) for b in self.place_of] for a in self.place_of]

    @property
    def spread(self) -> int:
        """Largest minus smallest sum, in units."""
        return max(self.sums) - min(self.sums)

    @property
    def excess(self) -> int:
        """See the class."""
        most = self.task.max_shared
        return sum(max(0, one - most) for n, row in enumerate(self.shared) for one in row[:n])

    @property
    def worth(self) -> Worth:
        """What the forms are worth as they stand."""
        return Worth(self.spread, self.exposure)

    def forms(self) -> Forms:
        """The forms as they stand."""
        found = []
        for form in self.places:
            cells: list[list[int]] = [[] for _cell in self.task.cells]
            for place, at in enumerate(form):
                cells[self.cell_of[place]].append(at)
            found.append(tuple(tuple(sorted(cell)) for cell in cells))
        return tuple(found)

    def allowed(self, move: Move) -> bool:
        """Would the forms still obey the rules? Never true of a move that shares more where `max_shared` is reached."""
        out = self.places[move.form][move.place]
        if not self._may_replace(move.form, out, move.item, self.cell_of[move.place]):
            return False
        if move.other is None:
            return self._may_share(move.form, None, out, move.item)
        form, place = move.other
        if form == move.form or self.places[form][place] != move.item:
            return False
        return (
            self._may_replace(form, move.item, out, self.cell_of[place])
            and self._may_share(move.form, form, out, move.item)
            and self._may_share(form, move.form, move.item, out)
        )

    def _may_replace(self, form: int, out: int, item: int, cell: int) -> bool:
        items = self.task.items
        group = items[item].enemy_group
        return (
            item not in self.place_of[form]
            and cell in self.task.fits[item]
            and (not group or group == items[out].enemy_group or group not in self._groups[form])
        )

    def _may_share(self, form: int, beside: int | None, out: int, item: int) -> bool:
        if self.uses[item] == (0 if beside is None else 1):
            return True
        for other, inside in enumerate(self.place_of):
            if other in (form, beside) or item not in inside:
                continue
            after = self.shared[form][other] + 1 - (out in inside)
            if after > self.task.max_shared and after > self.shared[form][other]:
                return False
        return True

    def make(self, move: Move) -> Move:
        """Makes an allowed move; gives the one that takes it back."""
        out = self.places[move.form][move.place]
        self._put(move.form, move.place, move.item)
        if move.other is not None:
            self._put(*move.other, out)
        return Move(move.form, move.place, out, move.other)

    def _put(self, form: int, place: int, item: int) -> None:
        items, units = self.task.items, self.task.units
        out = self.places[form][place]
        for other, inside in enumerate(self.place_of):
            if other != form:
                change = (item in inside) - (out in inside)
                self.shared[form][other] += change
                self.shared[other][form] += change
        self.places[form][place] = item
        del self.place_of[form][out]
        self.place_of[form][item] = place
        self._groups[form].discard(items[out].enemy_group)
        if items[item].enemy_group:
            self._groups[form].add(items[item].enemy_group)
        self.sums[form] += units[item] - units[out]
        self.exposure += items[item].exposure - items[out].exposure
        self.uses[item] += 1
        self.uses[out] -= 1
