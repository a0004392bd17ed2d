"""A key in a second file for questions whose own format has keys: the second file counts, and a doubt says where not."""

from __future__ import annotations

from questions.interchange.key_files import KeySource
from questions.interchange.keys import written_words
from questions.interchange.marks import KeyWords
from questions.interchange.model import OPTION_TYPES, ReadProblem, ReadQuestion, ReadResult

_WHERE = "tệp đáp án"
_NO_KEY = "Không thấy đáp án."


def apply(result: ReadResult, keys: KeySource) -> None:
    """Gives each key to its question, by number or, where the file has none, in their order."""
    for where, text in keys.unread:
        result.problems.append(ReadProblem(where, text, "Không hiểu dòng này của tệp đáp án."))
    numbered = {question.number: question for question in result.questions if question.number}
    if not numbered:
        numbered = {str(place): question for place, question in enumerate(result.questions, 1)}
    for number, words in keys.entries:
        question = numbered.get(number)
        if question is None:
            text = f"{number} {written_words(words)}".strip()
            result.problems.append(ReadProblem(_WHERE, text, f"Tệp đáp án có câu {number} nhưng danh sách không có."))
        else:
            _give(question, words)
    if keys.ordered and len(keys.ordered) != len(result.questions):
        text = " ".join(written_words(words) for words in keys.ordered)
        message = f"Tệp đáp án có {len(keys.ordered)} đáp án, danh sách có {len(result.questions)} câu."
        result.problems.append(ReadProblem(_WHERE, text, message))
        return
    for question, words in zip(result.questions, keys.ordered, strict=False):
        _give(question, words)


def _give(question: ReadQuestion, words: KeyWords) -> None:
    places = sorted({ord(letter) - 65 for letter in words.letters})
    if words.truth is not None and question.type == "true_false":
        places = [0 if words.truth else 1]
    if question.type not in OPTION_TYPES or not places or places[-1] >= len(question.options):
        question.doubt(f"Tệp đáp án ghi “{written_words(words)}”, không dùng được cho câu này.")
        return
    if question.correct and places != question.correct:
        question.doubt(f"Tệp đáp án ghi “{written_words(words)}”, khác đáp án trong tệp câu hỏi; lấy theo tệp đáp án.")
    if not question.correct and _NO_KEY in question.doubts:
        question.doubts.remove(_NO_KEY)
    question.correct, question.weights = places, []
    if len(places) > 1 and question.type == "single":
        question.type = "multiple"
