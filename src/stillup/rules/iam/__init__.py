"""Who may do what (section 7)."""
