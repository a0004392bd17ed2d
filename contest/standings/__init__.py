"""Results put through the rules: rankings, their publication, boards and minutes."""
