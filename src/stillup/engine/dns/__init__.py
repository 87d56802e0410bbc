"""Authoritative DNS: the answer book, and UDP and TCP in front of it."""
