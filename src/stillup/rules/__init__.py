"""What is true about failover: pure decisions over frozen values.

Nothing here opens a socket, reads a clock or throws dice; time and chance are arguments.
"""
