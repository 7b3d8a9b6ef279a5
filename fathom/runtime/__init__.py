"""Where code runs: every child process, ours or a learner's.

Mains of child processes are `zygote`, which forks each `worker`; `keeper`, which forks `cells`,
`attempt`, `script`, `judging` and `driving` into the sandbox; and `doctor`. The others live in the
server. Nothing here imports torch or an experiment by itself: children load them by name.
"""
