"""The plan file; what it asks for beside what there is; the ordered steps between the two. No I/O, no clock."""
