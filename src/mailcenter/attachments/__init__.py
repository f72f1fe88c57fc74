"""What hangs on a message and could be executed: found in the raw bytes, by name and by content, archives opened.

Pure: bytes in, findings out. The caller decides which findings refuse a mail, and gives the lists and the clock.
"""
