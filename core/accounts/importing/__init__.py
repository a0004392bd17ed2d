"""Units and contestants from one Excel file: read, doubted cell by cell, repaired by hand or by one click, imported.

Readers of single cells (``dates``, ``phones``, ``names``, ``headers``) are pure. ``sheets`` finds the tables of a
workbook, ``checking`` turns a row into values and doubts, ``settling`` compares rows with each other and with who is
there already. ``batches`` is what pages and commands ask; ``jobs`` does the long work in steps of some 300 rows.
"""
