"""OpenAI's own Python client, unchanged, against our server: models, speech in each format, transcriptions, errors."""

import io
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
