"""What was published of the programme itself, as the programme service takes it in.

`summary.json` is the Trust Fund's project summary, `announcement.json` what Japan and
the United Nations announced. Where they disagree both figures are kept.
"""
