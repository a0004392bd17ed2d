"""Question lists on their way in: a file is read, looked at line by line, and only then becomes questions."""
