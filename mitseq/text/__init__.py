"""Texts: encodings, tables, tokens, n-grams, vocabularies; no task."""
