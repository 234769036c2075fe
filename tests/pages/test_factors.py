"""The product of factors: what the page computes, and what a hand moves."""

import math

import pytest

from mitseq.pages.factors import factors_page
from tests.pages.conftest import HOSTILE

ACT = {
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "relu": lambda z: max(z, 0.0),
    "identity": lambda z: z,
}


@pytest.fixture(scope="module")
def page(opened):
    found = opened(factors_page())
    yield found.page
    assert found.messages == [] and found.outside() == []


def last_state(h, W, x, T, activation, f):
    for _ in range(T):
        new = ACT[activation](W * h + x)
        h = new if f is None else f * h + (1 - f) * new
    return h


@pytest.mark.parametrize("activation", ACT)
@pytest.mark.parametrize("f", [None, 0.9])
def test_products_are_derivatives(page, activation, f):
    setting = {"W": 0.8, "x": 0.3, "T": 7, "activation": activation, "f": f}
    found = page.evaluate(
        "setting => computed({ ...setting, most: null })", setting
    )

    def h_T(h_0=0.5, W=0.8):
        return last_state(h_0, W, 0.3, 7, activation, f)

    e = 1e-5
    slope = (h_T(0.5 + e) - h_T(0.5 - e)) / (2 * e)
    assert found["products"][0] == pytest.approx(slope, rel=1e-5)
    assert found["products"][7] == 1
    slope = (h_T(W=0.8 + e) - h_T(W=0.8 - e)) / (2 * e)
    assert found["gradient"] == pytest.approx(slope, rel=1e-5)
    assert found["states"][7] == pytest.approx(h_T(), rel=1e-9)


def set_all(page, activation, weight, length):
    page.locator("#activation").select_option(activation)
    page.locator("#weight").fill(str(weight))
    page.locator("#length").fill(str(length))


def test_it_vanishes_explodes_and_arrives(page):
    set_all(page, "identity", 0.5, 40)
    assert page.locator("#says").inner_text().startswith("It has vanished")
    set_all(page, "identity", 1.5, 40)
    assert page.locator("#says").inner_text().startswith("It explodes")
    assert "= 1.1 · 10⁷" in page.locator("#says").inner_text()  # 1.5^40
    page.locator("#irnn").click()
    assert page.locator("#weight").input_value() == "1"
    assert page.locator("#says").inner_text().startswith("It arrives")
    assert page.locator("#irnn").get_attribute("aria-pressed") == "true"


def test_points_beyond_the_scale_are_hollow(page):
    for W, beyond in ((0.5, range(4)), (1, []), (2, range(4))):
        set_all(page, "identity", W, 30)  # 2^27 and more, 2^-27 and less
        is_beyond = page.locator("#plot .point").evaluate_all(
            "all => all.map((point) => point.classList.contains('beyond'))"
        )
        assert [t for t, is_it in enumerate(is_beyond) if is_it] == [*beyond]


def test_a_point_is_dragged_and_the_weight_follows(page):
    set_all(page, "identity", 1, 10)
    grip = page.locator("#plot .grip").first
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=8)
    page.mouse.up()
    up = float(page.locator("#weight").input_value())
    assert 1 < up <= 3
    page.mouse.move(x, y - 80)  # nothing is held any more
    assert float(page.locator("#weight").input_value()) == up
    page.locator("#weight").focus()
    page.keyboard.press("ArrowRight")
    assert float(page.locator("#weight").input_value()) == pytest.approx(
        up + 0.01
    )


def test_a_gate_lets_it_arrive_and_clipping_shortens_the_step(page):
    set_all(page, "tanh", 0.5, 60)
    assert page.locator("#says").inner_text().startswith("It has vanished")
    assert not page.locator("#forget").is_visible()
    page.locator("#gates").check()
    page.locator("#forget").fill("0.99")
    assert page.locator("#says").inner_text().startswith("It arrives")
    page.locator("#gates").uncheck()
    set_all(page, "identity", 1.4, 40)
    page.locator("#clip").check()
    page.locator("#norm").fill("2")
    assert "the direction stays" in page.locator("#learned").inner_text()
    gradient, shrink = page.evaluate(
        """() => { const found = computed(settingNow());
            return [found.gradient, found.shrink]; }"""
    )
    assert abs(gradient) * shrink == pytest.approx(2)
    assert page.locator("#plot .raw").count() == 1
    page.locator("#clip").uncheck()


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "dark")]
)
def test_it_fits_the_screen_and_axe_finds_nothing(opened, size, scheme):
    found = opened(factors_page(), size, color_scheme=scheme)
    width = found.page.viewport_size["width"]
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.violations() == {}


def test_a_hostile_title_stays_text(opened):
    title = "".join(HOSTILE)
    found = opened(factors_page(title))
    assert found.page.locator("h1").inner_text() == title
    assert found.page.locator("main img, main style").count() == 0
    assert found.messages == []
