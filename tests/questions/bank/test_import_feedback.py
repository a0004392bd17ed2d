"""What a file of another program says of single options is not lost on the way into the bank."""

from __future__ import annotations

from questions.bank.importing.staging import explanation_with_feedback
from questions.interchange.registry import read_questions


def test_feedback_of_options_stands_behind_the_explanation() -> None:
    [question] = read_questions("Một cộng một? {=hai#Giỏi ~ba ~bốn#Nhiều quá ####Đếm ngón tay.}".encode()).questions
    assert explanation_with_feedback(question) == "Đếm ngón tay.\nA. hai: Giỏi\nC. bốn: Nhiều quá"
    [question] = read_questions("Một cộng một? {=hai ~ba ####Đếm ngón tay.}".encode()).questions
    assert explanation_with_feedback(question) == "Đếm ngón tay."
