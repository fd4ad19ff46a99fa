"""``mapt share``: a cohort's reading shared among markers on machines of their own, by zips.

The lead deals (*split*), a marker takes the submissions into a copy of the project (*open*),
marks in formgrader, writes the marks into a small zip (*return*), and the lead brings them into
the gradebook (*merge*). Nothing but zips goes between the machines. The imports point up:

- ``papers``: what stands in a share and in a return: JSON, checked when it is read
- ``deal``: who marks whom; pure
- ``files``: a submission's files on the disk
- ``rows``: what the gradebook has of an assignment
- ``split``, ``take_in``, ``hand_back``, ``gather``: the four steps
- ``command``: what is asked for, and what is told

``..merge`` holds the merge itself, ``...zips`` the reader of zips. In ``shares/<assignment>/``
lie the zips, and what was dealt, opened, returned and merged.
"""
