"""Addresses of the server, one file for each noun.

A route checks what comes in, calls the studio and says what goes out, and nothing else. Start with
`works.py`.
"""
