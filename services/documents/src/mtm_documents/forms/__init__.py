"""The documents that the programme owes: one folder a kind, with its value, words, layout and door.

`forms.registry.FORMS` is the way in.
"""
