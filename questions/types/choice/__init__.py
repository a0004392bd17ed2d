"""What the types with a list of options share: their data, answers, fields and texts. No type by itself."""
