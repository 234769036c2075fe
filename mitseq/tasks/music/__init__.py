"""Example task: music generation."""
