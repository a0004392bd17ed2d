"""How long 17,000 people take from file to list, and how long any step holds the write lock.

    python bench/people_import.py [PEOPLE] [--url DATABASE_URL]

Makes a database and a workbook of its own in a temporary folder, reads and imports the workbook in this process, then
reads it again (nothing may change), and prints the figures.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import xlsxwriter
from sqlalchemy import event, func, select

from config import Settings
from core.accounts.importing import batches
from core.accounts.importing.models import ImportBatch
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.jobs import run_now
from core.jobs.service import find
from core.organisation.models import Unit
from core.organisation.service import new_unit
from core.web.command_line import migrate
from run import create_app

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Thanh", "Quang", "Ngọc", "Xuân", "Thu", "Hải", "Kim")
GIVEN = ("An", "Bình", "Cường", "Dung", "Hà", "Hải", "Hòa", "Hùng", "Lan", "Mai", "Nam", "Phương", "Quân", "Thủy", "Tú")


class Locks:
    """How long each writing transaction ran from its BEGIN to the end of its COMMIT, in milliseconds."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.used: list[float] = []
        self.last_but_one = (0.0, 0.0)

    def watch(self) -> None:
        """Listen to the engine."""
        started: dict[int, tuple[float, float]] = {}

        @event.listens_for(db.engine, "begin")
        def _begin(connection: object) -> None:
            if connection.get_execution_options().get("writes"):  # type: ignore[attr-defined]
                started[id(connection)] = (time.perf_counter(), time.thread_time())

        @event.listens_for(db.engine, "commit")
        def _commit(connection: object) -> None:
            begun = started.pop(id(connection), None)
            if begun is not None:
                self.times.append(1000 * (time.perf_counter() - begun[0]))
                self.used.append(1000 * (time.thread_time() - begun[1]))

    def line(self) -> str:
        """The median, the 99th of a hundred, and the longest."""
        self.last_but_one = (self.times[-2], self.used[-2]) if len(self.times) > 1 else (0.0, 0.0)
        times = sorted(self.times) or [0.0]
        self.times = []
        return (
            f"{len(times)} transactions, median {times[len(times) // 2]:.1f} ms, "
            f"99 % {times[int(len(times) * 0.99)]:.1f} ms, longest {times[-1]:.1f} ms"
        )


def make_units(communes: int, cells: int) -> list[str]:
    """A city over one district with ``communes`` communes of ``cells`` cells; the cells' paths."""
    with unit_of_work():
        city = new_unit(None, "city", "Hà Nội")
        district = new_unit(city, "district", "Thanh Trì")
    names = []
    for number in range(communes):
        with unit_of_work():
            commune = new_unit(db.session.merge(district), "commune", f"Xã Số {number + 1}")
            for cell in range(cells):
                names.append(new_unit(commune, "cell", f"Chi bộ thôn {cell + 1}").full_name)
    return names


def make_workbook(paths: list[str], people: int) -> bytes:
    """``people`` rows, some with the usual faults."""
    drawn = random.Random(7)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Thí sinh")
        for column, heading in enumerate(("STT", "Họ và tên", "Đơn vị", "Ngày sinh", "Điện thoại", "Chức vụ")):
            sheet.write_string(0, column, heading)
        for row in range(1, people + 1):
            name = f"{drawn.choice(FAMILY)} {drawn.choice(MIDDLE)} {drawn.choice(GIVEN)}"
            unit = paths[row % len(paths)]
            if row % 200 == 0:
                unit = unit.replace("thôn", "thon xóm")
            sheet.write_number(row, 0, row)
            sheet.write_string(row, 1, name.upper() if row % 300 == 0 else name)
            sheet.write_string(row, 2, unit)
            sheet.write_string(row, 3, f"{drawn.randint(1, 28):02}/{drawn.randint(1, 12):02}/{drawn.randint(1950, 1990)}")
            if row % 3 == 0:
                sheet.write_number(row, 4, 912000000 + row)
            else:
                sheet.write_string(row, 4, f"0912{row:06}")
            sheet.write_string(row, 5, "Bí thư chi bộ")
    return target.getvalue()


@contextmanager
def timed(what: str, locks: Locks) -> Iterator[None]:
    """Print how long the block took and what locks it held."""
    locks.times, locks.used = [], []
    start, used = time.perf_counter(), time.process_time()
    yield
    print(f"{what:34} {time.perf_counter() - start:6.2f} s ({time.process_time() - used:5.2f} s CPU)   {locks.line()}")


def work(batch: ImportBatch) -> None:
    """Do the batch's job here."""
    job = find(batch.job_public_id or "")
    assert job is not None
    done = run_now(job.id)
    assert done.state == "done", done.message
    db.session.expire_all()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=17_000)
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder), database_url=given.url, testing=True, rate_limits=False)
        app = create_app(settings)
        migrate(app)
        with app.app_context():
            measure(given.people)
            db.session.remove()
            db.engine.dispose()


def measure(people: int) -> None:
    """From file to list, and once more."""
    locks = Locks()
    paths = make_units(40, 40)
    data = make_workbook(paths, people)
    locks.watch()
    scope = db.session.scalars(select(Unit).where(Unit.level == "district")).one()
    print(f"{people} people, {len(paths)} cells, {len(data) / 1024:.0f} KB, {db.engine.dialect.name}")
    start = time.perf_counter()
    with timed("read", locks):
        token = batches.receive(io.BytesIO(data))
        with unit_of_work():
            batch = batches.open_batch(scope, token, "bench.xlsx")
        work(batch)
    print("   ", batches.counts(batch))
    with timed("preview: counts and groups", locks):
        batches.counts(batch)
        groups = batches.doubt_groups(batch)
    print("   ", {group.kind.code: group.rows for group in groups})
    with timed("accept all phone proposals", locks):
        with unit_of_work():
            batches.accept_all(batch, "phone_number")
        work(batch)
    with timed("import", locks):
        with unit_of_work():
            batches.bring_in(batch)
        work(batch)
    wall, used = locks.last_but_one
    print(f"    the step that shows everybody held the lock {wall:.1f} ms ({used:.1f} ms CPU)")
    print(f"{'everything so far':34} {time.perf_counter() - start:6.2f} s")
    visible = db.session.scalar(select(func.count()).select_from(Person).where(Person.visible))
    print(f"    {visible} people on lists")
    with timed("read the same file again", locks):
        token = batches.receive(io.BytesIO(data))
        with unit_of_work():
            again = batches.open_batch(scope, token, "bench.xlsx")
        work(again)
    print("   ", batches.counts(again))


if __name__ == "__main__":
    main()
