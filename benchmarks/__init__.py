"""What it costs, measured here; never in the test run."""
