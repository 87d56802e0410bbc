"""Amazon SQS, as far as it takes to list and redrive dead letters: one queue per Region."""
