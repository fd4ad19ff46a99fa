"""What a trainee takes away: a portfolio in Word, and a certificate in Word and to print.

Both are made from the records of a working folder, whenever they are asked for. The imports
point up this list:

- ``work``: what the records of a working folder hold; names, dates, hours as people read them
- ``statement``: what a certificate states, and its check code
- ``book``: the portfolio
- ``certificate``: the certificate, in Word and as a page to print
- ``command``: ``mapt portfolio``, ``mapt certificate``
- ``page``: the buttons on *Start here*

Only ``book`` and ``command`` load python-docx; ``certificate`` does when it is asked for Word.
"""
