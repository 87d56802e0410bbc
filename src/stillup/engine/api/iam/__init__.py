"""IAM: users, their keys and their policies. Global: the Region of a call does not matter."""
