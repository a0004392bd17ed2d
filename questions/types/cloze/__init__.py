"""A text with blanks, each filled with words, a number or a choice from a list."""
