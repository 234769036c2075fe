"""Example task: sentiment classification."""
