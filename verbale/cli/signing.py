"""`checkpoint` and `key`: what the signer signs, and with what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.errors import Refused
from verbale.cli.options import Recording, recording
from verbale.cli.output import dumped, envelope, tell, write
from verbale.cli.pace import counting

if TYPE_CHECKING:
    from verbale.checkpointing import Signed

KeyFile = Annotated[
    Path | None, typer.Option("--key", metavar="FILE", help="The signing key, else the one in your configuration.")
]


@recording
def checkpoint(
    asked: Recording,
    name: Annotated[str | None, typer.Argument(metavar="[cpN]", help="Print this one, and sign nothing.")] = None,
    key: KeyFile = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", metavar="FILE", help="Say whose cosignatures are still wanted.")
    ] = None,
) -> None:
    """Sign what the journal holds, in a note for others to keep."""
    from verbale.signing import signer_of

    with asked.open() as ledger:
        if name is not None:
            from verbale.checkpointing import Signed, root_in

            found = ledger.checkpoint_named(name)
            signed = Signed(found, root_in(found), already=True)
        else:
            with counting("read", ledger.head, quiet=asked.quiet or asked.json) as reading:
                signed = ledger.checkpoint(lambda verifier: signer_of(verifier, key), reading)
            tell(_done(signed), quiet=asked.quiet or asked.json)
        wanting = None if policy is None else _wanting(signed, policy)
        if wanting:
            tell(wanting, quiet=asked.quiet or asked.json)
    write(asked.output, dumped(_document(signed, wanting)) + "\n" if asked.json else signed.checkpoint.note.decode())


def _done(signed: Signed) -> str:
    from verbale.terminal.tables import counted

    number, size, _ = signed.checkpoint
    if signed.already:
        return f"Nothing new since cp{number}, which covers {counted(size, 'entry', 'entries')}"
    return f"Signed cp{number}: {counted(size, 'entry', 'entries')}. Give it to somebody who keeps it"


def _document(signed: Signed, wanting: str | None) -> dict[str, object]:
    from ledger.transparency.spelling import write_base64

    number, size, note = signed.checkpoint
    root = write_base64(signed.root)
    return envelope(
        "checkpoint",
        checkpoint=number,
        size=size,
        root=root,
        note=note.decode(),
        already=signed.already,
        wanting=wanting,
    )


def _wanting(signed: Signed, policy: Path) -> str | None:
    from ledger.errors import VerificationFailed
    from ledger.transparency.policy import check_checkpoint
    from verbale.cli.reading import policy_in

    try:
        check_checkpoint(signed.checkpoint.note, policy_in(policy))
    except VerificationFailed as error:
        return f"{policy}: {error.message}"
    return None


key_app = typer.Typer(help="Keys: what signs the checkpoints of this ledger.", no_args_is_help=True)


@key_app.command("list")
@recording
def list_keys(asked: Recording) -> None:
    """List the keys that sign, or did, and whether this machine has them."""
    from verbale.signing import key_file

    with asked.open() as ledger:
        states = ledger.signing_keys()
    rows = [
        {
            "key": state.key.format(),
            "added": state.added,
            "retired": state.retired,
            "here": key_file(state.key).exists(),
        }
        for state in states
    ]
    if asked.json:
        write(asked.output, dumped(envelope("keys", rows=rows)) + "\n")
        return
    lines = []
    for state, row in zip(states, rows, strict=True):
        since = "the ledger's first" if row["added"] is None else f"added by e{row['added']}"
        until = "" if row["retired"] is None else f", retired by e{row['retired']}"
        where = key_file(state.key) if row["here"] else "not on this machine"
        lines.append(f"{row['key']}\n  {since}{until}; {where}\n")
    write(asked.output, "".join(lines) or "No key yet: make one with verbale key add\n")


@key_app.command("show")
@recording
def show_key(asked: Recording) -> None:
    """Print the key that signs now, as readers are given it."""
    with asked.open() as ledger:
        valid = [state for state in ledger.signing_keys() if state.retired is None]
    if not valid:
        raise Refused("this ledger has no key yet", hint="make one with: verbale key add")
    found, added = valid[-1].key.format(), valid[-1].added
    write(asked.output, dumped(envelope("key", key=found, entry=added)) + "\n" if asked.json else f"{found}\n")


@key_app.command("add")
@recording
def add_key(
    asked: Recording,
    reason: Annotated[str | None, typer.Option("--reason", help="Why there is another one.")] = None,
    origin: Annotated[
        str | None,
        typer.Option("--origin", metavar="NAME", help="What checkpoints call the ledger; for its first key."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Where the key is kept, or is already.")
    ] = None,
) -> None:
    """Make a signing key for this ledger; from the next checkpoint on it signs."""
    from verbale.signing import ledger_key, origin_of

    with asked.open() as ledger:
        known = ledger.signing_keys()
        if known and origin is not None and origin != known[0].key.name:
            raise Refused(f"this ledger is {known[0].key.name} already", hint="leave --origin out")
        name = known[0].key.name if known else origin or origin_of(ledger.place.name)
        verifier = ledger_key(name, key).verifier
        done = ledger.add_key(verifier, reason)
    where = "the ledger's first key" if done is None else f"recorded as e{done.entry}"
    if asked.json:
        entry = None if done is None else done.entry
        write(asked.output, dumped(envelope("key", key=verifier.format(), entry=entry)) + "\n")
    else:
        write(asked.output, f"{verifier.format()}\n")
        tell(f"Made, {where}. Give this line to your readers by another way than the ledger", quiet=asked.quiet)


@key_app.command("retire")
@recording
def retire_key(
    asked: Recording,
    key: Annotated[str, typer.Argument(metavar="ID|KEY", help="Eight digits after the first +, or the whole key.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it signs no more.")],
) -> None:
    """Let a key sign no more; what it has signed stays signed."""
    from verbale.cli.telling import tell_recorded

    with asked.open() as ledger:
        tell_recorded(asked, ledger, ledger.retire_key(key, reason))


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(checkpoint)
    app.add_typer(key_app, name="key")
