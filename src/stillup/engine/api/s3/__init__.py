"""S3: one function per operation, a file per kind of resource."""
