"""Marking: a trainee's record and the key give marks, for nbgrader's gradebook.

What a trainee handed in is read as data: nothing of it is executed, imported or opened by
another program. The imports point up this list:

- ``marker``: a bank with its key and a record's events give marks; pure
- ``told``: what a trainee is told of an item after marking; pure
- ``table``: marks as a readable table, in HTML and in plain text; everything escaped
- ``product``: what was filled into a form, as a readable page
- ``folder``: a submission's folder, read without following links
- ``submission``: one submission rebuilt and marked; the two below both do it so
- ``shared``: which trainees hold the same entries in their records
- ``nbgrader``: what the stock commands use by configuration (``nbgrader_config.py``)
- ``pages``: formgrader's page of a submission and the feedback page (``templates/``)
- ``collect``: nbgrader's collecting, with one bad submission stopping nobody else's
- ``release``: ``mapt release``
- ``quickly``, ``gradebook``, ``report``, ``batch``: ``mapt mark``; a whole cohort at once
- ``intake``: ``mapt collect``, hand-ins by mail or through a learning platform
- ``verify``: ``mapt certificate --verify``, a certificate's check code against the records
- ``merge``: two people's marks by hand brought together; pure
- ``share``: ``mapt share``, a cohort's reading shared among markers
"""
