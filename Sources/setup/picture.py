#!/usr/bin/env python3
"""Takes the README's picture: a call on the page of a real server, half in the light look and half in the dark one.

    make picture        writes .github/call.png

A caller speaks three turns of the flow `appointment` into the page's microphone, interrupts the agent once, and is in the fourth
when the picture is taken. It uses the browser, the server and the microphone of `Tests/PageTests`. `VOICEFORGE_BINARY` names the
program, `CHROMIUM` the browser. The latencies in the picture are those of the moment: take it on a machine that does nothing else.
"""

import base64
import os
import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "PageTests"))

from playwright.sync_api import sync_playwright  # noqa: E402

from caller import MICROPHONE_SCRIPT, Caller  # noqa: E402
from server import Server, speech_in  # noqa: E402

PICTURE = ROOT / ".github" / "call.png"
BYTES_MAX = 200_000
VIEWPORT = {"width": 1280, "height": 990}
BOOK, DAY, TIME = "I would like to book an appointment.", "Next Tuesday, please.", "At half past three."
# How long the agent's greeting is heard before the caller interrupts it.
HEARD_BEFORE_MS = 2500
# How long the agent has spoken when the picture is taken.
SPEAKING_MS = 900

# Lays the dark picture over the light one, from the right edge to a slanted line, and gives both as one picture's RGBA bytes.
COMPOSE_SCRIPT = """
async ([light, dark]) => {
  const load = async (bytes) => createImageBitmap(await (await fetch('data:image/png;base64,' + bytes)).blob());
  const [day, night] = [await load(light), await load(dark)];
  const canvas = new OffscreenCanvas(day.width, day.height);
  const context = canvas.getContext('2d');
  context.drawImage(day, 0, 0);
  const [top, bottom] = [day.width * 0.77, day.width * 0.59];
  context.save();
  context.beginPath();
  context.moveTo(top, 0);
  context.lineTo(day.width, 0);
  context.lineTo(day.width, day.height);
  context.lineTo(bottom, day.height);
  context.closePath();
  context.clip();
  context.drawImage(night, 0, 0);
  context.restore();
  const { data } = context.getImageData(0, 0, day.width, day.height);
  let text = '';
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [day.width, day.height, btoa(text)];
}
"""


def main():
    server = Server().wait_until_ready()
    try:
        with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            light, dark = photograph(browser, server.url, speech_in(Path(folder)))
            width, height, pixels = compose(browser, light, dark)
            browser.close()
    finally:
        server.stop()
    picture = png(width, height, pixels)
    if len(picture) > BYTES_MAX:
        sys.exit(f"The picture has {len(picture)} bytes, more than {BYTES_MAX}.")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture) // 1000} KB")


def photograph(browser, url, speech):
    """Holds the call and returns the page in both looks, base64, taken in the same moment of the call."""
    context = browser.new_context(viewport=VIEWPORT, color_scheme="light")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.add_init_script(MICROPHONE_SCRIPT)
    page.goto(url)
    page.locator("#call:enabled").wait_for()
    caller = Caller(page, speech)
    caller.rehearse(BOOK, DAY, TIME)
    caller.choose("appointment")
    caller.start()
    page.click("#keypad-toggle")
    caller.wait_activity("speaking")
    page.wait_for_timeout(HEARD_BEFORE_MS)
    caller.say(BOOK)
    caller.wait_turns(1)
    for turn, text in enumerate([DAY, TIME], start=2):
        caller.wait_for_my_turn()
        caller.say(text)
        caller.wait_turns(turn)
    caller.wait_activity("speaking")
    page.wait_for_timeout(SPEAKING_MS)
    page.evaluate("scrollTo(0, 0)")
    looks = []
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(100)
        looks.append(base64.b64encode(page.screenshot(animations="disabled")).decode())
    caller.hang_up()
    context.close()
    return looks


def compose(browser, light, dark):
    page = browser.new_page()
    width, height, pixels = page.evaluate(COMPOSE_SCRIPT, [light, dark])
    return width, height, base64.b64decode(pixels)


def png(width, height, pixels):
    """The RGBA bytes as a PNG of at most 256 colours, a third of what the browser writes."""
    colours = [pixels[at:at + 3] for at in range(0, len(pixels), 4)]
    palette = palette_of(colours)
    index = {colour: number for number, colour in enumerate(palette)}
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for colour in colours[y * width:(y + 1) * width]:
            if colour not in index:
                index[colour] = min(range(len(palette)), key=lambda number: distance(palette[number], colour))
            rows.append(index[colour])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in chunks)


def palette_of(colours, size=256):
    """The colours of surfaces as they are; for edges of letters and lines, which have thousands, some that are well apart."""
    ranked = [colour for colour, _ in Counter(colours).most_common()]
    palette = ranked[:size * 3 // 4]
    for apart in (900, 300, 100, 30, 1):
        for colour in ranked:
            if len(palette) == size:
                return palette
            if all(distance(colour, other) >= apart for other in palette):
                palette.append(colour)
    return palette


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    main()
