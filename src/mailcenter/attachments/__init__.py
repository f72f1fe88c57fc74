"""What hangs on a message and could be executed: found in the raw bytes, by name and by content, archives opened.

Pure: bytes in, findings out; `examine()` in `walk` is the door. The caller gives the list of extensions, the limits and
the clock, and decides which findings refuse a mail.
"""
