"""The AWS API: the listener, and the operations of each service."""
