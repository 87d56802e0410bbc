"""Rules that need what only the account or the network can tell. One file each; silent where nothing is known."""
