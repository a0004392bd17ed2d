"""Matching: each item gets one of the choices; there may be more choices than items."""
