import errno
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import numpy as np
import pytest
from click.shell_completion import ShellComplete, get_completion_class
from click.testing import CliRunner

from mitseq.cli import cli, program
from mitseq.cli.program import ManyPaths, Program, one_line
from mitseq.errors import MitseqError

VERBS = {
    "music": tuple(
        "generate continue vary prepare shard train discriminate evaluate "
        "export check render compare judge".split()
    ),
    "sentiment": tuple(
        "predict explain shard train evaluate diagnose export serve".split()
    ),
    "words": tuple(
        "predict generate train evaluate neighbors embedding".split()
    ),
    "tag": ("predict", "train", "evaluate"),
    "ball": ("predict", "train", "evaluate", "simulate"),
    "forecast": ("predict", "train", "evaluate", "stream", "simulate"),
    "caption": ("predict", "draw", "train", "evaluate"),
    "translate": ("sentence", "align", "train", "evaluate"),
    "slides": ("list", "show", "find"),
    "quiz": ("ask", "cards", "page"),
    "page": ("save", "show", "list"),
    "exercises": ("list", "start", "check"),
}


def _commands():
    """Every command with its words, `(("music", "check"), command)`."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        yield (name,), command
        if isinstance(command, click.Group):
            for verb in command.list_commands(context):
                yield (name, verb), command.get_command(context, verb)


def check_command_line(line):
    """Raises where a line is no command that mitseq understands."""
    name, *args = shlex.split(line.partition(" < ")[0])
    assert name == "mitseq"
    command = cli
    while isinstance(command, click.Group):
        # the group itself says where words that are no verb go
        context = command.make_context(command.name, args)
        words = [*context._protected_args, *context.args]
        if not words:
            return
        _, command, args = command.resolve_command(context, words)
    command.make_context(command.name, args)


def test_verbs_are_those_that_others_rely_on():
    words = [w for w, _ in _commands()]
    assert set(words) == {
        ("devices",),
        *((group,) for group in VERBS),
        *((group, verb) for group in VERBS for verb in VERBS[group]),
    }


@pytest.mark.parametrize("words", [w for w, _ in _commands()], ids=" ".join)
def test_help_has_an_example_that_parses(run, words):
    outcome = run(*words, "--help")
    assert outcome.code == 0 and outcome.stderr == ""
    _, _, examples = outcome.stdout.partition("  Example:\n")
    lines = [line for line in examples.splitlines() if line.strip()]
    assert lines
    for line in lines:
        check_command_line(line)


def test_help_of_every_verb_offers_json(run):
    for verb in VERBS["music"]:
        assert "--json" in run("music", verb, "--help").stdout
    assert "--json" in run("devices", "--help").stdout


def test_without_a_word_the_help_is_shown(run):
    outcome = run()
    assert outcome.code == 0
    assert "music" in outcome.stdout and "devices" in outcome.stdout


def test_unknown_words_are_one_line(run):
    assert run("nonsense").is_mistake("No such command 'nonsense'")
    assert run("music", "nonsense").is_mistake("No such command 'nonsense'")
    assert "Did you mean" not in run("music", "nonsense").stderr
    assert run("music", "check", "--nonsense").is_mistake("--nonsense")
    assert run("music", "check").is_mistake("mitseq music check --help")


@pytest.mark.parametrize(
    "words, meant",
    [
        (["sentimnt"], "sentiment"),
        (["music", "trian"], "train"),
        (["slides", "shwo", "lstm"], "show"),
        (["sentiment", "trian", "--data", "x"], "train"),
        (["sentiment", "exprot", "--out", "x"], "export"),
    ],
)
def test_a_slip_in_a_word_is_told_the_close_one(run, words, meant):
    word = next(w for w in words if w not in VERBS)
    done = run(*words)
    assert done.is_mistake(f"No such command '{word}' (Did you mean '{meant}'?")


# What a shell offers


@pytest.fixture
def documented():
    page = Path(__file__).parents[2] / "docs" / "command_line.md"
    return page.read_text(encoding="utf-8")


def _offered(line):
    """What may stand for the last word of a line, which may be empty.

    "FILE" stands for what the shell itself finds.
    """
    *words, last = line.split(" ")
    shell = ShellComplete(cli, {}, "mitseq", "_MITSEQ_COMPLETE")
    return [
        "FILE" if item.type == "file" else item.value
        for item in shell.get_completions(words[1:], last)
    ]


@pytest.mark.parametrize("group", VERBS)
def test_a_shell_is_offered_the_verbs(group):
    assert _offered(f"mitseq {group} ") == list(VERBS[group])


def test_a_shell_is_offered_what_fits():
    assert _offered("mitseq mu") == ["music"]
    assert _offered("mitseq sentiment ev") == ["evaluate"]
    assert _offered("mitseq music train --cell l") == ["lstm"]
    assert _offered("mitseq music check ") == ["FILE"]
    for path in ("", "my.abc ", "my.abc more"):
        assert _offered(f"mitseq music train --data {path}") == ["FILE"]
    assert _offered("mitseq music train --data a --units ") == []
    assert _offered("mitseq music train --data a --cell g") == ["gru"]
    assert "--data" in _offered("mitseq music train --data a --")
    # without a verb, what the default takes
    assert _offered("mitseq music --k") == ["--key"]
    assert _offered("mitseq music --seed 7 --k") == ["--key"]
    assert _offered("mitseq sentiment --exp") == ["--explain"]
    # a word that is no verb is no reason to complain while somebody types
    assert _offered("mitseq nonsense x") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_after_the_documented_line(tmp_path, documented):
    (line,) = re.findall(r"`(eval .*bash_source.*?)`", documented)
    name = tmp_path / "mitseq"
    name.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mitseq "$@"\n')
    name.chmod(0o755)
    script = (
        f"{line}; COMP_WORDS=(mitseq music tr); COMP_CWORD=2; "
        '_mitseq_completion mitseq; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("train\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_for_all_shells_are_documented(shell, documented):
    assert f"_MITSEQ_COMPLETE={shell}_source mitseq" in documented
    kind = get_completion_class(shell)
    source = kind(cli, {}, "mitseq", "_MITSEQ_COMPLETE").source()
    assert f"_MITSEQ_COMPLETE={shell}_complete" in source


def _ends_with(error, capsys):
    @click.group(cls=Program)
    def group():
        pass

    @group.command()
    def work():
        if error is not None:
            raise error

    with pytest.raises(SystemExit) as end:
        group.main(["work"])
    return end.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    "error, code, message",
    [
        (None, 0, ""),
        (MitseqError("two\nlines \x1b[2J"), 2, "two lines ?[2J"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, None),
        (OSError(errno.ENOSPC, "No space left"), 2, "cannot write: No space"),
        (PermissionError(errno.EACCES, "Denied", "a.abc"), 2, "a.abc: Denied"),
        (MemoryError(), 2, "not enough memory"),
        (type("ResourceExhaustedError", (Exception,), {})(), 2, "memory"),
    ],
)
def test_errors_become_one_line_and_a_code(
    error, code, message, capsys, monkeypatch
):
    monkeypatch.setattr(program, "_drop_stdout", lambda: None)
    ended, err = _ends_with(error, capsys)
    assert ended == code
    if message:
        assert err.startswith("mitseq: error: ") and message in err
        assert err.count("\n") == 1
    else:
        assert err == ""


def test_a_bug_keeps_its_traceback(capsys):
    @click.group(cls=Program)
    def group():
        pass

    @group.command()
    def work():
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        group.main(["work"])


@pytest.mark.parametrize(
    "args, expected",
    [
        (["--data", "a"], ["a"]),
        (["--data", "a", "b", "c"], ["a", "b", "c"]),
        (["--data", "a", "--data", "b"], ["a", "b"]),
        (["--data=a", "b", "--flag"], ["a", "b"]),
        (["--flag", "--data", "a", "b"], ["a", "b"]),
        ([], []),
    ],
)
def test_many_paths_spreads_data(args, expected):
    @click.command(cls=ManyPaths)
    @click.option("--data", multiple=True)
    @click.option("--flag", is_flag=True)
    def command(data, flag):
        click.echo(",".join(data))

    result = CliRunner().invoke(command, args)
    assert result.output == ",".join(expected) + "\n"


@pytest.mark.parametrize("args", [["--data"], ["a"], ["--flag", "a"]])
def test_many_paths_other_words_stay_a_mistake(args):
    @click.command(cls=ManyPaths)
    @click.option("--data", multiple=True)
    @click.option("--flag", is_flag=True)
    def command(data, flag):
        pass

    assert CliRunner().invoke(command, args).exit_code == 2


def test_one_line_keeps_letters_of_all_languages():
    assert one_line("Dún\tna  nGall\r\n–x\x00") == "Dún na nGall –x?"


def test_print_json_takes_numbers_of_numpy_and_no_nan(capsys):
    program.print_json(
        {"a": np.float32(0.5), "b": float("nan"), 3: (np.int64(1), True)}
    )
    out = capsys.readouterr().out
    assert program.json.loads(out) == {"a": 0.5, "b": None, "3": [1, True]}


def test_help_and_check_load_no_tensorflow(run_process, good):
    code = (
        "import sys\n"
        "from mitseq.cli import cli\n"
        "try:\n    cli.main(sys.argv[1:])\n"
        "except SystemExit as end:\n"
        "    heavy = {'tensorflow', 'keras', 'music21', 'matplotlib'}\n"
        "    print(end.code, sorted(heavy & set(sys.modules)))\n"
    )
    for args in (["--help"], ["music", "check", "good.abc"], ["music", "-h"]):
        outcome = run_process(*args, python=("-c", code))
        assert outcome.stdout.splitlines()[-1] == "0 []"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_full_disk_behind_standard_output_is_one_line(run_process, good):
    with open("/dev/full", "w") as full:
        outcome = run_process("music", "check", good, "--json", stdout=full)
    assert outcome.code == 2
    assert outcome.stderr == (
        "mitseq: error: cannot write: No space left on device\n"
    )


def test_reader_that_goes_away_is_no_error(tmp_path, good):
    work = subprocess.Popen(
        [sys.executable, "-m", "mitseq", "music", "check", "--json", good],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    work.stdout.close()
    error = work.stderr.read()
    work.stderr.close()
    assert work.wait() == program.BROKEN_PIPE
    assert error == b""
