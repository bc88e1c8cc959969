"""The coding desk: a text is marked sentence by sentence, drafts wait in a tray and are recorded together.

`sentences` cuts a text, `guessing` says who may have spoken, `tray` keeps the drafts, `marks` shows what was coded in a
text before; `verbale.web.pages.coding` is the page and `verbale.web.writing` what its forms do.
"""
