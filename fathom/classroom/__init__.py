"""Who learns, and what they keep. Functions over one database; lessons live in git, not here.

`db` opens it and brings it up to date, `tables` says what it holds, `learners` who is there,
`progress` what they answered, read and wrote. What a function has acknowledged by returning
is on the disk.
"""
