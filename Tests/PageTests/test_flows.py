"""The flow editor: write, check, save, roll back and try a flow, by keyboard too; and what it says when something is wrong."""

import json
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from conftest import DESKTOP, Held, assert_accessible, until
from server import Server

NARROW = {"width": 360, "height": 780}
LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", NARROW), ("dark", NARROW)]
TEXT = """states:
  ask: {collect: words, as: text, ask: Your words?, next: bye}
  bye:
    end: heard
    say: You said {words}.
"""
TOOL = """states:
  order: {collect: order, as: digits, length: 4, ask: Which order?, next: look-up}
  look-up:
    tool: GET http://127.0.0.1:1/orders/{order}
    save: {status: order.status}
    next: told
    failed: sorry
  told: {end: told, say: "It is {status}."}
  sorry: {end: not-told, say: Nobody is there.}
"""


@pytest.fixture(scope="module")
def flow_server():
    """A server whose flows these tests change."""
    running = Server().wait_until_ready()
    yield running
    running.stop()


def ask(server, path, method="GET", text=None, version=None):
    """Status and body of what somebody else does over REST."""
    headers = {"If-Match": f'"{version}"'} if version else {}
    request = urllib.request.Request(server.url + "/api/flows" + path, text and text.encode(), headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


@pytest.fixture
def flow(flow_server, request):
    """Adds a flow of the test's own; its name."""
    name = request.node.originalname.replace("test_", "").replace("_", "-")[:50].strip("-")
    status, _ = ask(flow_server, f"?name={name}", "POST", TEXT)
    assert status == 201
    yield name
    status, text = ask(flow_server, f"/{name}")
    if status == 200:
        ask(flow_server, f"/{name}", "DELETE", version=json.loads(text)["version"])


@pytest.fixture
def open_flow(open_page, flow_server):
    """Opens the editor with a flow whose graph is there."""

    def open_one(name="appointment", scheme="light", viewport=DESKTOP, server=flow_server, check="good"):
        page = open_page(f"{server.url}/flows.html#{name}", scheme, viewport, ready=False)
        page.locator(f"#flows [data-flow={name}][aria-current=true]").wait_for()
        checked(page, check)
        return page

    return open_one


def checked(page, state="good"):
    page.locator(f"#check-state[data-check={state}]").wait_for()


def write(page, text):
    page.fill("#text", text)


def current(page, state):
    """Waits until the conversation is in `state`, as the graph shows it."""
    page.locator(f"#graph [data-state='{state}'][data-current=true]").wait_for()


def say(page, line):
    page.fill("#dry-run-input", line)
    page.press("#dry-run-input", "Enter")


def choose(page, name):
    """Presses a button of the question that is asked; when it is gone, the focus is where it was before."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=name, exact=True).press("Enter")
    dialog.wait_for(state="detached")


def close_dialog(page):
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")


def text_is(page, text):
    expect(page.locator("#text")).to_have_value(text)


def cursor_line(page):
    return page.locator("#text").evaluate("area => area.value.slice(0, area.selectionStart).split('\\n').length")


def saved_text(server, name):
    return ask(server, f"/{name}/text")[1]


# ---- First sight ----


@pytest.mark.parametrize("scheme, viewport", LOOKS)
def test_page_is_accessible_and_fits(open_flow, screenshot, scheme, viewport):
    page = open_flow(scheme=scheme, viewport=viewport)
    current(page, "menu")
    say(page, "book please")
    current(page, "day")
    screenshot(page, f"flows-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    text = page.input_value("#text")
    write(page, text.replace("next: menu", "next: nowhere").replace("as: date", "as: dates"))
    checked(page, "bad")
    page.locator("#faults .fault-row").nth(1).press("Enter")
    page.locator("#highlights .fault").first.wait_for()
    screenshot(page, f"flows-faults-{scheme}-{viewport['width']}")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.errors == []


def test_every_page_leads_to_every_other_and_fits_a_phone(flow_server, open_page):
    names = ["/", "/flows.html", "/tests.html", "/load.html", "/voices.html", "/usage.html", "/keys.html"]
    for name in names:
        page = open_page(flow_server.url + name, viewport=NARROW, ready=False)
        page.locator("body[data-server-state=ready]").wait_for()
        links = page.locator(".pages a")
        assert links.evaluate_all("links => links.map(link => link.getAttribute('href'))") == names
        expect(page.locator(".pages [aria-current=page]")).to_have_attribute("href", name)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name
        tops = links.evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
        assert len(set(tops)) == 1, "the links stand in one line"


# ---- Writing ----


def test_a_flow_is_made_saved_and_deleted_by_keyboard_alone(flow_server, open_flow):
    page = open_flow()
    page.locator("#new").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("made-by-keys")
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("states:\nask: {collect: words, as: text, ask: Yes?, next: bye}\nbye: {end: heard}\n")
    text_is(page, re.compile("^states:\n  ask:"))  # A line after a colon is set in.
    checked(page)
    page.keyboard.press("Control+s")
    page.locator("[data-notice=flow-saved]").wait_for()
    expect(page.locator("#flow-name")).to_have_text("made-by-keys")
    expect(page.locator("#flow-state")).to_have_text("Version 1")
    assert "collect: words" in saved_text(flow_server, "made-by-keys")
    page.locator("#delete").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert_accessible(page)
    page.keyboard.press("Enter")  # What changes nothing has the focus.
    page.get_by_role("dialog").wait_for(state="detached")
    expect(page.locator("#delete")).to_be_focused()
    assert ask(flow_server, "/made-by-keys")[0] == 200
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("[data-notice=flow-deleted]").wait_for()
    assert ask(flow_server, "/made-by-keys")[0] == 404
    assert page.errors == []


def test_faults_stand_in_the_text_and_lead_to_their_lines(open_flow, flow):
    page = open_flow(flow)
    write(page, TEXT.replace("next: bye", "next: by").replace("end: heard", "ended: heard"))
    checked(page, "bad")
    rows = page.locator("#faults .fault-row")
    lines = [int(text.split()[1]) for text in rows.locator("b").all_inner_texts()]
    assert lines == sorted(lines) and 2 in lines and len(lines) >= 2
    expect(rows.first).to_contain_text("by")
    expect(page.locator("#gutter .fault")).to_have_count(len(set(lines)))
    expect(page.locator("#text")).to_have_attribute("aria-invalid", "true")
    rows.nth(len(lines) - 1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    assert cursor_line(page) == lines[-1]
    expect(page.locator("#graph")).to_have_attribute("data-stale", "true")
    write(page, TEXT)
    checked(page)
    expect(rows).to_have_count(0)
    expect(page.locator("#gutter .fault")).to_have_count(0)


def test_the_text_is_checked_after_a_pause_by_one_request_at_a_time(open_flow, flow):
    page = open_flow(flow)
    checks = Held(page, "**/api/flows/check?*")
    asked = []
    page.on("request", lambda request: asked.append(request.post_data) if "/api/flows/check?" in request.url else None)
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # From here on the page's time is what is typed below.
    page.locator("#text").focus()
    page.keyboard.press("Control+End")

    def type_on(text):
        for letter in text:
            page.keyboard.type(letter)
            page.clock.run_for(40)

    type_on("# a remark ")
    page.clock.run_for(400)
    checks.wait()
    type_on("that is typed")
    page.clock.run_for(400)  # While the first request is under way.
    checks.let_go()
    checks.wait()
    checks.let_go()
    checked(page)
    assert [text.rsplit("\n", 1)[1] for text in asked] == ["# a remark ", "# a remark that is typed"]


def test_a_state_leads_to_its_line_and_a_line_to_its_state(open_flow):
    page = open_flow("appointment")
    page.locator("#graph [data-state=day]").click()
    line = page.input_value("#text").split("\n").index("  day:") + 1
    assert cursor_line(page) == line
    page.locator("#graph [data-state=day][data-marked=true]").wait_for()
    assert page.locator("#highlights .highlighted").count() > 3
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.locator("#graph [data-state=hours][data-marked=true]").wait_for()
    # The same by keys: one state is reached by Tab, the others by arrows.
    page.locator("#graph [tabindex='0']").focus()
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.dataset.state")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    assert page.input_value("#text").split("\n")[cursor_line(page) - 1].strip() == f"{last}:"
    expect(page.locator("#graph [tabindex='0']")).to_have_count(1)


# ---- Saving, and others who save ----


def hold_versions(page):
    return Held(page, "**/api/flows/*/versions")


def test_a_flow_is_called_saved_when_the_whole_page_shows_it(open_flow, flow):
    page = open_flow(flow)
    page.locator("#versions li").wait_for()
    versions = hold_versions(page)
    write(page, TEXT.replace("Your words?", "Other words?"))
    page.keyboard.press("Control+s")
    versions.wait()
    page.locator("#flow-state", has_text="Version 2").wait_for()
    assert page.locator("[data-notice=flow-saved]").count() == 0
    versions.let_go()
    page.locator("[data-notice=flow-saved]").wait_for()
    # Nothing more is waited for: that is what the notice promises.
    assert page.locator("#flow-name").inner_text() == flow
    assert page.locator("#flow-state").inner_text() == "Version 2"
    assert page.locator("#versions li").count() == 2
    assert "version 2" in page.locator(f"#flows [data-flow={flow}][aria-current=true]").inner_text()


def test_a_flow_is_saved_even_if_its_versions_cannot_be_listed(flow_server, open_flow, flow):
    page = open_flow(flow)
    page.locator("#versions li").wait_for()
    versions = hold_versions(page)
    mine = TEXT.replace("Your words?", "Other words?")
    write(page, mine)
    page.keyboard.press("Control+s")
    versions.wait()
    versions.let_go(status=503, json={"detail": "the store is busy"})
    page.locator("[data-notice=flow-saved]").wait_for()
    expect(page.locator("[data-notice=flows-refused]")).to_contain_text("the store is busy")
    assert saved_text(flow_server, flow) == mine


def test_late_versions_of_another_flow_are_not_shown(flow_server, open_page):
    page = open_page("about:blank", ready=False)
    versions = hold_versions(page)
    page.goto(f"{flow_server.url}/flows.html#appointment")
    page.locator("#flows [data-flow=appointment][aria-current=true]").wait_for()
    versions.wait()
    page.locator("#new").press("Enter")
    expect(page.locator("#flow-name")).to_have_text("New flow")
    with page.expect_response("**/api/flows/appointment/versions") as late:
        versions.let_go()
    late.value.finished()
    page.evaluate("fetch('/api/flows').then((answer) => answer.json())")  # What came before it has been read by then.
    assert page.locator("#flow-name").inner_text() == "New flow"
    assert page.locator("#versions-card").is_hidden()


def test_a_conflict_says_who_was_faster_and_can_be_compared_and_settled(flow_server, open_flow, flow, screenshot):
    page = open_flow(flow)
    mine = TEXT.replace("Your words?", "My words?")
    write(page, mine)
    assert ask(flow_server, f"/{flow}", "PUT", TEXT.replace("You said", "They say"), version=1)[0] == 200
    page.locator("#save:enabled").click()
    conflict = page.locator("#conflict:visible")
    expect(conflict).to_contain_text("Somebody else saved version 2 first.")
    expect(page.locator("#conflict")).to_be_focused()
    text_is(page, mine)
    assert_accessible(page)
    page.get_by_role("button", name="Compare", exact=True).first.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 lines removed, 2 lines added.")
    expect(dialog.locator(".added").first).to_contain_text("My words?")
    screenshot(page, "flows-compare")
    assert_accessible(page)
    close_dialog(page)
    conflict.get_by_role("button", name="Save mine after it").press("Enter")
    page.locator("[data-notice=flow-saved]").wait_for()
    assert saved_text(flow_server, flow) == mine
    expect(page.locator("#versions li")).to_have_count(3)
    # And the other way: theirs is taken.
    write(page, TEXT.replace("Your words?", "My second words?"))
    assert ask(flow_server, f"/{flow}", "PUT", TEXT, version=3)[0] == 200
    page.locator("#save:enabled").click()
    conflict.wait_for()
    conflict.get_by_role("button", name="Load theirs").press("Enter")
    conflict.wait_for(state="hidden")
    page.locator("#flow-state", has_text="Version 4").wait_for()
    text_is(page, TEXT)


def test_a_flow_that_was_deleted_meanwhile_can_be_made_anew(flow_server, open_flow, flow):
    page = open_flow(flow)
    write(page, TEXT.replace("Your words?", "My words?"))
    assert ask(flow_server, f"/{flow}", "DELETE", version=1)[0] == 204
    page.locator("#save:enabled").click()
    page.locator("#conflict:visible").wait_for()
    page.get_by_role("button", name="Save it as a new flow").press("Enter")
    expect(page.locator("#name")).to_have_value(flow)
    page.locator("#save:enabled").click()
    page.locator("[data-notice=flow-saved]").wait_for()
    assert "My words?" in saved_text(flow_server, flow)


def test_an_old_version_is_compared_and_brought_back_by_keyboard(flow_server, open_flow, flow):
    page = open_flow(flow)
    write(page, TEXT.replace("Your words?", "Other words?"))
    page.keyboard.press("Control+s")
    page.locator("#versions li[data-version='2']").wait_for()
    page.get_by_role("button", name="Compare version 1").press("Enter")
    page.get_by_role("dialog").get_by_text("Other words?").wait_for()
    close_dialog(page)
    page.get_by_role("button", name="Go back to version 1").press("Enter")
    page.locator("[data-notice=flow-back]").wait_for()
    page.locator("#versions li[data-version='3']").wait_for()
    text_is(page, TEXT)
    assert saved_text(flow_server, flow) == TEXT
    expect(page.locator("#versions-title")).to_be_focused()


def test_a_flow_that_another_needs_is_not_deleted(open_flow):
    page = open_flow("appointment")
    page.locator("#delete").press("Enter")
    choose(page, "Delete")
    notice = page.locator("[data-notice=flows-refused]")
    expect(notice).to_contain_text("support-triage")
    expect(notice).to_contain_text("appointment")


# ---- What is not saved ----


def test_unsaved_changes_are_asked_about_when_another_flow_is_opened(flow_server, open_flow, flow):
    page = open_flow(flow)
    mine = TEXT.replace("Your words?", "Half done?")
    other = page.locator("#flows [data-flow=appointment]")
    for choice, opened in (("Stay here", flow), ("Drop them", "appointment")):
        write(page, mine)
        other.press("Enter")
        choose(page, choice)
        page.locator(f"#flows [data-flow={opened}][aria-current=true]").wait_for()
        if opened == flow:
            text_is(page, mine)
    assert saved_text(flow_server, flow) == TEXT
    page.locator(f"#flows [data-flow={flow}]").press("Enter")
    page.locator("#flow-name", has_text=flow).wait_for()
    write(page, mine)
    other.press("Enter")
    choose(page, "Save")
    page.locator("#flows [data-flow=appointment][aria-current=true]").wait_for()
    assert saved_text(flow_server, flow) == mine


def test_the_browser_asks_before_the_page_is_left(open_flow, flow):
    page = open_flow(flow)
    page.locator("#text").press("Control+Home")
    page.keyboard.type("# not saved\n")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator(".pages a[href='/keys.html']").click(no_wait_after=True)
    until(page, lambda: asked)
    assert asked == ["beforeunload"]
    text_is(page, re.compile("^# not saved\n"))


def test_what_is_unsaved_goes_along_into_a_copy(flow_server, open_flow, flow):
    page = open_flow(flow)
    write(page, f"flow: {flow}\n" + TEXT.replace("Your words?", "Copied words?"))
    page.locator("#copy").press("Enter")
    expect(page.locator("#name")).to_have_value(f"{flow}-copy")
    text_is(page, TEXT.replace("Your words?", "Copied words?"))
    page.locator("#save:enabled").press("Enter")
    page.locator("[data-notice=flow-saved]").wait_for()
    assert "Copied words?" in saved_text(flow_server, f"{flow}-copy")
    assert saved_text(flow_server, flow) == TEXT
    assert ask(flow_server, f"/{flow}-copy", "DELETE", version=1)[0] == 204


# ---- Trying it ----


def test_a_draft_is_tried_by_keyboard_and_replayed_when_it_changes(flow_server, open_flow, flow):
    page = open_flow(flow)
    current(page, "ask")
    say(page, "good morning")
    log = page.locator("#dry-run-log")
    log.get_by_text("You said good morning.").wait_for()
    current(page, "bye")
    expect(page.locator("#graph .edge[data-taken=true]")).to_have_count(1)
    expect(page.locator("#restart"), "the line is switched off").to_be_focused()
    write(page, TEXT.replace("You said", "Did you say"))
    log.get_by_text("Did you say good morning.").wait_for()
    assert saved_text(flow_server, flow) == TEXT, "nothing was saved"
    page.locator("#undo").press("Enter")
    current(page, "ask")
    expect(log.get_by_text("good morning")).to_have_count(0)
    say(page, "")
    log.get_by_text("(silence)").wait_for()
    page.locator("#restart").press("Enter")
    log.get_by_text("(silence)").wait_for(state="detached")
    assert page.errors == []


def test_at_a_tool_one_says_what_it_answers(open_flow, flow, screenshot):
    page = open_flow(flow)
    write(page, TOOL)
    current(page, "order")
    say(page, "/keys 4711")
    current(page, "look-up")
    expect(page.locator("#dry-run-state")).to_contain_text("GET http://127.0.0.1:1/orders/4711 would be requested now")
    expect(page.locator("#dry-run-answer")).to_be_focused()
    expect(page.locator("#dry-run-answer")).to_have_value('{"order":{"status":""}}')
    screenshot(page, "flows-tool")
    assert_accessible(page)
    page.fill("#dry-run-answer", '{"order": {"status": "on its way"}}')
    page.keyboard.press("Enter")
    page.locator("#dry-run-log").get_by_text("It is on its way.").wait_for()
    page.locator("#undo").press("Enter")
    current(page, "look-up")
    page.get_by_role("button", name="Fails").press("Enter")
    page.locator("#dry-run-log").get_by_text("Nobody is there.").wait_for()
    current(page, "sorry")


def test_a_conversation_may_go_on_in_another_flow(open_flow):
    page = open_flow("support-triage")
    transfer = next(line for line in page.input_value("#text").split("\n") if "transfer: appointment" in line)
    assert transfer
    page.locator("#graph [data-state='flow:appointment']").press("Enter")
    page.locator("#flows [data-flow=appointment][aria-current=true]").wait_for()


def test_what_the_caller_may_say_everywhere_is_one_edge_of_every_question(open_flow):
    page = open_flow("order-status")
    current(page, "order")
    box = page.locator("#graph .everywhere[data-from~=order]").first
    expect(box).to_contain_text("(any question)")
    expect(page.locator("#graph .state", has_text="(any question)"), "it is no state that can be chosen").to_have_count(0)
    say(page, "agent")
    current(page, "person")
    page.locator("#graph .edge.everywhere[data-to=person][data-taken=true]").wait_for(state="attached")
    own = page.locator("#graph .edge[data-from=order][data-to=person]")
    expect(own).to_have_attribute("data-taken", "false")


# ---- When something is wrong ----


def test_fixed_flows_can_be_looked_at_and_not_changed(flow_server, open_page):
    page = open_page("about:blank", ready=False)

    def fixed(route):
        answer = route.fetch()
        document = answer.json()
        for one in document["flows"]:
            del one["version"]
        route.fulfill(response=answer, json=document)

    page.route("**/api/flows", fixed)
    page.route("**/api/flows/*/text", lambda route: route.fulfill(
        status=409, content_type="application/problem+json", body='{"detail": "the flows of this server cannot be changed"}'))
    page.goto(f"{flow_server.url}/flows.html#appointment")
    page.locator("#graph [data-state=menu]").wait_for()
    expect(page.locator("#flow-state")).to_contain_text("Read only")
    expect(page.locator("#check-state")).to_contain_text("the flows of this server cannot be changed")
    expect(page.locator("#text")).to_have_attribute("readonly", "")
    expect(page.locator("#save")).to_be_disabled()
    expect(page.locator("#delete")).to_be_hidden()
    assert_accessible(page)


def test_a_server_that_is_gone_leaves_the_text_and_is_said(open_flow):
    server = Server().wait_until_ready()
    page = open_flow("appointment", server=server)
    page.locator("#text").press("Control+Home")
    page.keyboard.type("# mine\n")
    checked(page)
    server.vanish()
    page.locator("#save:enabled").click()
    page.locator("[data-notice=flows-refused]").get_by_text("What you have written is still here.").wait_for()
    page.locator("body[data-server-state=unreachable]").wait_for()
    text_is(page, re.compile("^# mine\n"))
    again = Server(port=server.port).wait_until_ready()
    try:
        page.locator("body[data-server-state=ready]").wait_for()
        text_is(page, re.compile("^# mine\n"))
        checked(page)
        page.locator("#save:enabled").click()
        page.locator("[data-notice=flow-saved]").wait_for()
    finally:
        again.stop()


@pytest.mark.parametrize("name, words", [
    ("Not A Name", "cannot be the name of a flow"), ("appointment", "there is a flow appointment already"),
])
def test_a_name_that_cannot_be_is_said_in_the_words_of_the_server(open_flow, name, words):
    page = open_flow()
    page.locator("#new").press("Enter")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(name)
    page.locator("#save:enabled").press("Enter")
    expect(page.locator("[data-notice=flows-refused]")).to_contain_text(words)
    expect(page.locator("#name-field")).to_be_visible()


def test_a_key_is_asked_for(open_page):
    server = Server(environment={"VOICE_API_KEY": "planted-environment-key-0123456789"}).wait_until_ready()
    try:
        page = open_page(server.url + "/flows.html#appointment", ready=False)
        page.get_by_role("dialog").wait_for()
        page.keyboard.type("planted-environment-key-0123456789")
        page.keyboard.press("Enter")
        page.locator("#graph [data-state=menu]").first.wait_for()
        checked(page)
        current(page, "menu")
    finally:
        server.stop()


# ---- The pure parts, in the modules themselves ----


def test_texts_are_compared_line_by_line(flow_server, open_page):
    page = open_page(f"{flow_server.url}/flows.html", ready=False)
    rows = page.evaluate("""import('/js/flows/text-diff.js').then(({ compareLines, changesOf }) =>
      changesOf(compareLines('a\\nb\\nc\\nd\\ne\\nf\\ng', 'a\\nb\\nc\\nD\\ne\\nf\\ng\\nh'))
        .map(({ kind, text, count }) => kind + (text ?? count)))""")
    assert rows == ["gap1", "sameb", "samec", "removedd", "addedD", "samee", "samef", "sameg", "addedh"]
    same = page.evaluate("""import('/js/flows/text-diff.js').then(({ compareLines }) =>
      compareLines('a\\nb', 'a\\nb').map(({ kind }) => kind))""")
    assert same == ["same", "same"]


def test_what_a_tool_may_answer_is_made_of_what_the_flow_wants(flow_server, open_page):
    page = open_page(f"{flow_server.url}/flows.html", ready=False)
    made = page.evaluate("""import('/js/flows/dry-run.js').then(({ exampleOf }) =>
      JSON.stringify(exampleOf(['order.items.0.name', 'order.id', '__proto__.x'])))""")
    assert json.loads(made) == {"order": {"items": [{"name": ""}], "id": ""}}
