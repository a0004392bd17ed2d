"""Question lists in and out: one file a format.

Reading goes in stages, each a module: a format's reader (`docx`, `xlsx`, `plain_text`) gives source lines or a
grid; `list_grammar` finds stems, options, keys and sources in lines, `grid` in rows of a table; `key_marks` and
`key_lists` decide the key; `regularities` compares each question with the list's own habits and writes doubts.
`exchange/` holds the formats of other programs, in and out.
`registry.read_questions` picks the reader by content. Nothing here needs an application or a database.
"""
