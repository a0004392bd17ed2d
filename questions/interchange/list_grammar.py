"""Reads a list given as lines: blocks, options, keys, sources, and what is left over.

Shared by Word and text. The order: keys listed apart (a table of keys at the end) are taken out first, then the
list is cut into blocks, each block is read into a draft, keys are decided with the habits of the whole list, and
`regularities` adds what does not fit.
"""

from __future__ import annotations

from questions.interchange.blocks import Block, cut
from questions.interchange.drafts import Draft
from questions.interchange.flat import flat, key_of
from questions.interchange.key_files import KeySource
from questions.interchange.key_lists import KeyList, find_key_lists
from questions.interchange.key_marks import Evidence, gather, usage
from questions.interchange.keys import apply_key_file, apply_key_list, decide, learn_numeric_keys, written_words
from questions.interchange.lines import Line, Piece, joined
from questions.interchange.marks import (
    KeyWords,
    answer_start,
    explanation_start,
    is_citation,
    is_page_number,
    is_reference,
    key_intro,
    key_words,
    letters_alone,
    option_mark,
    tag,
)
from questions.interchange.model import (
    TRUE_FALSE_OPTIONS,
    LineKind,
    ReadProblem,
    ReadQuestion,
    ReadResult,
    SourceLine,
)
from questions.interchange.options import FoundOptions, find_options, usual_style
from questions.interchange.regularities import add_doubts
from questions.interchange.restarts import split_restarts
from questions.interchange.situations import read_without_options
from questions.interchange.tails import (
    Habits,
    doubt_joins,
    read_tail,
    split_inner_key,
    take_key,
    take_key_in_stem,
    take_note_behind_number,
    unwrapped,
    wrap_width,
)
from questions.interchange.unlettered import read_unlettered


def read_lines(lines: list[Line], extra_keys: list[KeyList] | None = None, keys: KeySource | None = None) -> ReadResult:
    """Reads a whole list. `extra_keys`: keys found elsewhere in the same file, such as Word tables."""
    pages = [line for line in lines if is_page_number(line.text)]
    full = [line for line in lines if line.text.strip() and not is_page_number(line.text)]
    if sum(line.after_blank for line in full) > 0.6 * len(full):  # blank lines everywhere part nothing
        for line in full:
            line.after_blank = False
    key_lists, key_lines = find_key_lists(full)
    body = [line for line in full if line.number not in key_lines]
    pieces_cut = cut(body)
    drafts, sections, problems = _drafts(pieces_cut.blocks, body, pieces_cut.preface)
    result = ReadResult(problems=problems)
    for found in [*key_lists, *(extra_keys or [])]:
        scope = [draft for draft in drafts if found.after < draft.block.lines[0] <= found.before]
        lost = apply_key_list(scope or drafts, found.entries, "table")
        _report_lost(result, found, lost)
    if keys is not None:
        add_key_file(result, drafts, keys)
    settle(drafts)
    result.questions = [finished(draft, section) for draft, section in zip(drafts, sections, strict=True)]
    add_doubts(result.questions)
    trailing = drafts[-1].next_section if drafts else []
    result.sections = _section_texts(pieces_cut.preface, drafts)
    result.sections.extend(dict.fromkeys(line.text.strip() for line in pages))
    result.sections.extend(found.title for found in [*key_lists, *(extra_keys or [])] if found.title)
    _explain_lines(result, lines, drafts, key_lines, trailing)
    return result


def _drafts(blocks: list[Block], body: list[Line], preface: list[Line]) -> tuple[list[Draft], list[str], list[ReadProblem]]:
    style = usual_style(piece.line.text[piece.start : piece.end] for block in blocks for piece in block.pieces)
    blocks = split_restarts(blocks, style)
    habits = Habits(wrap_width(body), _bare_keys(blocks), _tagged(blocks, preface), _bracketed(blocks), _lettered(preface))
    drafts: list[Draft] = []
    sections: list[str] = []
    section = _join_section(preface)
    for block in blocks:
        draft = _draft(block, style, habits, "tinh huong" in flat(section))
        drafts.append(draft)
        sections.append(section)
        if draft.next_section:
            section = _join_section(draft.next_section)
    problems: list[ReadProblem] = []
    if not blocks:
        problems = [
            ReadProblem(line.where, line.text.strip(), "Không nhận ra câu hỏi nào ở đây.", line.number) for line in preface
        ]
    read_unlettered(drafts)
    return drafts, sections, problems


def _bare_keys(blocks: list[Block]) -> bool:
    """Whether this list writes its keys as letters alone on a line."""
    alone = sum(any(letters_alone(piece.text) for piece in block.pieces[1:]) for block in blocks)
    return alone >= max(2, 0.5 * len(blocks))


def _tagged(blocks: list[Block], preface: list[Line]) -> bool:
    """Whether each question of this list has its own "Chủ đề: …" behind it; one before the first is a heading."""
    if any(tag(line.text) for line in preface):
        return False
    with_tag = sum(any(tag(piece.text) for piece in block.pieces[1:]) for block in blocks)
    return with_tag >= max(2, 0.6 * len(blocks))


def _lettered(preface: list[Line]) -> str:
    marks = [mark for line in preface if (mark := option_mark(line.text))]
    return marks[-1].style if len(marks) == 1 and marks[0].letter == "A" else ""


def _bracketed(blocks: list[Block]) -> bool:
    """Whether most questions end with a line in brackets, which then is their source."""
    lines = [[piece.text for piece in block.pieces[1:] if unwrapped(piece.text) != piece.text] for block in blocks]
    named = sum(any(is_citation(unwrapped(text)) or is_reference(text) for text in texts) for texts in lines)
    return named >= 2 and sum(map(bool, lines)) >= 0.4 * len(blocks)


def _draft(block: Block, style: str, habits: Habits, in_situations: bool) -> Draft:
    draft = Draft(block, doubts=list(block.doubts))
    limit = _limit(block)
    found = find_options(block.pieces, style, limit)
    early: Piece | None = None
    if not found.options and limit < len(block.pieces):
        found = find_options(block.pieces, style, len(block.pieces))
        if found.options and any(_answers(piece.text) for piece in found.stem[1:]):
            early = _early_key(found)
            if early is None:
                found.options = []
    if not found.options and style and _has_letter_key(block.pieces[limit:]):
        found = find_options(block.pieces, "", limit)
        found.doubts.append("Phương án của câu này viết khác kiểu với các câu khác.")
    if not found.options:
        marked = bool(block.mark and "tinh huong" in flat(block.pieces[0].line.text[: block.pieces[0].start]))
        read_without_options(draft, block.pieces, in_situations or marked)
        return draft
    draft.stem, draft.options = found.stem, found.options
    draft.doubts.extend(found.doubts)
    take_key_in_stem(draft)
    take_note_behind_number(draft)
    if early is not None:
        draft.stem.remove(early)
        take_key(draft, early.text[key_intro(early.text) or 0 :])
    split_inner_key(draft)
    doubt_joins(draft, habits.wrap)
    read_tail(draft, found.tail, habits)
    return draft


def _answers(text: str) -> bool:
    """Whether a line already gives the answer, so that letters behind it are no options."""
    start = key_intro(text)
    if start is None:
        return answer_start(text) is not None
    words = key_words(text[start:])
    return bool(words.letters) or words.truth is not None or bool(words.words.strip())


def _early_key(found: FoundOptions) -> Piece | None:
    """The key line between a stem and its options: letters and nothing else, three options or more behind it."""
    answers = [piece for piece in found.stem[1:] if _answers(piece.text)]
    if len(answers) != 1 or answers[0] is not found.stem[-1] or len(found.options) < 3:
        return None
    words = key_words(answers[0].text[key_intro(answers[0].text) or 0 :])
    return answers[0] if words.letters and not words.rest else None


def _has_letter_key(pieces: list[Piece]) -> bool:
    if not pieces or (start := key_intro(pieces[0].text)) is None:
        return False
    return bool(key_words(pieces[0].text[start:]).letters)


def _limit(block: Block) -> int:
    """Options stand before the first key or explanation."""
    for place, piece in enumerate(block.pieces):
        if place and (key_intro(piece.text) is not None or explanation_start(piece.text) is not None):
            return place
    return len(block.pieces)


def settle(drafts: list[Draft]) -> None:
    """Decides the keys of all drafts with what the whole list shows of its habits."""
    choices = [draft for draft in drafts if draft.options]
    evidence = {id(draft): gather(draft.options) for draft in choices}
    habits = usage([evidence[id(draft)] for draft in choices if not draft.keys])
    overall = usage(list(evidence.values()))
    learn_numeric_keys(choices)
    written = sum(1 for draft in choices if draft.keys) / len(choices) if choices else 0.0
    for draft in drafts:
        if draft.options:
            draft.texts = [joined(option.pieces) for option in draft.options]
            found = evidence[id(draft)]
            decide(draft, found, overall if draft.keys else habits, written)
            _as_true_false(draft)
        elif draft.type == "true_false":
            draft.texts = list(TRUE_FALSE_OPTIONS)
            if draft.keys:
                decide(draft, Evidence(), habits, 0.0)
            draft.type = "true_false"
            if not draft.correct:
                draft.doubt("Không thấy đáp án Đúng hay Sai của câu này.")
        elif draft.keys:
            draft.explanation[:0] = [written_words(key.words) for key in draft.keys]


def _as_true_false(draft: Draft) -> None:
    """Two options "Đúng" and "Sai" are a true/false question, whatever their order."""
    wordings = [key_of(text) for text in draft.texts]
    if sorted(wordings) == ["dung", "sai"] or sorted(wordings) == ["d", "s"]:
        order = [0 if wording in ("dung", "d") else 1 for wording in wordings]
        draft.correct = sorted(order[place] for place in draft.correct)
        draft.texts = list(TRUE_FALSE_OPTIONS)
        draft.type = "true_false"


def finished(draft: Draft, section: str) -> ReadQuestion:
    """The question as it leaves the reader."""
    question = ReadQuestion(
        number=draft.number,
        stem=joined(draft.stem),
        options=list(draft.texts),
        correct=list(draft.correct),
        type=draft.type or "essay",
        section=section,
        topic=draft.topic,
        level=draft.level,
        rubric=list(draft.rubric),
        doubts=list(draft.doubts),
        lines=list(draft.block.lines),
    )
    source = [text for text in draft.source if text]
    explanation = [text for text in draft.explanation if text]
    for piece in draft.leftovers:
        (source if is_citation(piece.text) else explanation).append(" ".join(piece.text.split()))
    question.source = "\n".join(source)
    question.explanation = "\n".join(explanation)
    question.cited = bool(draft.leftovers) and all(is_citation(piece.text) for piece in draft.leftovers)
    question.leftover, question.extra = len(draft.leftovers), draft.extra
    _note_media(draft, question)
    return question


def _note_media(draft: Draft, question: ReadQuestion) -> None:
    lines = {piece.line.number: piece.line for piece in draft.pieces}
    kept = [lines[number] for number in question.lines if number in lines]
    if any(line.tracked for line in kept):
        question.doubt("Chỗ này có sửa đổi theo dõi (Track Changes); đã đọc theo nội dung sau khi sửa.")
    if any(line.letters_unsure for line in kept):
        question.doubt("Chỗ này có chữ mã cũ (TCVN3, VNI) hoặc chữ không rõ mã, có thể bị đọc sai dấu.")
    looks = [look for line in kept for look, count in line.piece().looks() if count]
    if any(look.strike for look in looks):
        question.doubt("Chỗ này có chữ bị gạch ngang.")
    if any(look.hidden for look in looks):
        question.doubt("Chỗ này có chữ bị ẩn (không hiện ra trên giấy).")
    if any(line.pictures for line in kept):
        question.doubt("Câu này có hình hoặc công thức chưa đọc được thành chữ.")


def _join_section(lines: list[Line]) -> str:
    return "\n".join(" ".join(line.text.split()) for line in lines)


def _section_texts(preface: list[Line], drafts: list[Draft]) -> list[str]:
    found = [_join_section(preface)] + [_join_section(draft.next_section) for draft in drafts]
    return list(dict.fromkeys(text for text in found if text)) if drafts else []


def add_key_file(result: ReadResult, drafts: list[Draft], keys: KeySource) -> None:
    """Gives the keys of a second file to the drafts; what fits nowhere is a problem."""
    for text, message in apply_key_file(drafts, keys):
        result.problems.append(ReadProblem("tệp đáp án", text, message))


def _report_lost(result: ReadResult, found: KeyList, lost: list[tuple[str, KeyWords]]) -> None:
    for number, words in lost:
        result.problems.append(
            ReadProblem(
                found.where,
                f"{number} {written_words(words)}".strip(),
                f"Bảng đáp án có câu {number} nhưng danh sách không có.",
            )
        )


def _explain_lines(
    result: ReadResult, lines: list[Line], drafts: list[Draft], key_lines: set[int], trailing: list[Line]
) -> None:
    owner: dict[int, int] = {}
    for place, draft in enumerate(drafts):
        for number in draft.block.lines:
            owner.setdefault(number, place)
    problem_lines = {problem.line for problem in result.problems}
    for line in lines:
        kind, place = LineKind.SECTION, -1
        if not line.text.strip():
            kind = LineKind.BLANK
        elif line.number in owner:
            kind, place = LineKind.QUESTION, owner[line.number]
        elif line.number in problem_lines:
            kind = LineKind.PROBLEM
        result.lines.append(SourceLine(line.number, line.where, line.text, kind, place))
