"""What a lesson is. Pure: text in, objects out; no HTTP, no processes, no torch.

`lesson` reads the prose, `quiz` the questions, `exercise` a folder of tasks; `marking` marks an
answer; `catalog` puts them in order, `check` proves what can be proved without running anything.
Whatever an author got wrong is a `Problem` with its file and line, never a traceback.
"""
