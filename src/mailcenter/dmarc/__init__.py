"""DMARC by RFC 9989, without input or output: values in, questions for the DNS out, a result at the end.

`record` reads policy records, `tree_walk` finds them, `evaluation` judges a message, `evidence` weighs what section 7.4
asks to be weighed, `report` keeps what an aggregate report (RFC 9990) will need.
"""
