"""From keys as written and marks as seen to the options that are right, with a doubt wherever they do not agree."""

from __future__ import annotations

import re
from collections import Counter

from questions.interchange.drafts import Draft, WrittenKey
from questions.interchange.flat import exact_key_of, flat, key_of
from questions.interchange.key_files import KeySource
from questions.interchange.key_marks import LOOKS, Evidence, Usage, by_marks
from questions.interchange.lines import joined
from questions.interchange.marks import KeyWords, explanation_place, explanation_start, is_citation, source_start

NO_KEY = "Không thấy đáp án của câu này."


def letters_of(draft: Draft) -> list[str]:
    """The letter of each option, as its list writes it; A, B, C … where options have none."""
    if draft.options and all(option.letter for option in draft.options):
        return [option.letter for option in draft.options]
    return [chr(65 + place) for place in range(len(draft.texts))]


def decide(draft: Draft, found: Evidence, habits: Usage, written_share: float) -> None:
    """Settles `correct` and `type` of a question with options. `written_share`: questions of the list with a
    written key."""
    draft.type = "single"
    written = _from_written(draft)
    if written is not None:
        draft.correct = sorted(written)
        _compare_with_marks(draft, found, habits)
        if any(key.place == "file" for key in draft.keys):
            marked = by_marks(Draft(draft.block), found, habits)
            if marked and written and marked != written:
                draft.doubt("Tệp đáp án khác với đáp án đánh dấu trong danh sách; đã lấy theo tệp đáp án.")
    else:
        chosen = by_marks(draft, found, habits)
        draft.correct = sorted(chosen)
        if chosen and written_share >= 0.5:
            draft.doubt("Các câu khác có dòng đáp án, câu này chỉ có đánh dấu.")
        if not chosen:
            draft.doubt(_why_none(draft, found))
    if len(draft.correct) > 1:
        draft.type = "multiple"
    if draft.correct and len(draft.correct) == len(draft.texts) and len(draft.texts) > 1:
        draft.doubt("Mọi phương án đều là đáp án đúng.")


def _from_written(draft: Draft) -> frozenset[int] | None:
    """The options that written keys name; None when nothing was written. A key file counts before all else."""
    if not draft.keys:
        return None
    ranked: dict[str, list[frozenset[int] | None]] = {}
    for key in draft.keys:
        ranked.setdefault(key.place, []).append(_resolved(draft, key))
    chosen: frozenset[int] | None = None
    names = {"file": "tệp đáp án", "line": "dòng đáp án", "table": "bảng đáp án"}
    for place in ("file", "line", "table"):
        readings = ranked.get(place)
        if not readings:
            continue
        usable = {reading for reading in readings if reading}
        if len(usable) > 1:
            draft.doubt(f"Đáp án được ghi hai lần khác nhau trong {names[place]}.")
            if chosen is None:
                return frozenset()
            continue
        here = next(iter(usable), None)
        if chosen is None:
            chosen = here
        elif here is not None and here != chosen:
            draft.doubt(f"Đáp án trong {names[place]} khác với đáp án lấy ở nơi khác; xin xem lại.")
    return chosen if chosen is not None else frozenset()


def _resolved(draft: Draft, key: WrittenKey) -> frozenset[int] | None:
    words = key.words
    if words.letters:
        return _by_letters(draft, words)
    if words.truth is not None:
        return _by_wording(draft, "Đúng" if words.truth else "Sai")
    text = words.words.strip()
    if not text or text in {"?", "??", "...", "…"}:
        draft.doubt("Dòng đáp án bỏ trống hoặc ghi dấu hỏi.")
        return None
    return _by_wording(draft, text)


def _by_letters(draft: Draft, words: KeyWords) -> frozenset[int] | None:
    letters = letters_of(draft)
    if words.unsure:
        draft.doubt(f"Đáp án ghi không rõ là {' hay '.join(words.letters)}.")
    missing = [letter for letter in words.letters if letter not in letters]
    if missing:
        draft.doubt(f"Đáp án ghi {', '.join(words.letters)} nhưng câu chỉ có phương án {', '.join(letters)}.")
        return None
    if any(letters.count(letter) > 1 for letter in words.letters):
        draft.doubt(f"Đáp án ghi {', '.join(words.letters)} nhưng có hai phương án cùng chữ cái đó.")
        return None
    chosen = frozenset(letters.index(letter) for letter in words.letters)
    _check_rest(draft, words, chosen)
    return chosen


def _check_rest(draft: Draft, words: KeyWords, chosen: frozenset[int]) -> None:
    """The words behind a key letter may repeat the option, or contradict it."""
    rest = exact_key_of(words.rest)
    if not rest:
        if "?" in words.rest:
            draft.doubt("Sau đáp án có dấu hỏi.")
        return
    wordings = [exact_key_of(text) for text in draft.texts]
    for place, wording in enumerate(wordings):
        if wording and place not in chosen and (rest == wording or (len(wording) > 12 and rest.startswith(wording))):
            draft.doubt("Chữ cái của đáp án và nội dung ghi kèm chỉ hai phương án khác nhau.")
    if any(wordings[place] and rest.startswith(wordings[place]) for place in chosen):
        repeated = any(rest == wordings[place] for place in chosen)
        kept = [line for line in draft.explanation if not repeated or exact_key_of(line) != rest]
        draft.explanation[:] = kept
        return
    if _shakes(words.rest, [letter for letter in letters_of(draft) if letter not in words.letters]):
        draft.doubt("Dòng đáp án có ghi thêm chữ khiến đáp án chưa chắc chắn.")


_SHAKING = re.compile(r"\?|=>|→|\b(?:sai|khong|sua|hoac|hay|nham|chua|xem lai)\b")


def _shakes(rest: str, others: list[str]) -> bool:
    """Whether a remark behind a key takes it back: "A sai", "B (sửa lại: C)", "A hoặc C". Sources and explanations
    may name other options freely."""
    if is_citation(rest) or source_start(rest) is not None or explanation_start(rest) is not None:
        return False
    named = explanation_place(rest)
    head = rest[: named if named is not None else 60]
    if flat(head).lstrip(" (.,:-–").startswith(("vi ", "do ", "bang cach")):
        return False
    return bool(_SHAKING.search(flat(head))) or any(re.search(rf"(?<!\w){letter}(?!\w)", head) for letter in others)


def learn_numeric_keys(drafts: list[Draft]) -> None:
    """Where each key that is a number can only be an option's place, the list counts options; said to its drafts."""
    places = wordings = 0
    for draft in drafts:
        texts = {exact_key_of(joined(option.pieces)) for option in draft.options}
        for text in (key.words.words.strip() for key in draft.keys):
            if text.isascii() and text.isdigit() and draft.options:
                fits = 1 <= int(text) <= len(draft.options)
                places += fits and text not in texts
                wordings += not fits and text in texts
    for draft in drafts:
        draft.keys_by_place = places >= 3 and not wordings


_ORDINAL = re.compile(r"(?:phuong an|pa|dap an|lua chon|cau tra loi|tra loi|option|y)\s*(?:so\s*|thu\s*)?(?P<number>[1-8])\.?")


def _by_wording(draft: Draft, text: str) -> frozenset[int] | None:
    """A key given as an option's own words, or as its number from 1."""
    wordings = [exact_key_of(option) for option in draft.texts]
    wanted = exact_key_of(text)
    same = [place for place, wording in enumerate(wordings) if wording and wording == wanted]
    ordinal = int(text) - 1 if text.isascii() and text.isdigit() else -1
    if len(same) == 1:
        if 0 <= ordinal < len(wordings) and ordinal != same[0]:
            draft.doubt(f"Đáp án ghi {text}: vừa có thể là số thứ tự, vừa có thể là nội dung phương án.")
            return frozenset({ordinal}) if draft.keys_by_place else None
        return frozenset(same)
    if len(same) > 1:
        draft.doubt("Đáp án ghi bằng chữ trùng với nhiều phương án.")
        return None
    named = _ORDINAL.fullmatch(flat(text.strip()))
    if named:
        ordinal = int(named["number"]) - 1
    if 0 <= ordinal < len(wordings):
        return frozenset({ordinal})
    folded = [place for place, option in enumerate(draft.texts) if key_of(option) == key_of(text)]
    if len(folded) == 1:
        draft.doubt("Đáp án ghi bằng chữ chỉ khớp với phương án khi bỏ dấu.")
        return frozenset(folded)
    near = [place for place, wording in enumerate(wordings) if len(wording) > 5 and wanted.startswith(wording)]
    if len(near) == 1:
        draft.doubt("Đáp án ghi bằng chữ dài hơn nội dung phương án.")
        draft.explanation.insert(0, f"Đáp án ghi: {text}")
        return frozenset(near)
    begun = [place for place, wording in enumerate(wordings) if len(wanted) > 5 and wording.startswith(wanted)]
    if len(begun) == 1:
        draft.doubt("Đáp án chỉ ghi phần đầu của phương án.")
        return frozenset(begun)
    draft.doubt("Đáp án ghi bằng chữ không trùng với phương án nào.")
    draft.explanation.insert(0, f"Đáp án ghi: {text}")
    return None


def _compare_with_marks(draft: Draft, found: Evidence, habits: Usage) -> None:
    chosen = frozenset(draft.correct)
    if found.signs and chosen and found.signs != chosen:
        draft.doubt("Dòng đáp án và dấu đánh bên phương án không khớp nhau.")
    for name in LOOKS:
        marked = found.whole[name]
        regular = habits.by_words.get(name, 0) >= max(2, 0.3 * habits.questions)
        if regular and found.tells(marked) and chosen and marked != chosen:
            draft.doubt(f"Dòng đáp án khác với phương án {LOOKS[name][0]}.")


def _why_none(draft: Draft, found: Evidence) -> str:
    for name, (word, _) in LOOKS.items():
        if name in ("bold", "underline", "colour", "highlight") and len(found.whole[name]) == found.count > 0:
            return f"Mọi phương án đều {word} nên không rõ đáp án."
    return NO_KEY


def apply_key_list(drafts: list[Draft], entries: list[tuple[str, KeyWords]], place: str) -> list[tuple[str, KeyWords]]:
    """Gives keys of a table or of a second file to the questions of those numbers; returns what found none.

    Where a number stands several times in the list (each chapter from 1 on), the n-th key of that number goes to
    the n-th question of that number, and only if there are as many keys as questions.
    """
    by_number: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_number.setdefault(_plain(draft.number), []).append(draft)
    counts = Counter(_plain(number) for number, _ in entries)
    used: Counter[str] = Counter()
    lost: list[tuple[str, KeyWords]] = []
    if drafts and not any(draft.number for draft in drafts):
        by_number = {str(place_ + 1): [draft] for place_, draft in enumerate(drafts)}
    for number, words in entries:
        plain = _plain(number)
        owners = by_number.get(plain, [])
        if not owners:
            lost.append((number, words))
        elif len(owners) == 1:
            owners[0].keys.append(WrittenKey(words, place))
        elif counts[plain] == len(owners):
            owners[used[plain]].keys.append(WrittenKey(words, place))
            owners[used[plain]].doubt(f"Có {len(owners)} câu cùng số {number}; đáp án được lấy theo thứ tự.")
            used[plain] += 1
        else:
            for owner in owners:
                owner.doubt(f"Có {len(owners)} câu cùng số {number} nên không rõ đáp án thuộc câu nào.")
    return lost


def _plain(number: str) -> str:
    return number.lstrip("0").lower() or number


def apply_key_file(drafts: list[Draft], keys: KeySource) -> list[tuple[str, str]]:
    """Gives the keys of a second file to their questions; returns (text, message) for what found no question."""
    lost = [
        (f"{number} {written_words(words)}", f"Tệp đáp án có câu {number} nhưng danh sách không có.")
        for number, words in apply_key_list(drafts, keys.entries, "file")
    ]
    if keys.ordered and not keys.entries:
        for draft, words in zip(drafts, keys.ordered, strict=False):
            draft.keys.append(WrittenKey(words, "file"))
            if len(keys.ordered) != len(drafts):
                draft.doubt(f"Tệp đáp án có {len(keys.ordered)} đáp án không ghi số câu, danh sách có {len(drafts)} câu.")
        for words in keys.ordered[len(drafts) :]:
            lost.append((written_words(words), "Tệp đáp án còn đáp án thừa."))
    else:
        lost.extend((written_words(words), "Đáp án không ghi số câu.") for words in keys.ordered)
    for draft in drafts:
        if not any(key.place == "file" for key in draft.keys) and draft.options:
            draft.doubt("Tệp đáp án không có đáp án của câu này.")
    return lost


def written_words(words: KeyWords) -> str:
    """A key as text."""
    if words.letters:
        return ", ".join(words.letters)
    if words.truth is not None:
        return "Đúng" if words.truth else "Sai"
    return words.words
