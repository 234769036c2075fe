"""From files to (x, y), one task a file, and the vocabularies."""
