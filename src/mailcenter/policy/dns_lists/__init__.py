"""DNS lists of addresses (RFC 5782): what is asked, and what an answer weighs. The asking itself is the caller's."""
