"""`prove` and `witness`: proofs that travel by mail or on a stick, and the people who cosign."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.errors import Refused, UnknownName, Unparsable
from verbale.cli.options import Json, Output, Quiet, Recording, recording
from verbale.cli.output import UNWRITTEN, dumped, envelope, spare_databases, tell, write
from verbale.cli.reading import bytes_in, policy_in, verifier_key

if TYPE_CHECKING:
    from ledger.transparency.keys import VerifierKey
    from ledger.transparency.policy import Policy

_ENTRY = re.compile("e?([1-9][0-9]{0,17})")
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY|FILE", help="A verifier key that you were given; may be said again."),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="Whose signatures are required (C2SP tlog-policy).")
]


@recording
def prove(
    asked: Recording,
    entry: Annotated[str | None, typer.Argument(metavar="[eN]", help="The entry, as in e31.")] = None,
    within: Annotated[str | None, typer.Option("--in", metavar="cpN", help="In this checkpoint, not the last.")] = None,
    consistency: Annotated[
        str | None, typer.Option("--consistency", metavar="cpN..cpM", help="Prove that the journal only grew.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Check a proof that came by mail.")
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Check that it grew from this one, which you kept.")
    ] = None,
    key: Keys = None,
    policy: PolicyFile = None,
) -> None:
    """Prove that an entry is in the journal, or that it only grew."""
    if (entry is not None) + (consistency is not None) + (check is not None) != 1:
        raise Unparsable("name one entry, or --consistency, or --check", hint="verbale prove e31 -o e31.tlog-proof")
    if check is not None:
        hint = "--key takes the line that the ledger's people gave you; verbale status prints it on their side"
        trust = _trust(key, policy, "a proof", hint)
        if checkpoint is None:
            _check(asked, check, trust)
        else:
            _check_growth(asked, check, checkpoint, trust)
        return
    with asked.open() as ledger:
        if consistency is not None:
            grown = ledger.prove_growth(consistency)
            fields, kind, file = grown.as_json(), "consistency", None if asked.json else grown.as_file()
        else:
            number = _ENTRY.fullmatch(entry or "")
            if number is None:
                raise UnknownName(f"no entry '{entry}'", hint="use its number, as in e31")
            found = ledger.prove(int(number[1]), within)
            fields, kind, file = found.as_json(), "inclusion", None if asked.json else found.as_file()
    _put(asked.output, dumped(envelope(kind, **fields)).encode() + b"\n" if file is None else file)


def _put(output: Path | None, data: bytes) -> None:
    """Write bytes as they are."""
    if output is None or str(output) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        spare_databases(output)
        output.write_bytes(data)
    except OSError as error:
        raise Refused(f"cannot write {output}: {error.strerror}", hint=UNWRITTEN) from None


def _trust(keys: list[str] | None, policy: Path | None, what: str, hint: str) -> Policy | list[VerifierKey]:
    if policy is not None and keys:
        raise Unparsable("--key and --policy are two ways to say whom you trust", hint="a policy names keys: log VKEY")
    if policy is not None:
        return policy_in(policy)
    if not keys:
        raise Unparsable(f"{what} is held against a key that you were given", hint=hint)
    return [verifier_key(one) for one in keys]


def _check(asked: Recording, file: Path, trust: Policy | list[VerifierKey]) -> None:
    from ledger.codec import parse_line
    from verbale.proving import check_proof

    line, opened = check_proof(bytes_in(file, "a proof that verbale prove wrote"), trust)
    entry = parse_line(line).entry
    body, names = opened.checkpoint, [one.key.name for one in opened.signatures]
    if asked.json:
        fields = {"ok": True, "entry": entry, "size": body.size, "origin": body.origin, "signed_by": names}
        write(asked.output, dumped(envelope("proof", **fields, line=line.decode())) + "\n")
        return
    tell(f"OK: e{entry} of {body.origin}, among {body.size:,} entries, signed by {', '.join(names)}", quiet=asked.quiet)
    write(asked.output, line.decode() + "\n")


def _check_growth(asked: Recording, file: Path, kept: Path, trust: Policy | list[VerifierKey]) -> None:
    from verbale.proving import check_growth

    older = bytes_in(kept, "a checkpoint that you kept")
    old, new = check_growth(bytes_in(file, "a proof that verbale prove --consistency wrote"), older, trust)
    names = [one.key.name for one in new.signatures]
    before, after = old.checkpoint.size, new.checkpoint.size
    if asked.json:
        fields = {"ok": True, "origin": new.checkpoint.origin, "from_size": before, "to_size": after}
        write(asked.output, dumped(envelope("growth", **fields, signed_by=names)) + "\n")
        return
    said = f"OK: {new.checkpoint.origin} only grew, from {before:,} to {after:,} entries, signed by {', '.join(names)}"
    write(asked.output, f"{said}\n")


witness_app = typer.Typer(help="Witnesses: who cosigns that the ledger only grew.", no_args_is_help=True)


@witness_app.command("init")
def init_witness(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The witness, best a name like embassy.example/paris.")],
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="Where its key is kept.")] = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Make a witness's key, on the witness's machine; print what its readers are given."""
    from ledger.transparency.keys import COSIGNER
    from verbale.signing import make_key

    write(output, make_key(name, COSIGNER, key).verifier.format() + "\n")
    tell("Made. Give that line to the ledger's people and readers", quiet=quiet)


@witness_app.command("ask")
@recording
def ask_witness(
    asked: Recording,
    witness: Annotated[str, typer.Argument(metavar="KEY|FILE", help="The witness's verifier key.")],
    old: Annotated[
        int | None, typer.Option("--from", metavar="SIZE", min=0, help="The size that the witness says it knows.")
    ] = None,
) -> None:
    """Write the request that a witness is mailed: the last checkpoint, with a proof."""
    with asked.open() as ledger:
        request = ledger.request(verifier_key(witness), old)
    if not asked.json:
        _put(asked.output, request)
        return
    from ledger.transparency.checkpoint import parse_checkpoint
    from ledger.transparency.note import parse_note
    from ledger.transparency.witness import parse_request

    said = parse_request(request)
    body = parse_checkpoint(parse_note(said.checkpoint).text)
    fields = {"origin": body.origin, "from_size": said.old, "to_size": body.size, "request": request.decode()}
    write(asked.output, dumped(envelope("request", **fields)) + "\n")


@witness_app.command("sign")
def sign_as_witness(
    request: Annotated[Path, typer.Argument(metavar="FILE", help="The request that came.")],
    key: Annotated[str, typer.Option("--key", metavar="FILE|KEY", help="The witness's key, or which of yours.")],
    log: Annotated[
        str | None, typer.Option("--log", metavar="KEY|FILE", help="The ledger's key; needed the first time.")
    ] = None,
    memory: Annotated[
        Path | None, typer.Option("--memory", metavar="FILE", help="What was cosigned before, else in your own folder.")
    ] = None,
    output: Output = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Cosign a ledger's checkpoint, on the witness's machine, if the ledger only grew."""
    import time

    from ledger.transparency.checkpoint import parse_checkpoint
    from ledger.transparency.note import parse_note
    from verbale.signing import cosigner_named, memory_file
    from verbale.witnessing import Memory, cosign

    signer = cosigner_named(key)
    kept = Memory(memory or memory_file(signer.verifier))
    told = None if log is None else verifier_key(log)
    note, before = cosign(bytes_in(request, "a request of a ledger"), signer, kept, log=told, now=int(time.time()))
    body = parse_checkpoint(parse_note(note).text)
    if json:
        fields = {"origin": body.origin, "from_size": before, "to_size": body.size, "note": note.decode()}
        write(output, dumped(envelope("cosigned", **fields)) + "\n")
        return
    grew = f"grew from {before:,} to {body.size:,} entries" if before else f"first seen, with {body.size:,} entries"
    grew = f"has {body.size:,} entries, as before" if before == body.size else grew
    tell(f"Cosigned {body.origin}: {grew}", quiet=quiet)
    _put(output, note)


@witness_app.command("take")
@recording
def take_cosignature(
    asked: Recording,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the witness sent back.")],
    key: Keys = None,
    policy: PolicyFile = None,
) -> None:
    """Take in a cosigned checkpoint, on the ledger's machine."""
    hint = "--key takes the line that the witness's people gave you; verbale witness init printed it on their side"
    trust = _trust(key, policy, "a cosignature", hint)
    keys = trust if isinstance(trust, list) else [one.key for one in trust.witnesses]
    with asked.open() as ledger:
        done = ledger.take_cosignature(bytes_in(file, "a checkpoint that came back from a witness"), keys)
    names = [one.name for one in done.witnesses]
    if asked.json:
        fields = {"checkpoint": done.checkpoint.number, "witnesses": names, "already": not done.new}
        write(asked.output, dumped(envelope("cosignatures", **fields)) + "\n")
        return
    what = "is cosigned by" if done.new else "was cosigned before by"
    write(asked.output, f"cp{done.checkpoint.number} {what} {', '.join(names)}\n")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(prove)
    app.add_typer(witness_app, name="witness")
