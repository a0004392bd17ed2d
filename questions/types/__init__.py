"""Types of questions: one folder a type with its check, marking, form and templates, found by the registry.

A type's ``marking`` imports only the standard library, so that a verifier of results stays small enough to read.
"""
