"""Ways of breaking the primary, and of undoing it, one in each file."""
