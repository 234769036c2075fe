"""Forecast a series of numbers, and watch a sensor value by value."""
