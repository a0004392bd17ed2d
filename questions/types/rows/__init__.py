"""The common part of types with rows that are each given one choice: statements, matching, ordering. No type of its own."""
