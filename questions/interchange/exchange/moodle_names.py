"""The names of Moodle XML: what is a setting, what is said about all answers, what the reader takes by itself."""

from __future__ import annotations

#: What decides how Moodle shows or asks, and is no text of the question.
SETTINGS = frozenset((
    "penalty", "hidden", "single", "shuffleanswers", "answernumbering", "showstandardinstruction", "usecase",
    "shownumcorrect", "responseformat", "responserequired", "responsefieldlines", "attachments", "attachmentsrequired",
    "maxbytes", "filetypeslist", "minwordlimit", "maxwordlimit", "unitgradingtype", "unitpenalty", "showunits", "unitsleft",
    "synchronize", "correctanswerformat", "correctanswerlength", "layouttype", "selecttype", "gradingtype", "showgrading",
    "numberingstyle", "dropped", "aggregate", "assignfeedback",
))  # fmt: skip

#: Texts about all answers, which every Moodle has in every question.
COMBINED = {
    "correctfeedback": "lời khi đúng",
    "partiallycorrectfeedback": "lời khi đúng một phần",
    "incorrectfeedback": "lời khi sai",
}

#: Parts of a question that have a place of their own.
TAKEN = frozenset((
    "name", "questiontext", "generalfeedback", "defaultgrade", "answer", "subquestion", "tags", "graderinfo", "idnumber",
))  # fmt: skip
