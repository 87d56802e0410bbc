"""DNS messages: question, answer, EDNS and RDATA, between octets and values."""
