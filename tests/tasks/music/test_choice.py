"""The command line reads these before anything heavy is loaded."""

import subprocess
import sys

from mitseq.tasks.music.choice import CHOOSE_FROM, MOST_CHOICES


def test_they_are_known_without_keras():
    program = (
        "import sys, mitseq.tasks.music.choice; "
        "print({'keras', 'tensorflow', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()", done.stderr


def test_what_is_usual_is_allowed():
    assert 1 < CHOOSE_FROM <= MOST_CHOICES
