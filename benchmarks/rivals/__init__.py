"""The event stores that users would pick instead, each in its own environment and process, at the same work.

`rows` measures; `installing` puts a store where only it is; `work` is what all of them do; the other modules, and
`emmett.mjs`, do it with one store each, as its README has it, and print what it took.
"""
