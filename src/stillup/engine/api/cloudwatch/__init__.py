"""CloudWatch: metrics and alarms, each Region a world of its own."""
