"""Single choice: exactly one option is right."""
