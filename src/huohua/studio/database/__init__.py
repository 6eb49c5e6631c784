"""What the studio keeps between two visits: the tables of works and jobs, and how they came to be.

SQL stays in this package, and the files that the rows speak of stay on disk. Start with `tables.py`, then
`connection.py`.
"""
