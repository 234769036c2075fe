"""`mitseq devices`: what TensorFlow sees, and what a job would use."""

import click

from mitseq.cli.options import device_option, json_option
from mitseq.cli.program import command, print_json, remark
from mitseq.cli.work import at_work


@command("mitseq devices", "mitseq devices --device gpu:1 --json")
@device_option
@json_option
def devices(device: str, as_json: bool) -> None:
    """List the devices that TensorFlow sees, and what a job would use."""
    with at_work():
        from mitseq.devices import find_device, hint, list_devices

        found = list_devices()
        used = find_device(device)
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
                "hint": text,
            }
        )
        return
    width = max(len(d.name) for d in found)
    for d in found:
        click.echo(f"{d.name:{width}}  {d.description}")
    click.echo(f"a job with --device {device} runs on {used.name}")
    if text:
        remark(text)
