"""What is seen in a browser. Joins the lab and the runtime; torch never gets in here.

`app` composes everything in one place; `auth` says who may come in; `pages` are the pages,
`live` the runs in them, `serve` the server process.
"""
