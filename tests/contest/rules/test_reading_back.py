"""The rules in plain Vietnamese, as somebody reads them before Start."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from contest.rules.criteria import CRITERIA
from contest.rules.document import (
    AttemptRules,
    BlueprintCell,
    ContestRules,
    Publication,
    QuizPart,
    RoundRules,
    ShowRules,
)
from contest.rules.reading_back import WindowTold, read_back, read_back_round

ROUND = RoundRules("v1", "Vòng 1", 45, instructions="Mang theo thẻ đảng viên.\n\nGiữ trật tự.", parts=(
    QuizPart(blueprint=(BlueprintCell(count=20), BlueprintCell(topic="Điều lệ", count=10)),
             points_per_question=Decimal("0.5")),))
CONTEST = ContestRules(title="Hội thi", rounds=(ROUND,))
MORNING = WindowTold(datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 2, tzinfo=UTC), "huyện Thanh Trì")
NIGHT = WindowTold(datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 24, 18, tzinfo=UTC))


def told(one: RoundRules, contest: ContestRules = CONTEST, *windows: WindowTold) -> dict[str, str]:
    return {section.title: "\n".join(section.sentences) for section in read_back_round(contest, one, windows)}


def test_it_says_how_many_questions_and_points() -> None:
    assert "Đề có 30 câu hỏi trắc nghiệm, mỗi câu 0,5 điểm; điểm tối đa là 15." in told(ROUND)["Bài thi"]


def test_windows_are_told_in_hanoi_time() -> None:
    said = told(ROUND, CONTEST, NIGHT, MORNING)["Thời gian thi"].splitlines()
    assert said[1] == "Ca thi của huyện Thanh Trì: từ 08:00 đến 09:00 ngày 24/11/2026."
    assert said[2] == "Ca thi: từ 23:00 ngày 24/11/2026 đến 01:00 ngày 25/11/2026."


def test_it_says_whether_a_sitting_may_run_past_its_window() -> None:
    assert "Ca thi đóng thì bài thi cũng kết thúc." in told(ROUND)["Thời gian thi"]
    assert "vẫn được làm đủ 45 phút" in told(replace(ROUND, finish_after_window=True))["Thời gian thi"]


def test_it_says_what_happens_at_the_deadline() -> None:
    said = told(ROUND)["Lưu và nộp bài"]
    assert "Hết giờ, bài được nộp tự động" in said
    assert "không quá 5 giây" in said and "trong vòng 10 phút" in said
    assert "muộn hơn nữa không được tính" in told(replace(ROUND, late_bound_minutes=0))["Lưu và nộp bài"]
    strict = told(replace(ROUND, grace_seconds=0, late_bound_minutes=0))["Lưu và nộp bài"]
    assert "giây" not in strict and "phút" not in strict


def test_it_defines_the_time_used_whole() -> None:
    said = told(ROUND)["Cách tính thời gian làm bài"]
    for part in ("câu hỏi đầu tiên hiện ra", "30 giây", "nhận được lệnh nộp bài", "thay đổi câu trả lời cuối cùng",
                 "tạm dừng không bị tính", "phần lẻ của giây được bỏ", "trang thi đơn giản", "hết thời gian làm bài"):
        assert part in said


def test_it_names_the_criteria_in_their_order_and_the_ties() -> None:
    said = told(ROUND)["Xếp hạng"].splitlines()
    assert said[0] == "Xếp hạng trước hết theo tổng điểm (cao hơn xếp trên)."
    assert said[1] == "Nếu vẫn bằng nhau thì xét thời gian làm bài (ngắn hơn xếp trên)."
    assert "(1, 1, 3)" in said[2]
    assert "(1, 1, 2)" in told(ROUND, replace(CONTEST, ties="1,1,2"))["Xếp hạng"]
    every = told(ROUND, replace(CONTEST, ranking=tuple(kind() for kind in CRITERIA)))["Xếp hạng"].lower()
    assert all(kind.label.lower() in every for kind in CRITERIA)


def test_rounds_are_summed_only_where_there_are_several() -> None:
    assert "tổng kết quả các vòng" not in told(ROUND)["Xếp hạng"]
    assert "tổng kết quả các vòng" in told(ROUND, replace(CONTEST, rounds=(ROUND, ROUND)))["Xếp hạng"]


def test_it_says_what_a_void_question_gives_and_how_many_sittings_there_are() -> None:
    assert "đủ điểm" in told(ROUND)["Khi có câu hỏi bị hủy"]
    assert "1 lượt" in told(ROUND)["Bài thi"]
    assert "tối đa 3 lượt" in told(replace(ROUND, attempts=AttemptRules(limit=3)))["Bài thi"]


def test_it_says_what_is_shown_when() -> None:
    assert "Điểm, đáp án và giải thích: đồng chí xem được sau khi ca thi cuối cùng" in told(ROUND)[
        "Công bố kết quả"]
    show = ShowRules(marks="after_round", answers="after_publication", explanations="never")
    said = told(replace(ROUND, show=show))["Công bố kết quả"]
    assert "Đáp án đúng: đồng chí xem được sau khi ban tổ chức công bố kết quả." in said
    assert "Giải thích và căn cứ không công bố cho thí sinh." in said


def test_it_says_whose_names_become_public() -> None:
    assert "hạng 1 đến hạng 20" in told(ROUND)["Công bố kết quả"]
    everybody = replace(CONTEST, publication=Publication(full_list=True))
    assert "tên của tất cả" in told(ROUND, everybody)["Công bố kết quả"]
    nobody = replace(CONTEST, publication=Publication(leading_places=0, unit_totals=False))
    assert "không nêu tên ai" in told(ROUND, nobody)["Công bố kết quả"]
    assert "đơn vị" not in told(ROUND, nobody)["Công bố kết quả"]


def test_the_organisers_own_words_come_last_and_only_where_there_are_any() -> None:
    assert list(told(ROUND).items())[-1] == ("Dặn dò của ban tổ chức", "Mang theo thẻ đảng viên.\nGiữ trật tự.")
    assert "Dặn dò của ban tổ chức" not in told(replace(ROUND, instructions=" \n"))


def test_the_whole_contest_is_read_back_round_by_round() -> None:
    titles = [section.title for section in read_back(CONTEST)]
    assert titles == ["Vòng thi: Vòng 1", "Cách tính thời gian làm bài", "Xếp hạng", "Công bố kết quả"]
