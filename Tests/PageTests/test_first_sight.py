"""What a visitor meets: the page loads, is accessible in light, dark and on a phone, and fits."""

import pytest

from conftest import DESKTOP, PHONE, assert_accessible

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_page_loads_clean_and_accessible(server, open_page, screenshot, scheme, viewport):
    page = open_page(server.url, scheme, viewport)
    page.locator("#graph svg").wait_for()
    screenshot(page, f"idle-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.errors == []


def test_nothing_is_wider_than_a_phone(server, open_page):
    page = open_page(server.url, viewport=PHONE)
    page.locator("#graph svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def choose(page, flow):
    """Chooses a flow and waits until the server's picture of it is there."""
    page.select_option("#flow", flow)
    page.locator(f"#graph svg[data-flow={flow}]").wait_for()


def test_every_flow_is_drawn_with_all_its_states(server, open_page):
    page = open_page(server.url)
    flows = page.evaluate("fetch('/api/flows').then(answer => answer.json())")["flows"]
    assert flows
    for flow in flows:
        choose(page, flow["name"])
        drawn = page.locator("#graph .state").evaluate_all("nodes => nodes.map(node => node.dataset.state)")
        assert {state["name"] for state in flow["states"]} <= set(drawn)


def test_boxes_of_a_flow_do_not_overlap(server, open_page):
    page = open_page(server.url)
    for name in page.locator("#flow option").evaluate_all("options => options.map(option => option.value)"):
        choose(page, name)
        boxes = page.locator("#graph :is(.state, .everywhere) rect").evaluate_all(
            "rects => rects.map(rect => rect.getBBox()).map(({x, y, width, height}) => ({x, y, width, height}))")
        for index, one in enumerate(boxes):
            assert not any(_overlap(one, other) for other in boxes[index + 1:]), name


def _overlap(one, other):
    return (one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
            and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"])
