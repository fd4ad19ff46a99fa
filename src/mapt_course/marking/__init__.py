"""Marking: a trainee's record and the key give marks, for nbgrader's gradebook.

What a trainee handed in is read as data: nothing of it is executed, imported or opened by
another program. The imports point up this list:

- ``marker``: a bank with its key and a record's events give marks; pure
- ``table``: marks as a readable table, in HTML and in plain text; everything escaped
- ``folder``: a submission's folder, read without following links
- ``submission``: one submission rebuilt and marked; the two below both do it so
- ``shared``: which trainees hold the same entries in their records
- ``nbgrader``: what the stock commands use by configuration (``nbgrader_config.py``)
- ``collect``: nbgrader's collecting, with one bad submission stopping nobody else's
- ``release``: ``mapt release``
- ``quickly``, ``gradebook``, ``report``, ``batch``: ``mapt mark``; a whole cohort at once
"""
