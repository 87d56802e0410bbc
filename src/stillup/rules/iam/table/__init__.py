"""What each API operation needs permission for: one row per operation (section 7.1)."""
