"""HTTP/1.1 as a health checker speaks it: one GET, one response, no I/O."""
