"""Sentiment classification: strings in; label, probability, reasons out."""
