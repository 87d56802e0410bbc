"""Rules that judge what a plan file, its folder and an account's records show. One file each."""
