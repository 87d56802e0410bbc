"""A plan of one's own failing over on one's own machine: an engine, a stand-in primary, nothing of it real."""
