"""The command line: each command is a thin call of one method of `Ledger`.

Only the module of the command that was called is imported, and heavy modules are imported inside the command: to build
the options of thirty commands takes longer than to answer one.  A shell that asks what may come next is answered
without any of them.
"""

from __future__ import annotations

import os
import sys
from typing import Final

COMMANDS: Final = {
    "init": "setup",
    "status": "setup",
    "party": "parties",
    "issue": "issues",
    "source": "sources",
    "speaker": "sources",
    "record": "record",
    "import": "importing",
    "correct": "amend",
    "retract": "amend",
    "dispute": "amend",
    "corroborate": "amend",
    "resolve": "amend",
    "undo": "amend",
    "show": "ask",
    "matrix": "ask",
    "log": "ask",
    "timeline": "ask",
    "agenda": "ask",
    "search": "searching",
    "diff": "movement",
    "when": "movement",
    "why": "movement",
    "cite": "citing",
    "verify": "verifying",
    "attest": "verifying",
    "checkpoint": "signing",
    "key": "signing",
    "prove": "proving",
    "witness": "proving",
    "bundle": "bundling",
    "erase": "erase",
    "backup": "copying",
    "restore": "copying",
    "recover": "copying",
    "replay": "whole",
    "export": "exporting",
    "agreement": "agreeing",
    "query": "querying",
    "serve": "serving",
    "doctor": "examining",
    "config": "configuring",
    "completion": "completing",
    "help": "helping",
}
"""The commands, in the order of the help, and the module of `verbale.cli` that adds each."""

HEADINGS: Final = {
    "The ledger": ("init", "status", "doctor", "replay", "export", "backup", "restore", "recover"),
    "Names": ("party", "issue", "source", "speaker"),
    "Record": ("record", "import", "correct", "retract", "dispute", "corroborate", "resolve", "undo"),
    "Ask": (
        *("show", "matrix", "log", "timeline", "agenda", "search", "diff", "when", "why"),
        *("agreement", "cite", "query"),
    ),
    "The desk": ("serve",),
    "Audit": ("verify", "attest", "checkpoint", "key", "prove", "witness", "bundle", "erase"),
    "This command line": ("config", "completion", "help"),
}
"""What `verbale --help` lists under which heading; commands that are under none come last."""

INTERRUPTED: Final = 130
ASKED_BY_A_SHELL: Final = "_VERBALE_COMPLETE"


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    if ASKED_BY_A_SHELL in os.environ:
        from verbale.terminal.completion import answer

        sys.exit(answer(os.environ))
    try:
        from verbale.cli.application import run

        run(sys.argv[1:] or ["--help"])
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
