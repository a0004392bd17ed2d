"""What the types with typed answers share: reading numbers, comparing words, their fields. No type by itself."""
