"""SPF (RFC 7208) without I/O: records are read, and evaluated against a DNS that the caller asks.

`evaluation.evaluate` is the door. `exp=` is read for its syntax only: the gate refuses by rules of its own, and what
the owner of a forged domain wants to have said to the forger interests nobody.
"""
