"""The question bank: types, versions, review, interchange of files, statistics."""
