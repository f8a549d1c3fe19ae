// Written by Sources/setup/embed.py; run it when there is a new file.
#include "CPage.h"

static const unsigned char file0[] = {
#embed "../../Samples/flows/appointment.yaml"
};
static const unsigned char file1[] = {
#embed "../../Samples/flows/order-status.yaml"
};
static const unsigned char file2[] = {
#embed "../../Samples/flows/support-triage.yaml"
};
static const unsigned char file3[] = {
#embed "../../Samples/llm/cases.yaml"
};
static const unsigned char file4[] = {
#embed "../../Samples/llm/flows/front-desk.yaml"
};
static const unsigned char file5[] = {
#embed "../../Samples/llm/recordings/llm-book.jsonl"
};
static const unsigned char file6[] = {
#embed "../../Samples/llm/recordings/llm-interrupt.jsonl"
};
static const unsigned char file7[] = {
#embed "../../Samples/llm/recordings/llm-person.jsonl"
};
static const unsigned char file8[] = {
#embed "../../Samples/llm/script.json"
};
static const unsigned char file9[] = {
#embed "../../Samples/load/flows/story.yaml"
};
static const unsigned char file10[] = {
#embed "../../Samples/load/media-plane.yaml"
};
static const unsigned char file11[] = {
#embed "../../Samples/load/uncompressed.yaml"
};
static const unsigned char file12[] = {
#embed "../../Samples/targets/incoming_call.xml"
};
static const unsigned char file13[] = {
#embed "../../Samples/targets/pipecat_bot.py"
};
static const unsigned char file14[] = {
#embed "../../Samples/targets/realtime_client.py"
};
static const unsigned char file15[] = {
#embed "../../Samples/testcases/appointment.yaml"
};
static const unsigned char file16[] = {
#embed "../../Samples/testcases/manners.yaml"
};
static const unsigned char file17[] = {
#embed "../../Samples/testcases/must-fail.yaml"
};
static const unsigned char file18[] = {
#embed "../../Samples/testcases/order-status.yaml"
};
static const unsigned char file19[] = {
#embed "../../Samples/testcases/predecessor.json"
};
static const unsigned char file20[] = {
#embed "../../Samples/testcases/support-triage.yaml"
};
static const unsigned char file21[] = {
#embed "../../Samples/testcases/worlds.yaml"
};
static const unsigned char file22[] = {
#embed "../../web/css/call.css"
};
static const unsigned char file23[] = {
#embed "../../web/css/flows.css"
};
static const unsigned char file24[] = {
#embed "../../web/css/keys.css"
};
static const unsigned char file25[] = {
#embed "../../web/css/load.css"
};
static const unsigned char file26[] = {
#embed "../../web/css/shared.css"
};
static const unsigned char file27[] = {
#embed "../../web/css/tests.css"
};
static const unsigned char file28[] = {
#embed "../../web/css/usage.css"
};
static const unsigned char file29[] = {
#embed "../../web/css/voices.css"
};
static const unsigned char file30[] = {
#embed "../../web/favicon.svg"
};
static const unsigned char file31[] = {
#embed "../../web/flows.html"
};
static const unsigned char file32[] = {
#embed "../../web/index.html"
};
static const unsigned char file33[] = {
#embed "../../web/js/call/agent-choice.js"
};
static const unsigned char file34[] = {
#embed "../../web/js/call/audio.js"
};
static const unsigned char file35[] = {
#embed "../../web/js/call/call-panel.js"
};
static const unsigned char file36[] = {
#embed "../../web/js/call/call-session.js"
};
static const unsigned char file37[] = {
#embed "../../web/js/call/call-worker.js"
};
static const unsigned char file38[] = {
#embed "../../web/js/call/codec.js"
};
static const unsigned char file39[] = {
#embed "../../web/js/call/history.js"
};
static const unsigned char file40[] = {
#embed "../../web/js/call/keypad.js"
};
static const unsigned char file41[] = {
#embed "../../web/js/call/microphone.js"
};
static const unsigned char file42[] = {
#embed "../../web/js/call/native-wire.js"
};
static const unsigned char file43[] = {
#embed "../../web/js/call/page.js"
};
static const unsigned char file44[] = {
#embed "../../web/js/call/protocol.js"
};
static const unsigned char file45[] = {
#embed "../../web/js/call/realtime-wire.js"
};
static const unsigned char file46[] = {
#embed "../../web/js/call/recording.js"
};
static const unsigned char file47[] = {
#embed "../../web/js/call/resample.js"
};
static const unsigned char file48[] = {
#embed "../../web/js/call/transcript.js"
};
static const unsigned char file49[] = {
#embed "../../web/js/call/turn-latency.js"
};
static const unsigned char file50[] = {
#embed "../../web/js/call/waveform.js"
};
static const unsigned char file51[] = {
#embed "../../web/js/call/worklets/capture.js"
};
static const unsigned char file52[] = {
#embed "../../web/js/call/worklets/jitter-buffer.js"
};
static const unsigned char file53[] = {
#embed "../../web/js/call/worklets/playback.js"
};
static const unsigned char file54[] = {
#embed "../../web/js/flows/api.js"
};
static const unsigned char file55[] = {
#embed "../../web/js/flows/check.js"
};
static const unsigned char file56[] = {
#embed "../../web/js/flows/dry-run.js"
};
static const unsigned char file57[] = {
#embed "../../web/js/flows/edited-flow.js"
};
static const unsigned char file58[] = {
#embed "../../web/js/flows/editor.js"
};
static const unsigned char file59[] = {
#embed "../../web/js/flows/graph.js"
};
static const unsigned char file60[] = {
#embed "../../web/js/flows/page.js"
};
static const unsigned char file61[] = {
#embed "../../web/js/flows/text-diff.js"
};
static const unsigned char file62[] = {
#embed "../../web/js/flows/versions.js"
};
static const unsigned char file63[] = {
#embed "../../web/js/keys/page.js"
};
static const unsigned char file64[] = {
#embed "../../web/js/load/form.js"
};
static const unsigned char file65[] = {
#embed "../../web/js/load/page.js"
};
static const unsigned char file66[] = {
#embed "../../web/js/load/run-poller.js"
};
static const unsigned char file67[] = {
#embed "../../web/js/load/run-view.js"
};
static const unsigned char file68[] = {
#embed "../../web/js/load/summary.js"
};
static const unsigned char file69[] = {
#embed "../../web/js/shared/api-key.js"
};
static const unsigned char file70[] = {
#embed "../../web/js/shared/api.js"
};
static const unsigned char file71[] = {
#embed "../../web/js/shared/dialog.js"
};
static const unsigned char file72[] = {
#embed "../../web/js/shared/dom.js"
};
static const unsigned char file73[] = {
#embed "../../web/js/shared/format.js"
};
static const unsigned char file74[] = {
#embed "../../web/js/shared/line-chart.js"
};
static const unsigned char file75[] = {
#embed "../../web/js/shared/messages.js"
};
static const unsigned char file76[] = {
#embed "../../web/js/shared/notices.js"
};
static const unsigned char file77[] = {
#embed "../../web/js/shared/server-status.js"
};
static const unsigned char file78[] = {
#embed "../../web/js/shared/shell.js"
};
static const unsigned char file79[] = {
#embed "../../web/js/tests/case-list.js"
};
static const unsigned char file80[] = {
#embed "../../web/js/tests/page.js"
};
static const unsigned char file81[] = {
#embed "../../web/js/tests/rows.js"
};
static const unsigned char file82[] = {
#embed "../../web/js/tests/run-list.js"
};
static const unsigned char file83[] = {
#embed "../../web/js/tests/runner.js"
};
static const unsigned char file84[] = {
#embed "../../web/js/tests/verdict.js"
};
static const unsigned char file85[] = {
#embed "../../web/js/usage/bar-chart.js"
};
static const unsigned char file86[] = {
#embed "../../web/js/usage/measures.js"
};
static const unsigned char file87[] = {
#embed "../../web/js/usage/page.js"
};
static const unsigned char file88[] = {
#embed "../../web/js/voices/page.js"
};
static const unsigned char file89[] = {
#embed "../../web/js/voices/sample-player.js"
};
static const unsigned char file90[] = {
#embed "../../web/keys.html"
};
static const unsigned char file91[] = {
#embed "../../web/load.html"
};
static const unsigned char file92[] = {
#embed "../../web/report/base.css"
};
static const unsigned char file93[] = {
#embed "../../web/report/load.css"
};
static const unsigned char file94[] = {
#embed "../../web/report/report.css"
};
static const unsigned char file95[] = {
#embed "../../web/report/report.js"
};
static const unsigned char file96[] = {
#embed "../../web/tests.html"
};
static const unsigned char file97[] = {
#embed "../../web/usage.html"
};
static const unsigned char file98[] = {
#embed "../../web/voices.html"
};

static const struct embedded_file files[] = {
  {"Samples/flows/appointment.yaml", file0, sizeof file0},
  {"Samples/flows/order-status.yaml", file1, sizeof file1},
  {"Samples/flows/support-triage.yaml", file2, sizeof file2},
  {"Samples/llm/cases.yaml", file3, sizeof file3},
  {"Samples/llm/flows/front-desk.yaml", file4, sizeof file4},
  {"Samples/llm/recordings/llm-book.jsonl", file5, sizeof file5},
  {"Samples/llm/recordings/llm-interrupt.jsonl", file6, sizeof file6},
  {"Samples/llm/recordings/llm-person.jsonl", file7, sizeof file7},
  {"Samples/llm/script.json", file8, sizeof file8},
  {"Samples/load/flows/story.yaml", file9, sizeof file9},
  {"Samples/load/media-plane.yaml", file10, sizeof file10},
  {"Samples/load/uncompressed.yaml", file11, sizeof file11},
  {"Samples/targets/incoming_call.xml", file12, sizeof file12},
  {"Samples/targets/pipecat_bot.py", file13, sizeof file13},
  {"Samples/targets/realtime_client.py", file14, sizeof file14},
  {"Samples/testcases/appointment.yaml", file15, sizeof file15},
  {"Samples/testcases/manners.yaml", file16, sizeof file16},
  {"Samples/testcases/must-fail.yaml", file17, sizeof file17},
  {"Samples/testcases/order-status.yaml", file18, sizeof file18},
  {"Samples/testcases/predecessor.json", file19, sizeof file19},
  {"Samples/testcases/support-triage.yaml", file20, sizeof file20},
  {"Samples/testcases/worlds.yaml", file21, sizeof file21},
  {"web/css/call.css", file22, sizeof file22},
  {"web/css/flows.css", file23, sizeof file23},
  {"web/css/keys.css", file24, sizeof file24},
  {"web/css/load.css", file25, sizeof file25},
  {"web/css/shared.css", file26, sizeof file26},
  {"web/css/tests.css", file27, sizeof file27},
  {"web/css/usage.css", file28, sizeof file28},
  {"web/css/voices.css", file29, sizeof file29},
  {"web/favicon.svg", file30, sizeof file30},
  {"web/flows.html", file31, sizeof file31},
  {"web/index.html", file32, sizeof file32},
  {"web/js/call/agent-choice.js", file33, sizeof file33},
  {"web/js/call/audio.js", file34, sizeof file34},
  {"web/js/call/call-panel.js", file35, sizeof file35},
  {"web/js/call/call-session.js", file36, sizeof file36},
  {"web/js/call/call-worker.js", file37, sizeof file37},
  {"web/js/call/codec.js", file38, sizeof file38},
  {"web/js/call/history.js", file39, sizeof file39},
  {"web/js/call/keypad.js", file40, sizeof file40},
  {"web/js/call/microphone.js", file41, sizeof file41},
  {"web/js/call/native-wire.js", file42, sizeof file42},
  {"web/js/call/page.js", file43, sizeof file43},
  {"web/js/call/protocol.js", file44, sizeof file44},
  {"web/js/call/realtime-wire.js", file45, sizeof file45},
  {"web/js/call/recording.js", file46, sizeof file46},
  {"web/js/call/resample.js", file47, sizeof file47},
  {"web/js/call/transcript.js", file48, sizeof file48},
  {"web/js/call/turn-latency.js", file49, sizeof file49},
  {"web/js/call/waveform.js", file50, sizeof file50},
  {"web/js/call/worklets/capture.js", file51, sizeof file51},
  {"web/js/call/worklets/jitter-buffer.js", file52, sizeof file52},
  {"web/js/call/worklets/playback.js", file53, sizeof file53},
  {"web/js/flows/api.js", file54, sizeof file54},
  {"web/js/flows/check.js", file55, sizeof file55},
  {"web/js/flows/dry-run.js", file56, sizeof file56},
  {"web/js/flows/edited-flow.js", file57, sizeof file57},
  {"web/js/flows/editor.js", file58, sizeof file58},
  {"web/js/flows/graph.js", file59, sizeof file59},
  {"web/js/flows/page.js", file60, sizeof file60},
  {"web/js/flows/text-diff.js", file61, sizeof file61},
  {"web/js/flows/versions.js", file62, sizeof file62},
  {"web/js/keys/page.js", file63, sizeof file63},
  {"web/js/load/form.js", file64, sizeof file64},
  {"web/js/load/page.js", file65, sizeof file65},
  {"web/js/load/run-poller.js", file66, sizeof file66},
  {"web/js/load/run-view.js", file67, sizeof file67},
  {"web/js/load/summary.js", file68, sizeof file68},
  {"web/js/shared/api-key.js", file69, sizeof file69},
  {"web/js/shared/api.js", file70, sizeof file70},
  {"web/js/shared/dialog.js", file71, sizeof file71},
  {"web/js/shared/dom.js", file72, sizeof file72},
  {"web/js/shared/format.js", file73, sizeof file73},
  {"web/js/shared/line-chart.js", file74, sizeof file74},
  {"web/js/shared/messages.js", file75, sizeof file75},
  {"web/js/shared/notices.js", file76, sizeof file76},
  {"web/js/shared/server-status.js", file77, sizeof file77},
  {"web/js/shared/shell.js", file78, sizeof file78},
  {"web/js/tests/case-list.js", file79, sizeof file79},
  {"web/js/tests/page.js", file80, sizeof file80},
  {"web/js/tests/rows.js", file81, sizeof file81},
  {"web/js/tests/run-list.js", file82, sizeof file82},
  {"web/js/tests/runner.js", file83, sizeof file83},
  {"web/js/tests/verdict.js", file84, sizeof file84},
  {"web/js/usage/bar-chart.js", file85, sizeof file85},
  {"web/js/usage/measures.js", file86, sizeof file86},
  {"web/js/usage/page.js", file87, sizeof file87},
  {"web/js/voices/page.js", file88, sizeof file88},
  {"web/js/voices/sample-player.js", file89, sizeof file89},
  {"web/keys.html", file90, sizeof file90},
  {"web/load.html", file91, sizeof file91},
  {"web/report/base.css", file92, sizeof file92},
  {"web/report/load.css", file93, sizeof file93},
  {"web/report/report.css", file94, sizeof file94},
  {"web/report/report.js", file95, sizeof file95},
  {"web/tests.html", file96, sizeof file96},
  {"web/usage.html", file97, sizeof file97},
  {"web/voices.html", file98, sizeof file98},
};

const struct embedded_file *embedded_files(void) { return files; }
size_t embedded_files_count(void) { return sizeof files / sizeof files[0]; }
