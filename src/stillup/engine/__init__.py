"""The running server: duties that do not know each other, put together by assemble.py."""
