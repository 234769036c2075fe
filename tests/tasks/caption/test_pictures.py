"""Pictures of any kind arrive as the model sees them, or are named."""

import io

import numpy as np
import pytest
from PIL import Image

from mitseq.errors import MitseqError
from mitseq.tasks.caption.pictures import (
    PictureError,
    find_pictures,
    pillow,
    read_picture,
    write_picture,
)


def corner(size=(40, 40), mode="L"):
    """White, with a black quarter at the top left."""
    picture = Image.new("L", size, 255)
    picture.paste(0, (0, 0, size[0] // 2, size[1] // 2))
    return picture.convert(mode)


def quarters(path, size=16, channels=1):
    """Mean grey of top left, top right, bottom left and bottom right."""
    seen = read_picture(path, size, channels)
    assert seen.shape == (size, size, channels) and seen.dtype == np.uint8
    half = size // 2
    return [
        seen[rows, columns].mean()
        for rows in (slice(half), slice(half, None))
        for columns in (slice(half), slice(half, None))
    ]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA", "CMYK"])
def test_every_mode_arrives_as_the_same_picture(tmp_path, mode):
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    corner(mode=mode).save(path)
    for channels in (1, 3):
        found = quarters(path, channels=channels)
        np.testing.assert_allclose(found, [0, 255, 255, 255], atol=12)


def test_sixteen_bits_and_floats_keep_their_range(tmp_path):
    values = np.asarray(corner()).astype("uint16") * 257
    Image.fromarray(values).save(tmp_path / "a.png")
    np.testing.assert_allclose(
        quarters(tmp_path / "a.png"), [0, 255, 255, 255], atol=12
    )
    share = np.asarray(corner(), "float32") / 255
    Image.fromarray(share).save(tmp_path / "a.tif")
    np.testing.assert_allclose(
        quarters(tmp_path / "a.tif"), [0, 255, 255, 255], atol=12
    )


def test_what_is_transparent_is_white_paper(tmp_path):
    picture = corner(mode="RGBA")
    hidden = Image.new("RGBA", (40, 20), (0, 0, 0, 0))  # black, but not seen
    picture.paste(hidden, (0, 20))
    picture.save(tmp_path / "a.png")
    np.testing.assert_allclose(
        quarters(tmp_path / "a.png"), [0, 255, 255, 255], atol=12
    )
    palette = corner(mode="P")
    palette.info["transparency"] = 0
    palette.save(tmp_path / "b.png", transparency=0)  # its black is not seen
    assert min(quarters(tmp_path / "b.png")) > 240


def test_a_photo_stands_as_its_camera_was_held(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    corner(mode="RGB").save(tmp_path / "a.jpg", exif=exif)
    found = quarters(tmp_path / "a.jpg")
    np.testing.assert_allclose(found, [255, 0, 255, 255], atol=20)


def test_what_is_not_square_gets_margins_of_its_edge(tmp_path):
    wide = Image.new("L", (80, 20), 200)
    wide.paste(0, (30, 5, 50, 15))
    wide.save(tmp_path / "a.png")
    seen = read_picture(tmp_path / "a.png", 16)[..., 0]
    assert (seen[:5] == 200).all() and (seen[-5:] == 200).all()
    assert seen[7:9, 7:9].max() < 60
    Image.new("L", (900, 1), 90).save(tmp_path / "line.png")
    assert (read_picture(tmp_path / "line.png", 8) == 90).all()


def test_colors_stay_or_turn_grey(tmp_path):
    Image.new("RGB", (9, 9), (255, 0, 0)).save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png", 8, 3)[0, 0].tolist() == [255, 0, 0]
    assert read_picture(tmp_path / "a.png", 8, 1)[0, 0].tolist() == [76]


def png(picture):
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a picture"),
        (b"no picture at all", "not a picture"),
        (png(corner())[:60], "truncated|damaged|cannot be read|not a picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged|not a picture|cannot"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_no_picture_is_one_line(tmp_path, content, words):
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PictureError, match=words) as caught:
        read_picture(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_truncated_photo_is_told(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3))
    data = io.BytesIO()
    Image.fromarray(noise.astype("uint8")).save(data, "JPEG")
    (tmp_path / "a.jpg").write_bytes(data.getvalue()[:9000])
    with pytest.raises(PictureError, match="truncated"):
        read_picture(tmp_path / "a.jpg")


@pytest.mark.parametrize("side", [120, 200])  # a warning, and an error
def test_a_bomb_is_refused(tmp_path, monkeypatch, side):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10_000)
    Image.new("L", (side, side)).save(tmp_path / "a.png")
    with pytest.raises(PictureError, match="more than the 10000 pixels"):
        read_picture(tmp_path / "a.png")
    Image.new("L", (90, 90)).save(tmp_path / "b.png")
    read_picture(tmp_path / "b.png")


def test_folders_are_searched_and_empty_ones_named(tmp_path):
    for name in ("b.PNG", "a.jpeg", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    found = find_pictures([tmp_path, "x.any"])
    assert [path.name for path in found] == ["a.jpeg", "b.PNG", "x.any"]
    with pytest.raises(PictureError, match="a folder without a picture"):
        find_pictures([tmp_path / "empty"])
    with pytest.raises(PictureError, match="a folder, expected a picture"):
        read_picture(tmp_path)


def test_what_is_written_is_read(tmp_path):
    picture = np.arange(64, dtype="uint8").reshape(8, 8)
    write_picture(tmp_path / "a.png", picture)
    seen = read_picture(tmp_path / "a.png", 8)[..., 0]
    np.testing.assert_array_equal(seen, picture)


def test_without_pillow_the_error_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MitseqError, match=r"pip install 'mitseq\[caption\]'"):
        pillow()
