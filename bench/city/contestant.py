"""One person's day, from the code on the slip to the receipt, as their browser does it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Protocol

from bench.city.browser import AGENT, JSON, Browser, Page
from bench.city.network import Engine
from bench.city.sender import Sender, cause_of
from bench.city.timetable import ANSWER, SEED, Plan
from bench.city.wire import Answer, get

#: Seconds between heartbeats and the width of their jitter, as in static/js/sitting/connection.js.
BEAT, JITTER = 25.0, 10.0

#: Seconds within which the waiting page tries the network, as in static/js/sitting/ready.js.
TRIES_WITHIN = 8.0

#: Seconds after which somebody presses a button again that did nothing, and after which the page leaves at the deadline.
AGAIN, LEAVES = 5.0, 1.5


class City(Protocol):
    """What everybody shares."""

    @property
    def engine(self) -> Engine:
        """What runs the day."""

    @property
    def keys(self) -> Mapping[str, frozenset[str]]:
        """The right options of questions, by their public ids."""

    def wall_ms(self, moment: float) -> int:
        """``moment`` (from the bell) as scripts count time."""

    def gone(self) -> None:
        """Somebody is through."""


class Contestant:
    """A person with a slip. What happened is left in ``sender``, ``public_id``, ``receipt``, ``state``."""

    __slots__ = (
        "_act", "_form", "_handing_in", "_heard", "_random", "_root", "browser", "city", "code", "deadline", "items", "offline",
        "plan", "public_id", "receipt", "receipt_at", "sender", "state",
    )  # fmt: skip

    def __init__(self, city: City, plan: Plan, code: str) -> None:
        self.city = city
        self.plan = plan
        self.code = code
        self.browser = Browser(city.engine)
        self.state = "away"
        self.offline = False
        self.public_id = ""
        self.receipt = ""
        self.receipt_at = 0
        self.deadline = 0.0
        self.items: list[dict[str, Any]] = []
        self.sender: Sender | None = None
        self._form: tuple[str, dict[str, str]] | None = None
        self._root: dict[str, str] = {}
        self._heard = 0.0
        self._act = 0
        self._handing_in = False
        self._random = Random(f"{SEED}|{plan.number}|answers")
        city.engine.at(plan.sign_in, self._arrive)
        city.engine.at(plan.start, self._press_start)

    # ---- signing in ----

    def _arrive(self) -> None:
        self.state = "signing in"
        self.browser.open("/thi", self._expect(self._arrive, self._type_code))

    def _type_code(self, page: Page) -> bool:
        found = page.form("data-slip-code")
        if found is None:
            return False
        self.browser.submit(found[0], {**found[1], "ma": self.code}, self._expect(self._arrive, self._confirm))
        return True

    def _confirm(self, page: Page) -> bool:
        found = page.form("<form") if page.path == "/thi/xac-nhan" else None
        if found is None:
            return False
        self.browser.submit("/thi/xac-nhan", found[1], self._expect(self._arrive, self._wait))
        return True

    def _wait(self, page: Page) -> bool:
        self._form = page.form("data-start")
        if self._form is None:
            return False
        self.state = "waiting"
        time = page.attribute("data-time")
        if time is not None:
            engine = self.city.engine
            rest = max(0.0, -engine.now())
            moment = engine.now() + self._random.random() * min(TRIES_WITHIN, rest / 2)
            engine.at(moment, lambda: self.browser.open(time, lambda _page: None))
        if self.city.engine.now() >= self.plan.start:
            self._press_start()
        return True

    def _expect(self, again: Callable[[], None], take: Callable[[Page], bool]) -> Callable[[Page | None], None]:
        """Go on with ``take``; a page that is not what it should be (``take`` says False) is a trouble, and tried again."""

        def shown(page: Page | None) -> None:
            if page is not None and page.status == 200 and take(page):
                return
            where = "no answer" if page is None else f"{page.status} at {page.path}"
            self.city.engine.measures.trouble(f"while {self.state}", where)
            self.city.engine.at(self.city.engine.now() + AGAIN, again)

        return shown

    # ---- the bell ----

    def _press_start(self) -> None:
        if self._form is None:
            return  # still signing in: pressed as soon as the waiting page is there
        self.state = "starting"
        path, fields = self._form
        self.browser.submit(path, fields, self._expect(self._press_start, self._started), accept=JSON)

    def _started(self, page: Page) -> bool:
        if page.text.startswith("{"):
            self.browser.open(str(json.loads(page.text)["url"]), self._expect(self._press_start, self._open_sitting))
            return True
        return self._open_sitting(page)

    def _open_sitting(self, page: Page) -> bool:
        self._root = {n: page.attribute(f"data-{n}") or "" for n in ("token", "save", "beat", "paper", "submit", "done")}
        if not self._root["token"]:
            if page.path.startswith("/thi/xong"):  # Start came so late that the time is over
                self.city.engine.measures.trouble("no time was left at Start")
                self._through()
                return True
            return False
        brought = page.data("sheet")
        if brought is not None:
            self._begin(json.loads(brought))
        else:
            self._ask_paper()
        return True

    def _ask_paper(self) -> None:
        engine, asked = self.city.engine, self.city.engine.now()
        headers = f"{AGENT}Authorization: Bearer {self._root['token']}\r\n{self.browser.cookies_line}"

        def done(answer: Answer | None) -> None:
            if answer is not None:
                engine.measures.answered("paper", answer.status, asked, engine.now() - asked)
            if answer is not None and answer.status == 200:
                self._begin(json.loads(answer.body))
                return
            engine.measures.trouble("no paper", "no answer" if answer is None else str(answer.status))
            engine.at(engine.now() + AGAIN, self._ask_paper)

        self.browser.connection.ask(get(self._root["paper"], engine.host, headers), done)

    # ---- the sitting ----

    def _begin(self, paper: dict[str, Any]) -> None:
        self.state = "sitting"
        self.public_id = paper["sitting"]
        self.items = paper["items"]
        self.sender = Sender(self, self._root["save"], self._root["token"], paper["epoch"], paper["next"])
        self.told(paper)
        engine, plan = self.city.engine, self.plan
        self._next_act()
        self._beat_later()
        if plan.outage is not None:
            engine.at(plan.outage[0], self._lose_network)
        if plan.submit is not None:
            engine.at(plan.submit, self._hand_in)
        else:
            engine.at(self.deadline, self._time_over)

    def told(self, body: Mapping[str, Any]) -> None:
        """The server says when the sitting ends."""
        self._heard = self.city.engine.now()
        if body.get("deadline"):
            self.deadline = body["deadline"] / 1000 - self.city.wall_ms(0.0) / 1000
        if self._handing_in and self.sender is not None and not self.sender.queue:
            self._hand_in()

    def _next_act(self) -> None:
        if self._act < len(self.plan.moments):
            self.city.engine.at(self.plan.moments[self._act], self._do)

    def _do(self) -> None:
        plan, number = self.plan, self._act
        self._act += 1
        self._next_act()
        item, sender = plan.items[number], self.sender
        if sender is None or item >= len(self.items):
            return
        question = self.items[item]
        due = max(plan.moments[number], 0.0)
        if plan.acts[number] == ANSWER:
            positions = self._choose(question)
            sender.put("answer", item, question["version"], f"[{','.join(map(str, positions))}]", due)
        else:
            sender.put("display", item, question["version"], "null", max(due, self._begun(number)), patient=number > 0)

    def _begun(self, number: int) -> float:
        """The first question is seen once the paper is there, not when Start was pressed."""
        return self.city.engine.now() if number == 0 else 0.0

    def _choose(self, question: Mapping[str, Any]) -> list[int]:
        options = question["options"]
        if self._random.random() < self.plan.skill:
            right = self.city.keys.get(question["version"], frozenset())
            known = [position for position, option in enumerate(options) if option in right]
            if known:
                return known
        return [self._random.randrange(len(options))]

    def _beat_later(self) -> None:
        """Like the page: when nothing has been heard for about BEAT, as the answer to a save says as much."""
        engine = self.city.engine
        quiet = min(BEAT, engine.now() - self._heard)
        engine.at(engine.now() + BEAT - quiet + (self._random.random() - 0.5) * JITTER, self._beat)

    def _beat(self) -> None:
        sender, engine = self.sender, self.city.engine
        if self.state != "sitting" or sender is None or sender.stopped:
            return
        if self.offline or engine.now() - self._heard <= BEAT - JITTER:
            if self.offline:
                self._heard = max(self._heard, engine.now() - JITTER)
            self._beat_later()
            return
        asked = engine.now()

        def done(answer: Answer | None) -> None:
            if answer is not None:
                engine.measures.answered("heartbeat", answer.status, asked, engine.now() - asked)
            if self.state != "sitting":
                return
            if answer is not None and answer.status == 200:
                self.told(json.loads(answer.body))
                if sender.queue:
                    sender.flush()
            elif answer is not None and answer.status == 409:
                self.refused(cause_of(answer))
            self._heard = max(self._heard, engine.now() - JITTER)
            self._beat_later()

        sender.ask(self._root["beat"], done)

    def _lose_network(self) -> None:
        self.offline = True
        self.browser.connection.cut()
        if self.plan.outage is not None:
            self.city.engine.at(self.plan.outage[1], self._network_back)

    def _network_back(self) -> None:
        self.offline = False
        if self.sender is not None:
            self.sender.renumber_due(self.city.engine.now(), "save after an outage")
            self.sender.flush()

    def refused(self, cause: str) -> None:
        """The server takes nothing more of this page."""
        if self.state != "sitting":
            return
        self.city.engine.measures.trouble("a page was refused", cause)
        self._leave(self._root["done"])

    # ---- the end ----

    def _hand_in(self) -> None:
        sender, engine = self.sender, self.city.engine
        if sender is None or self.state != "sitting":
            return
        if sender.queue:
            self._handing_in = True
            sender.flush()
            return
        self._handing_in = False
        self.state = "handing in"
        asked = engine.now()

        def done(answer: Answer | None) -> None:
            if answer is not None:
                engine.measures.answered("submit", answer.status, asked, engine.now() - asked)
            if answer is not None and answer.status == 200:
                body = json.loads(answer.body)
                self.receipt, self.receipt_at = body["receipt"], self.city.wall_ms(engine.now()) * 1000
                self._leave(body["url"])
                return
            engine.measures.trouble("a submit failed", "no answer" if answer is None else f"{answer.status} {cause_of(answer)}")
            self.state = "sitting"
            if answer is not None and answer.status == 409:
                self._leave(self._root["done"])
            else:
                engine.at(engine.now() + AGAIN, self._hand_in)

        sender.ask(self._root["submit"], done)

    def _time_over(self) -> None:
        """Nobody has pressed the button: the page sends what is left and goes; the server has the rest of the work."""
        if self.sender is not None and self.sender.queue:
            self.sender.flush()
        self.city.engine.at(self.city.engine.now() + LEAVES, lambda: self._leave(self._root["done"]))

    def _leave(self, path: str) -> None:
        self.state = "through"

        def shown(page: Page | None) -> None:
            if page is None or page.status != 200:
                self.city.engine.measures.trouble("no receipt page", "no answer" if page is None else str(page.status))
            self._through()

        self.browser.open(path, shown)

    def _through(self) -> None:
        self.state = "through"
        self.browser.connection.cut()
        self.city.gone()
