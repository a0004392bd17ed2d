"""Pages of the question bank; all hang on one blueprint, so that the menu knows where one is."""
