"""The AWS protocols, interpreted from botocore's service models: locate, parse, render, errors."""
