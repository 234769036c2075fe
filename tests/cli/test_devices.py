import subprocess
import sys

from mitseq import devices


def test_devices_lists_and_tells_what_a_job_uses(run):
    outcome = run("devices", "--device", "cpu")
    assert outcome.code == 0
    assert outcome.stdout.startswith("cpu:0")
    assert "a job with --device cpu runs on cpu:0" in outcome.stdout


def test_devices_json_is_one_document(run, monkeypatch):
    found = [
        devices.Device("cpu:0", "a processor"),
        devices.Device("gpu:0", "a card"),
    ]
    monkeypatch.setattr(devices, "list_devices", lambda: found)
    outcome = run("devices", "--json")
    assert outcome.json["used"] == "gpu:0"
    assert outcome.json["devices"][1] == {
        "name": "gpu:0",
        "kind": "gpu",
        "description": "a card",
    }


def test_devices_bad_names_and_missing_ones_are_one_line(run):
    assert run("devices", "--device", "tpu").is_mistake("--device", "tpu")
    assert run("devices", "--device", "gpu:9").is_mistake("cpu:0", "gpu:9")


def test_devices_process_prints_nothing_of_tensorflow(run_process):
    outcome = run_process("devices", "--device", "cpu")
    assert outcome.code == 0
    assert outcome.stderr == ""
    assert len(outcome.stdout.splitlines()) >= 2


def test_devices_console_script_is_the_module(tmp_path):
    code = "from mitseq.cli import main; import sys; sys.argv = "
    done = subprocess.run(
        [sys.executable, "-c", code + "['mitseq', '--version']; main()"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and done.stdout.startswith("mitseq, version ")


def test_devices_says_for_each_job_what_it_takes_and_why(run, monkeypatch):
    monkeypatch.setattr(
        "mitseq.precision._cpu_flags", lambda: frozenset({"sse"})
    )
    jobs = {
        job["job"]: job
        for job in run(
            "devices", "--device", "cpu", "--precision", "mixed_bfloat16",
            "--json",
        ).json["jobs"]
    }  # fmt: skip
    train = jobs["music train"]
    assert train["device"] == "cpu:0" and train["why"] == "asked for"
    assert train["precision"] == "mixed_bfloat16"
    assert "no units for bfloat16" in train["gain"]
    assert jobs["sentiment export"]["precision"] is None
    assert {name.split()[1] for name in jobs} >= {
        "train", "generate", "predict", "evaluate", "diagnose", "export"
    }  # fmt: skip
    outcome = run("devices")
    assert "runs on cpu:0: TensorFlow sees no GPU" in outcome.stdout
    assert "what mitseq is measured with" in outcome.stdout


def test_every_job_takes_a_device_and_says_what_ran_where():
    from mitseq.cli import cli
    from mitseq.cli.devices import commands_on_devices

    trainings, uses = commands_on_devices()
    tasks = ("music", "sentiment", "ball", "words", "tag", "forecast")
    tasks += ("translate", "caption")
    assert {f"{task} train" for task in tasks} == set(trainings)
    assert {"music generate", "sentiment diagnose", "ball predict"} <= set(uses)
    for job in (*trainings, *uses):
        task, verb = job.split()
        command = cli.get_command(None, task).get_command(None, verb)
        options = {option.name for option in command.params}
        # a server has no end at which to tell where it ran
        needed = {"device"} if verb == "serve" else {"device", "verbose"}
        assert needed <= options, job
        assert ("precision" in options) == (job in trainings), job
        # whoever can train can train together
        together = {"devices", "workers", "task", "resume"}
        assert together <= options or job in uses, job
