"""Where code runs: every child process, ours or a learner's.

`zygote` and `worker` are the mains of child processes; the others live in the server.
Nothing here imports torch or an experiment by itself: children load them by name.
"""
