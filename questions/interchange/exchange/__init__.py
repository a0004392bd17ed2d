"""Question lists as other programs keep them: Aiken, GIFT, Moodle XML and QTI packages, one file a format each way.

`sniff` knows a format by its content; `formats` lists the writers; `losses` says before writing what a format cannot
carry. What a format carries that the bank has no type for is read with a doubt, never left out.
"""
