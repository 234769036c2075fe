"""`mitseq ball simulate` writes what `predict` reads."""

import numpy as np

from mitseq.tasks.ball.paths import Box, read_path


def test_files_hold_paths_inside_the_box(run, tmp_path):
    box = (0, 0, 640, 480)
    args = ("ball", "simulate", "--count", 2, "--num-steps", 12, "--box", *box)
    done = run(*args)
    assert done.stdout.splitlines() == ["balls/ball-1.csv", "balls/ball-2.csv"]
    one, two = (
        read_path(tmp_path / line, Box(*box))
        for line in done.stdout.splitlines()
    )
    assert one.shape == two.shape == (12, 2) and (one != two).all()
    assert one.max() > 1
    assert run(*args).is_mistake("balls/ball-1.csv exists; --overwrite")
    again = run(*args, "--overwrite", "--json")
    assert len(again.json["files"]) == 2
    np.testing.assert_array_equal(
        one, read_path(tmp_path / "balls" / "ball-1.csv", Box(*box))
    )
    assert run("ball", "simulate", "--num-steps", 1).is_mistake("--num-steps")
