def test_files_of_the_projector_and_the_picture(run, trained, tmp_path):
    args = ("words", "embedding", "--model", trained, "--out", "p")
    done = run(*args)
    assert done.code == 0, done.stderr
    names = ["vectors.tsv", "metadata.tsv", "projector_config.pbtxt"]
    names.append("embedding.png")
    assert done.stdout.splitlines() == [f"p/{name}" for name in names]
    assert (tmp_path / "p/embedding.png").read_bytes().startswith(b"\x89PNG")
    again = run(*args)
    assert again.is_mistake("p/embedding.png exists", "--overwrite")
    (tmp_path / "p/embedding.png").unlink()
    assert run(*args).is_mistake("p/vectors.tsv exists", "--overwrite")
    found = run(*args, "--overwrite", "--json").json
    assert found["files"] == [f"p/{name}" for name in names]
    assert found["words"] == 13


def test_mistakes_are_one_line(run, trained, tmp_path):
    (tmp_path / "file").write_text("")
    args = ("words", "embedding", "--model", trained)
    assert run(*args).is_mistake("--out")
    assert run(*args, "--out", "file").is_mistake("expected a folder")
