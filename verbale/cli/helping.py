"""`help TOPIC`: what the options take and the answers mean."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ledger.errors import UnknownName

TOPICS = {
    "time": """\
Two clocks
  --as-of T        the world: counts what is certain to have been said or done
                   by T. A day, month, quarter (2025-Q1) or year means its end,
                   UTC. No T means no bound.
  --as-known-at K  the ledger: knows what was recorded by K, an entry (e41) or
                   a time. No K means the last entry.

Dates of entries (--said-on, --occurred-on, --occurs-on), kept as written:
  2025  2025-03  2025-03-12  2025-03-12T14:30+03:00 (a zone is needed)
  202X  2025-03-1X  2025-03-XX   some digits unknown
  2025-03-12?  ~  %              uncertain, approximate, both: a flag only
  2025-03-13/2025-03-16          some time between
  ../2025-03-11                  standing by then: since when is not known
An entry whose date is not over by T is listed as possible and moves nothing.
""",
    "stances": """\
On the scale            Off the scale, never averaged
  −−  oppose       −2     …  awaiting   wants more before deciding
  −   reserved     −1     ×  declined   declines to take a position
  0   uncommitted   0     ↶  withdrawn  took an earlier position back
  +   conditional  +1
  ++  support      +2     ·  no evidence, which is not "uncommitted"

  !  contested: another statement with another stance overlaps in time,
     or a dispute is open
  ▲  what the party did, beside what it said
""",
    "rules": """\
latest/1  Of the statements that count, the greatest (earliest, latest, entry):
          a sharper later date beats a vaguer one. An open start, as in
          ../2025-03-11, is ordered as its end. `since` is the date of the
          first entry of the unbroken run with that stance, `previous` the run
          before it. Deeds stand beside words and never change them.
""",
    "exit-codes": """\
 0  ok
 1  refused or failed
 2  does not parse (option, date, stance, number)
 3  verification failed
 4  unknown or ambiguous party, issue or entry
 5  the state changed under the command and now refuses it
10  differences, only under --exit-code
""",
}


def help_(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="time, stances, rules, exit-codes or json.")
    ] = None,
) -> None:
    """Explain a topic: time, stances, rules, exit-codes, json."""
    names = [*TOPICS, "json"]
    if topic is None:
        sys.stdout.write("".join(f"verbale help {name}\n" for name in names))
    elif topic == "json":
        from verbale.contract import schemas_text

        sys.stdout.write(schemas_text())
    elif topic in TOPICS:
        sys.stdout.write(TOPICS[topic])
    else:
        raise UnknownName(f"no help on '{topic}'", hint=f"one of: {', '.join(names)}")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("help")(help_)
