"""Who watches a drill from outside, one kind in each file; each has a thread of its own while it watches."""
