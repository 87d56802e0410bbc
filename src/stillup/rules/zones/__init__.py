"""Hosted zones: what they are, which changes they accept, how they are listed."""
