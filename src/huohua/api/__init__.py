"""The door for programs and pages: use cases of the studio over HTTP, with typed schemas.

No use case is decided here, no tensor is held, and no word of a request becomes a path. Start with `app.py`.
"""
