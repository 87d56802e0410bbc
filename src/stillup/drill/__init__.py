"""Breaking things on purpose, watching from outside, timing the recovery.

What is here meets the engine as any client does: through the AWS API, DNS and HTTP.
"""
