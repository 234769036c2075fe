"""`mitseq devices`: what TensorFlow sees, and what each job would use."""

import click

from mitseq.cli.options import device_option, json_option
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.training import precision_option
from mitseq.cli.work import at_work

AS_TRAINED = "of the model: as it was trained"


@command(
    "mitseq devices",
    "mitseq devices --device gpu:1 --precision mixed_bfloat16 --json",
)
@device_option
@precision_option
@json_option
def devices(device: str, precision: str, as_json: bool) -> None:
    """List the devices that TensorFlow sees, and what each job would use."""
    with at_work():
        from mitseq.devices import find_device, hint, list_devices
        from mitseq.precision import advice

        found = list_devices()
        used = find_device(device)
        gain = advice(used, precision)
    why = _why(device, used)
    trainings, uses = commands_on_devices()
    jobs = [_job(name, used, why, precision, gain) for name in trainings]
    jobs += [_job(name, used, why, None, AS_TRAINED) for name in uses]
    text = hint(found)
    if as_json:
        listed = [
            {"name": d.name, "kind": d.kind, "description": d.description}
            for d in found
        ]
        print_json(
            {
                "devices": listed,
                "device": device,
                "used": used.name,
                "jobs": jobs,
                "hint": text,
            }
        )
        return
    width = max(len(d.name) for d in found)
    for d in found:
        click.echo(f"{d.name:{width}}  {d.description}")
    click.echo(f"a job with --device {device} runs on {used.name}: {why}")
    for job in jobs:
        numbers = job["precision"] or "precision"
        click.echo(f"  {job['job']:18}  {used.name}  {numbers}  {job['gain']}")
    if text:
        remark(text)


def commands_on_devices() -> tuple[list[str], list[str]]:
    """Returns the commands that train, and the others that take a device."""
    from mitseq.cli import cli

    found: tuple[list[str], list[str]] = ([], [])
    context = click.Context(cli)
    for task in cli.list_commands(context):
        group = cli.get_command(context, task)
        if not isinstance(group, click.Group):
            continue
        for verb in group.list_commands(context):
            options = {p.name for p in group.get_command(context, verb).params}
            if "device" in options:
                found["precision" not in options].append(f"{task} {verb}")
    return found


def _why(device: str, used) -> str:
    if device.lower() != "auto":
        return "asked for"
    if used.kind == "gpu":
        return "the first GPU"
    return "TensorFlow sees no GPU"


def _job(name, used, why, precision, gain) -> dict:
    return {
        "job": name,
        "device": used.name,
        "why": why,
        "precision": precision,
        "gain": gain,
    }
