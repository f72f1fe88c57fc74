-- Whether a mark is there (1 or 0). KEYS: the mark
return redis.call('EXISTS', KEYS[1])
