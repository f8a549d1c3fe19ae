"""OpenAI's own Python client, unchanged, against our server: models, speech in each format and as events, transcriptions whole, as events
and with times, translations, errors."""

import base64
import io
import json
import os
import wave

import openai
import pytest

TEXT = "Good morning, thank you for calling the city library."
RATE = 24000


@pytest.fixture(scope="module")
def client(server):
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=os.environ.get("VOICEFORGE_TEST_KEY", "unused"), max_retries=0) as made:
        yield made


def words(text):
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").split()


def assert_heard(text):
    assert len(set(words(text)) ^ set(words(TEXT))) <= 1, text


def test_models(client):
    names = [model.id for model in client.models.list()]
    assert {"tts-1", "whisper-1", "hibari", "moonshine-tiny-en"} <= set(names)
    assert client.models.retrieve("whisper-1").object == "model"


@pytest.mark.parametrize("voice", ["alloy", "heart-low"])
@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac", "wav"])
def test_speech_is_transcribed_again(client, tmp_path, voice, form):
    path = tmp_path / f"speech.{form}"
    with client.audio.speech.with_streaming_response.create(
            model="tts-1", voice=voice, input=TEXT, response_format=form) as answer:
        answer.stream_to_file(path)
    with path.open("rb") as file:
        assert_heard(client.audio.transcriptions.create(model="whisper-1", file=file).text)


def test_a_file_without_a_format_is_an_mp3(client, tmp_path):
    path = tmp_path / "speech.mp3"
    client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT).write_to_file(path)
    assert path.read_bytes()[:2] == b"\xff\xf3"  # MPEG-2 layer 3, as 24 kHz is
    with path.open("rb") as file:
        assert_heard(client.audio.transcriptions.create(model="whisper-1", file=file).text)


def test_pcm_is_24_khz_and_speed_changes_its_length(client):
    plain = client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="pcm").content
    quick = client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="pcm", speed=2.0).content
    assert 2 < len(plain) / 2 / RATE < 6
    assert 1.8 < len(plain) / len(quick) < 2.2


def test_wav_of_one_sentence_has_its_true_length(client):
    content = client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="wav").content
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert 44 + 2 * file.getnframes() == len(content)


def test_a_long_text_begins_before_it_is_all_made(client):
    pieces = 0
    with client.audio.speech.with_streaming_response.create(
            model="tts-1", voice="alloy", input=" ".join([TEXT] * 8), response_format="pcm") as answer:
        assert answer.headers["transfer-encoding"] == "chunked"
        for _ in answer.iter_bytes():
            pieces += 1
    assert pieces >= 8


def test_formats_of_a_transcription(client, speech):
    def ask(**more):
        return client.audio.transcriptions.create(model="whisper-1", file=("a.wav", speech(TEXT)), **more)

    assert_heard(ask(response_format="text"))
    assert " --> " in ask(response_format="srt")
    assert ask(response_format="vtt").startswith("WEBVTT")
    verbose = ask(response_format="verbose_json", timestamp_granularities=["segment"])
    assert verbose.language == "english" and 2 < float(verbose.duration) < 6
    assert_heard(" ".join(segment.text for segment in verbose.segments))
    assert verbose.segments[0].start < verbose.segments[0].end


@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac", "wav", "pcm"])
def test_speech_as_events_is_the_same_file(client, form):
    sound, done = b"", None
    with client.audio.speech.with_streaming_response.create(
            model="gpt-4o-mini-tts", voice="alloy", input=f"{TEXT} {TEXT}", response_format=form, stream_format="sse") as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        for line in answer.iter_lines():
            if not line:
                continue
            assert line.startswith("data: ") and done is None, "nothing follows the last event"
            event = json.loads(line.removeprefix("data: "))
            if event["type"] == "speech.audio.delta":
                sound += base64.b64decode(event["audio"], validate=True)
            else:
                assert event["type"] == "speech.audio.done"
                done = event["usage"]
    assert done["total_tokens"] == done["input_tokens"] + done["output_tokens"] and done["input_tokens"] == 2 * len(TEXT)
    plain = client.audio.speech.create(
        model="gpt-4o-mini-tts", voice="alloy", input=f"{TEXT} {TEXT}", response_format=form, stream_format="audio").content
    # Every Ogg file has a number of its own.
    assert sound == plain if form != "opus" else abs(len(sound) - len(plain)) < 200


def test_a_transcription_as_events(client, speech):
    with wave.open(io.BytesIO(speech(TEXT))) as file:
        rate, samples = file.getframerate(), file.readframes(file.getnframes())
    twice = io.BytesIO()
    with wave.open(twice, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples + bytes(2 * rate) + samples)
    events = list(client.audio.transcriptions.create(model="gpt-4o-transcribe", file=("a.wav", twice.getvalue()), stream=True))
    assert [event.type for event in events] == ["transcript.text.delta"] * 2 + ["transcript.text.done"]
    assert "".join(event.delta for event in events[:-1]) == events[-1].text
    assert_heard(events[0].delta)


def test_words_have_times(client, speech):
    def ask(*granularities):
        return client.audio.transcriptions.create(
            model="whisper-1", file=("a.wav", speech(TEXT)), response_format="verbose_json", timestamp_granularities=granularities)

    heard = ask("word")
    assert_heard(" ".join(word.word for word in heard.words))
    times = [time for word in heard.words for time in (word.start, word.end)]
    assert times == sorted(times) and times[0] >= 0 and times[-1] <= heard.duration
    assert heard.segments is None
    both = ask("word", "segment")
    assert both.words == heard.words and both.segments[0].start <= times[0] and times[-1] <= both.segments[-1].end
    with pytest.raises(openai.BadRequestError) as caught:
        client.audio.transcriptions.create(model="whisper-1", file=("a.wav", speech(TEXT)), timestamp_granularities=["word"])
    assert caught.value.param == "timestamp_granularities"


def test_a_translation_of_english_is_its_words_and_of_nothing_else(client, speech):
    def ask(**more):
        return client.audio.translations.create(model="whisper-1", file=("a.wav", speech(TEXT)), **more)

    assert_heard(ask().text)
    verbose = ask(response_format="verbose_json")
    assert verbose.language == "english" and verbose.task == "translate"
    assert_heard(verbose.segments[0].text)
    assert " --> " in ask(response_format="srt")
    with pytest.raises(openai.BadRequestError) as caught:
        ask(extra_body={"language": "de"})
    assert "no model here that translates" in caught.value.message


def test_errors_are_the_client_s_own(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.audio.speech.create(model="tts-1", voice="hart", input=TEXT)
    assert caught.value.param == "voice" and "heart" in caught.value.message
    with pytest.raises(openai.BadRequestError) as caught:
        client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="wma")
    assert "mp3, aac, flac, wav, opus, pcm" in caught.value.message
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nothing")
    with pytest.raises(openai.BadRequestError):
        client.audio.transcriptions.create(model="whisper-1", file=("a.txt", b"no sound"))
    with pytest.raises(openai.APIStatusError) as caught:
        client.audio.transcriptions.create(model="whisper-1", file=("a.wav", b"RIFF" + bytes(20 << 20)))
    assert caught.value.status_code == 413


def test_a_browser_decodes_the_opus(client, server, open_page):
    """Another reader of Ogg Opus than our own finds the same sound."""
    def ask(form):
        return client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format=form).content

    seconds = len(ask("pcm")) / 2 / RATE
    page = open_page(server.url, ready=False)
    decoded = page.evaluate(
        "async (bytes) => { const sound = await new OfflineAudioContext(1, 1, 24000).decodeAudioData(Uint8Array.from(bytes).buffer);"
        " const samples = sound.getChannelData(0); return { seconds: sound.duration, peak: Math.max(...samples.map(Math.abs)) }; }",
        list(ask("opus")))
    assert abs(decoded["seconds"] - seconds) < 0.02
    assert 0.1 < decoded["peak"] <= 1.1
