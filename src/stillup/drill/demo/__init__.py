"""The main job in a minute: an engine, a primary, a backup; the primary dies and comes back."""
