"""Metrics: what is measured, and what the samples of a period amount to."""
