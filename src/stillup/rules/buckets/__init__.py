"""Buckets and their websites: what they hold, who may read them, what a visitor gets."""
