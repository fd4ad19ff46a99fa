"""For authors: lessons and pictures from their sources, and the rules they have to keep.

``docs/author.md`` is the format. A trainee never needs this package.
"""
