"""The static website endpoint, as S3 serves it: rules/buckets/website.py decides, this room speaks HTTP."""
