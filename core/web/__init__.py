"""The web's common ground: extensions, security headers, error pages, locale, navigation, tables."""
