"""The exercises, one a file; their order is in mitseq/exercises/catalog.py."""
