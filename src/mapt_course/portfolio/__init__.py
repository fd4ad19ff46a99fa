"""What a trainee takes away: a portfolio in Word, and a certificate in Word and to print.

Both are made from the records of a working folder, whenever they are asked for. The imports
point up this list:

- ``work``: what the records of a working folder hold; names, dates, hours as people read them
- ``statement``: what a certificate states, and its check code
- ``word``: a Word document: headings, contents, tables, texts of any script
- ``book``: the portfolio
- ``certificate``: the certificate, in Word and as a page to print
- ``command``: ``mapt portfolio``, ``mapt certificate``
- ``page``: the buttons on *Start here*

Only ``word`` and what stands under it load python-docx.
"""
