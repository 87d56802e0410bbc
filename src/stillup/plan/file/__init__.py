"""The plan file: its classes, how its text is read, its JSON Schema."""
