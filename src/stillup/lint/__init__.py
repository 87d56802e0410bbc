"""One file per pitfall: an id, a severity, a reason, a function from a set-up to findings. No I/O, no clock."""
