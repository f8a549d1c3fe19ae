"""The page's pure modules, imported in the page itself: wire, jitter buffer, resampling, played words."""

import pytest


@pytest.fixture(scope="module")
def module(server, browser):
    """Evaluates a function that gets an imported module of the page."""
    page = browser.new_page()
    page.goto(server.url)
    yield lambda path, function: page.evaluate(f"async () => ({function})(await import('{path}'))")
    page.close()


def test_packet_survives_the_wire(module):
    packet = module("/js/call/protocol.js", """({ packPacket, unpackPacket }) => {
      const bytes = packPacket({ codec: 'pcm16', last: true, sequence: 4000000000, microseconds: 5000000000 }, Uint8Array.of(7, 8));
      return { header: [...bytes.slice(0, 16)], ...unpackPacket(bytes.buffer), payload: [...unpackPacket(bytes.buffer).payload] };
    }""")
    assert packet["header"] == [1, 1, 1, 0, 0, 40, 107, 238, 0, 242, 5, 42, 1, 0, 0, 0]
    assert packet["codec"] == "pcm16" and packet["last"] is True
    assert packet["sequence"] == 4_000_000_000 and packet["microseconds"] == 5_000_000_000
    assert packet["payload"] == [7, 8]


@pytest.mark.parametrize("bytes_of_frame", [
    "new Uint8Array(16)", "Uint8Array.from({ length: 20 }, () => 9)", "new Uint8Array([1, 4, ...Array(30).fill(0)])",
    "new Uint8Array([1, ...Array(4016).fill(0)])",
], ids=["no payload", "unknown kind", "unknown codec", "too large"])
def test_foreign_frames_are_no_packets(module, bytes_of_frame):
    assert module("/js/call/protocol.js", f"({{ unpackPacket }}) => unpackPacket(({bytes_of_frame}).buffer)") is None


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "3", '{"kind": "ready"}', '{"type": 3}'])
def test_text_without_a_type_is_no_message(module, text):
    assert module("/js/call/protocol.js", f"({{ parseMessage }}) => parseMessage({text!r})") is None


def test_typed_text_is_cut_to_what_the_server_takes(module):
    assert module("/js/call/protocol.js", "({ textMessage }) => textMessage('x'.repeat(1500)).text.length") == 1000


def test_played_words_keep_the_spelling_of_the_sentence(module):
    split = module("/js/call/transcript.js", "({ splitPlayed }) => splitPlayed('Hello, this is Ann. Bye.', 'hello this is')")
    assert split == {"played": "Hello, this is", "unplayed": "Ann. Bye."}


# A tone in 20 ms frames, pushed and read in the worklet's quanta of 128 samples.
JITTER = """
  const buffer = new JitterBuffer();
  const frame = () => new Float32Array(960).fill(0.5);
  const read = (quanta) => Array.from({ length: quanta }, () => {
    const output = new Float32Array(128);
    buffer.read(output);
    return output;
  });
  const sounding = (outputs) => outputs.flatMap((output) => [...output]).filter((sample) => sample !== 0).length;
"""


def jitter(module, body):
    return module("/js/call/worklets/jitter-buffer.js", f"({{ JitterBuffer }}) => {{ {JITTER} {body} }}")


def test_playing_starts_at_60_ms_and_not_before(module):
    assert jitter(module, """
      buffer.push(frame()); buffer.push(frame());
      const early = sounding(read(5));
      buffer.push(frame());
      return [early, sounding(read(1))];
    """) == [0, 128]


def test_a_short_utterance_starts_when_it_is_complete(module):
    assert jitter(module, "buffer.push(frame(), true); return [sounding(read(20)), buffer.state, buffer.underruns];") == [960, "idle", 0]


def test_clear_is_silent_after_15_ms(module):
    sounded, played_ms, state = jitter(module, """
      for (let index = 0; index < 8; index++) buffer.push(frame());
      read(15);
      buffer.clear();
      return [sounding(read(40)), buffer.playedMs, buffer.state];
    """)
    assert 0 < sounded <= 720
    assert played_ms == pytest.approx(40 + 15, abs=1)
    assert state == "idle"


def test_an_utterance_after_a_clear_counts_from_its_own_start(module):
    assert jitter(module, """
      for (let index = 0; index < 8; index++) buffer.push(frame());
      read(15);
      buffer.clear();
      for (let index = 0; index < 4; index++) buffer.push(frame());
      read(6 + 15);
      return buffer.playedMs;
    """) == pytest.approx(40, abs=3)


def test_a_late_stream_fades_out_and_collects_again(module):
    assert jitter(module, """
      for (let index = 0; index < 3; index++) buffer.push(frame());
      read(30);
      return [buffer.underruns, buffer.state];
    """) == [1, "fill"]


def test_a_page_that_slept_catches_up(module):
    level_ms = jitter(module, "for (let index = 0; index < 60; index++) buffer.push(frame()); return buffer.level / 48;")
    assert level_ms <= 60 + 250


def test_speech_passes_the_decimator_and_hiss_does_not(module):
    speech, hiss = module("/js/call/resample.js", """({ Decimator }) => [1000, 12000].map((hertz) => {
      const decimator = new Decimator(16000);
      const output = [];
      const tone = Float32Array.from({ length: 9600 }, (_, index) => Math.sin(2 * Math.PI * hertz * index / 48000));
      decimator.push(tone, (sample) => output.push(sample));
      return Math.max(...output.slice(200).map(Math.abs));
    })""")
    assert speech == pytest.approx(1, abs=0.02)
    assert hiss < 0.001


@pytest.mark.parametrize("rate", [16000, 24000])
def test_interpolated_speech_keeps_its_level(module, rate):
    peak, length = module("/js/call/resample.js", f"""({{ Interpolator }}) => {{
      const interpolator = new Interpolator({rate});
      const tone = Float32Array.from({{ length: {rate // 10} }}, (_, index) => Math.sin(2 * Math.PI * 1000 * index / {rate}));
      const output = interpolator.push(tone);
      return [Math.max(...output.slice(600)), output.length];
    }}""")
    assert (peak, length) == (pytest.approx(1, abs=0.02), 4800)


def test_a_turn_that_is_said_again_takes_the_place_of_the_first(module):
    """A caller who goes on after a pause is recognised anew from the beginning."""
    assert module("/js/call/transcript.js", """({ Transcript }) => {
      const [list, announcer, empty] = ['ol', 'div', 'p'].map((name) => document.createElement(name));
      const transcript = new Transcript({ list, announcer, empty });
      const say = (turn, text, source = 'speech') => transcript.update({ turn, role: 'caller', text, final: true, at: 0, source });
      say(1, 'I would like');
      say(1, 'I would like to book');
      say(2, '1', 'keys');
      say(2, '2', 'keys');
      return [...list.children].map((entry) => entry.dataset.text);
    }""") == ["I would like to book", "1", "2"]
