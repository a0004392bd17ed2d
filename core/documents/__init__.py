"""The one way to read and make Excel, Word and PDF documents.

Reading: `limits` bounds what an upload may be, `packages` looks inside an Office file before any library
does, `excel_reading`, `word_reading` and `text_reading` give plain data. Every refusal is one
`DocumentRefused` whose text a person can act on.
"""
