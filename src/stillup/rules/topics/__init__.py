"""Topics: who is told what, how (section 5)."""
