"""The steps that lead a database from nothing to the tables of today, one file for each, in a chain.

A step that has been released is never edited, because databases have taken it. Start with
`works_and_jobs.py`.
"""
