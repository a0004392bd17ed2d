"""Thể lệ: a contest's rules as one declarative document, and the ranking that follows from it.

Everything here is pure and imports the standard library only, so that whoever checks published standings can
read it in one sitting; the one exception is `reading.py`, which reads YAML.
"""
