"""The desk: pages on this machine, on which people read a ledger and travel in time.

`serving` binds and runs, `application` knows which page is where, `guard` keeps strangers out, `answering` turns a page
into HTML, JSON or CSV.  Each module of `pages` makes one page out of a ledger and of what was `asked`; it knows nothing
of HTTP, so that `freezing` can write the same pages into a folder.
"""
