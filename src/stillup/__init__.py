"""stillup keeps a site up when its primary server dies."""
