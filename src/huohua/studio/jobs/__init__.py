"""Long tasks that outlive a request and a killed server: their queue, and the process that does each.

A job is a row in the database first and a process second, so nothing of it is kept in memory alone.
Start with `queue.py`, then `foreman.py`.
"""
