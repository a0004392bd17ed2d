"""Similar questions: which questions of a list say nearly the same, how nearly, and in which words they differ.

Pure: no application, no database. ``wording`` takes a text apart into words that compare equal however they were typed;
``comparing`` gives two questions a score; ``pairs`` finds all similar pairs of a list, ten thousand questions in seconds;
``nearest`` those most like one; ``reasons`` says in plain Vietnamese what is alike and what is not. A score is a hint for a
person: nothing is decided by it.
"""
