"""The console listener until the console is built: liveness, readiness and one plain page."""
