"""Networks that have been trained already, to be used again for something else.

A network is three files: its code, its weights as plain arrays (NAME.npz), and a record of how
they were made and what they are worth (NAME.json). `python -m fathom.pretrained train OUT` makes
the last two anew. Whoever trains from them brings a head of their own.
"""
