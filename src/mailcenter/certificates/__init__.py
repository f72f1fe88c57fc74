"""Certificates as values: made, judged, and for which names of customers' domains there are some.

`serve/certificates` obtains them, `engines/tls` makes the server's own.
"""
