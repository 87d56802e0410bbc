"""How it is spelled: DNS messages and the AWS protocols, between bytes and values, without I/O."""
