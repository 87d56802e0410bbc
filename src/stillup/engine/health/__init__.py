"""Health checks at work: probers, their schedule, and the fleet of vantages that turns probes into statuses."""
