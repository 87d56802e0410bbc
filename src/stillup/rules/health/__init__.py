"""Health checks: what they are, how observations become verdicts and verdicts a status."""
