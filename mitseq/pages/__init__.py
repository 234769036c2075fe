"""Explorable pages: what the lecture says, moved and heard in a browser."""
