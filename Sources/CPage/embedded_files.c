// Written by Sources/setup/embed.py; run it when there is a new file.
#include "CPage.h"

static const unsigned char file0[] = {
#embed "../../Samples/callers/callers.yaml"
};
static const unsigned char file1[] = {
#embed "../../Samples/callers/cases/booking.yaml"
};
static const unsigned char file2[] = {
#embed "../../Samples/deploy/compose.yaml"
};
static const unsigned char file3[] = {
#embed "../../Samples/deploy/grafana-dashboard.json"
};
static const unsigned char file4[] = {
#embed "../../Samples/deploy/haproxy.cfg"
};
static const unsigned char file5[] = {
#embed "../../Samples/deploy/kubernetes.yaml"
};
static const unsigned char file6[] = {
#embed "../../Samples/deploy/nginx.conf"
};
static const unsigned char file7[] = {
#embed "../../Samples/deploy/prometheus-alerts.yaml"
};
static const unsigned char file8[] = {
#embed "../../Samples/deploy/simulate-job.yaml"
};
static const unsigned char file9[] = {
#embed "../../Samples/deploy/voiceforge@.service"
};
static const unsigned char file10[] = {
#embed "../../Samples/flows/appointment.yaml"
};
static const unsigned char file11[] = {
#embed "../../Samples/flows/order-status.yaml"
};
static const unsigned char file12[] = {
#embed "../../Samples/flows/reminder.yaml"
};
static const unsigned char file13[] = {
#embed "../../Samples/flows/support-triage.yaml"
};
static const unsigned char file14[] = {
#embed "../../Samples/llm/calibration/front-desk.yaml"
};
static const unsigned char file15[] = {
#embed "../../Samples/llm/callers-script.json"
};
static const unsigned char file16[] = {
#embed "../../Samples/llm/callers.yaml"
};
static const unsigned char file17[] = {
#embed "../../Samples/llm/cases.yaml"
};
static const unsigned char file18[] = {
#embed "../../Samples/llm/flows/front-desk.yaml"
};
static const unsigned char file19[] = {
#embed "../../Samples/llm/recordings/front-desk-judge.jsonl"
};
static const unsigned char file20[] = {
#embed "../../Samples/llm/recordings/goal-book-noisy.jsonl"
};
static const unsigned char file21[] = {
#embed "../../Samples/llm/recordings/goal-book-uncertain.jsonl"
};
static const unsigned char file22[] = {
#embed "../../Samples/llm/recordings/goal-book.jsonl"
};
static const unsigned char file23[] = {
#embed "../../Samples/llm/recordings/goal-cancel.jsonl"
};
static const unsigned char file24[] = {
#embed "../../Samples/llm/recordings/goal-change.jsonl"
};
static const unsigned char file25[] = {
#embed "../../Samples/llm/recordings/goal-hours.jsonl"
};
static const unsigned char file26[] = {
#embed "../../Samples/llm/recordings/goal-interrupt.jsonl"
};
static const unsigned char file27[] = {
#embed "../../Samples/llm/recordings/goal-person.jsonl"
};
static const unsigned char file28[] = {
#embed "../../Samples/llm/recordings/goal-prescription.jsonl"
};
static const unsigned char file29[] = {
#embed "../../Samples/llm/recordings/goal-undecided.jsonl"
};
static const unsigned char file30[] = {
#embed "../../Samples/llm/recordings/llm-book.jsonl"
};
static const unsigned char file31[] = {
#embed "../../Samples/llm/recordings/llm-interrupt.jsonl"
};
static const unsigned char file32[] = {
#embed "../../Samples/llm/recordings/llm-judged.jsonl"
};
static const unsigned char file33[] = {
#embed "../../Samples/llm/recordings/llm-person.jsonl"
};
static const unsigned char file34[] = {
#embed "../../Samples/llm/script.json"
};
static const unsigned char file35[] = {
#embed "../../Samples/load/flows/story.yaml"
};
static const unsigned char file36[] = {
#embed "../../Samples/load/media-plane.yaml"
};
static const unsigned char file37[] = {
#embed "../../Samples/load/uncompressed.yaml"
};
static const unsigned char file38[] = {
#embed "../../Samples/meaning/cases.yaml"
};
static const unsigned char file39[] = {
#embed "../../Samples/meaning/flows/surgery.yaml"
};
static const unsigned char file40[] = {
#embed "../../Samples/pausing/cases.yaml"
};
static const unsigned char file41[] = {
#embed "../../Samples/pausing/flows/hours-at-once.yaml"
};
static const unsigned char file42[] = {
#embed "../../Samples/pausing/flows/hours.yaml"
};
static const unsigned char file43[] = {
#embed "../../Samples/targets/incoming_call.xml"
};
static const unsigned char file44[] = {
#embed "../../Samples/targets/pipecat_bot.py"
};
static const unsigned char file45[] = {
#embed "../../Samples/targets/realtime_client.py"
};
static const unsigned char file46[] = {
#embed "../../Samples/testcases/appointment.yaml"
};
static const unsigned char file47[] = {
#embed "../../Samples/testcases/manners.yaml"
};
static const unsigned char file48[] = {
#embed "../../Samples/testcases/must-fail.yaml"
};
static const unsigned char file49[] = {
#embed "../../Samples/testcases/order-status.yaml"
};
static const unsigned char file50[] = {
#embed "../../Samples/testcases/predecessor.json"
};
static const unsigned char file51[] = {
#embed "../../Samples/testcases/reminder.yaml"
};
static const unsigned char file52[] = {
#embed "../../Samples/testcases/support-triage.yaml"
};
static const unsigned char file53[] = {
#embed "../../Samples/testcases/worlds.yaml"
};
static const unsigned char file54[] = {
#embed "../../web/css/call.css"
};
static const unsigned char file55[] = {
#embed "../../web/css/flows.css"
};
static const unsigned char file56[] = {
#embed "../../web/css/keys.css"
};
static const unsigned char file57[] = {
#embed "../../web/css/load.css"
};
static const unsigned char file58[] = {
#embed "../../web/css/shared.css"
};
static const unsigned char file59[] = {
#embed "../../web/css/tests.css"
};
static const unsigned char file60[] = {
#embed "../../web/css/usage.css"
};
static const unsigned char file61[] = {
#embed "../../web/css/voices.css"
};
static const unsigned char file62[] = {
#embed "../../web/favicon.svg"
};
static const unsigned char file63[] = {
#embed "../../web/flows.html"
};
static const unsigned char file64[] = {
#embed "../../web/index.html"
};
static const unsigned char file65[] = {
#embed "../../web/js/call/agent-choice.js"
};
static const unsigned char file66[] = {
#embed "../../web/js/call/audio.js"
};
static const unsigned char file67[] = {
#embed "../../web/js/call/call-panel.js"
};
static const unsigned char file68[] = {
#embed "../../web/js/call/call-session.js"
};
static const unsigned char file69[] = {
#embed "../../web/js/call/call-worker.js"
};
static const unsigned char file70[] = {
#embed "../../web/js/call/codec.js"
};
static const unsigned char file71[] = {
#embed "../../web/js/call/history.js"
};
static const unsigned char file72[] = {
#embed "../../web/js/call/keypad.js"
};
static const unsigned char file73[] = {
#embed "../../web/js/call/microphone.js"
};
static const unsigned char file74[] = {
#embed "../../web/js/call/native-wire.js"
};
static const unsigned char file75[] = {
#embed "../../web/js/call/page.js"
};
static const unsigned char file76[] = {
#embed "../../web/js/call/protocol.js"
};
static const unsigned char file77[] = {
#embed "../../web/js/call/realtime-wire.js"
};
static const unsigned char file78[] = {
#embed "../../web/js/call/recording.js"
};
static const unsigned char file79[] = {
#embed "../../web/js/call/resample.js"
};
static const unsigned char file80[] = {
#embed "../../web/js/call/tool-call.js"
};
static const unsigned char file81[] = {
#embed "../../web/js/call/transcript.js"
};
static const unsigned char file82[] = {
#embed "../../web/js/call/turn-latency.js"
};
static const unsigned char file83[] = {
#embed "../../web/js/call/waveform.js"
};
static const unsigned char file84[] = {
#embed "../../web/js/call/worklets/capture.js"
};
static const unsigned char file85[] = {
#embed "../../web/js/call/worklets/jitter-buffer.js"
};
static const unsigned char file86[] = {
#embed "../../web/js/call/worklets/playback.js"
};
static const unsigned char file87[] = {
#embed "../../web/js/flows/api.js"
};
static const unsigned char file88[] = {
#embed "../../web/js/flows/check.js"
};
static const unsigned char file89[] = {
#embed "../../web/js/flows/dry-run.js"
};
static const unsigned char file90[] = {
#embed "../../web/js/flows/edited-flow.js"
};
static const unsigned char file91[] = {
#embed "../../web/js/flows/editor.js"
};
static const unsigned char file92[] = {
#embed "../../web/js/flows/graph.js"
};
static const unsigned char file93[] = {
#embed "../../web/js/flows/page.js"
};
static const unsigned char file94[] = {
#embed "../../web/js/flows/text-diff.js"
};
static const unsigned char file95[] = {
#embed "../../web/js/flows/versions.js"
};
static const unsigned char file96[] = {
#embed "../../web/js/keys/page.js"
};
static const unsigned char file97[] = {
#embed "../../web/js/load/form.js"
};
static const unsigned char file98[] = {
#embed "../../web/js/load/page.js"
};
static const unsigned char file99[] = {
#embed "../../web/js/load/run-poller.js"
};
static const unsigned char file100[] = {
#embed "../../web/js/load/run-view.js"
};
static const unsigned char file101[] = {
#embed "../../web/js/load/summary.js"
};
static const unsigned char file102[] = {
#embed "../../web/js/shared/api-key.js"
};
static const unsigned char file103[] = {
#embed "../../web/js/shared/api.js"
};
static const unsigned char file104[] = {
#embed "../../web/js/shared/dialog.js"
};
static const unsigned char file105[] = {
#embed "../../web/js/shared/dom.js"
};
static const unsigned char file106[] = {
#embed "../../web/js/shared/format.js"
};
static const unsigned char file107[] = {
#embed "../../web/js/shared/line-chart.js"
};
static const unsigned char file108[] = {
#embed "../../web/js/shared/messages.js"
};
static const unsigned char file109[] = {
#embed "../../web/js/shared/notices.js"
};
static const unsigned char file110[] = {
#embed "../../web/js/shared/server-status.js"
};
static const unsigned char file111[] = {
#embed "../../web/js/shared/shell.js"
};
static const unsigned char file112[] = {
#embed "../../web/js/tests/case-list.js"
};
static const unsigned char file113[] = {
#embed "../../web/js/tests/page.js"
};
static const unsigned char file114[] = {
#embed "../../web/js/tests/rows.js"
};
static const unsigned char file115[] = {
#embed "../../web/js/tests/run-list.js"
};
static const unsigned char file116[] = {
#embed "../../web/js/tests/runner.js"
};
static const unsigned char file117[] = {
#embed "../../web/js/tests/verdict.js"
};
static const unsigned char file118[] = {
#embed "../../web/js/usage/bar-chart.js"
};
static const unsigned char file119[] = {
#embed "../../web/js/usage/measures.js"
};
static const unsigned char file120[] = {
#embed "../../web/js/usage/page.js"
};
static const unsigned char file121[] = {
#embed "../../web/js/voices/page.js"
};
static const unsigned char file122[] = {
#embed "../../web/js/voices/sample-player.js"
};
static const unsigned char file123[] = {
#embed "../../web/keys.html"
};
static const unsigned char file124[] = {
#embed "../../web/load.html"
};
static const unsigned char file125[] = {
#embed "../../web/report/base.css"
};
static const unsigned char file126[] = {
#embed "../../web/report/load.css"
};
static const unsigned char file127[] = {
#embed "../../web/report/report.css"
};
static const unsigned char file128[] = {
#embed "../../web/report/report.js"
};
static const unsigned char file129[] = {
#embed "../../web/tests.html"
};
static const unsigned char file130[] = {
#embed "../../web/usage.html"
};
static const unsigned char file131[] = {
#embed "../../web/voices.html"
};

static const struct embedded_file files[] = {
  {"Samples/callers/callers.yaml", file0, sizeof file0},
  {"Samples/callers/cases/booking.yaml", file1, sizeof file1},
  {"Samples/deploy/compose.yaml", file2, sizeof file2},
  {"Samples/deploy/grafana-dashboard.json", file3, sizeof file3},
  {"Samples/deploy/haproxy.cfg", file4, sizeof file4},
  {"Samples/deploy/kubernetes.yaml", file5, sizeof file5},
  {"Samples/deploy/nginx.conf", file6, sizeof file6},
  {"Samples/deploy/prometheus-alerts.yaml", file7, sizeof file7},
  {"Samples/deploy/simulate-job.yaml", file8, sizeof file8},
  {"Samples/deploy/voiceforge@.service", file9, sizeof file9},
  {"Samples/flows/appointment.yaml", file10, sizeof file10},
  {"Samples/flows/order-status.yaml", file11, sizeof file11},
  {"Samples/flows/reminder.yaml", file12, sizeof file12},
  {"Samples/flows/support-triage.yaml", file13, sizeof file13},
  {"Samples/llm/calibration/front-desk.yaml", file14, sizeof file14},
  {"Samples/llm/callers-script.json", file15, sizeof file15},
  {"Samples/llm/callers.yaml", file16, sizeof file16},
  {"Samples/llm/cases.yaml", file17, sizeof file17},
  {"Samples/llm/flows/front-desk.yaml", file18, sizeof file18},
  {"Samples/llm/recordings/front-desk-judge.jsonl", file19, sizeof file19},
  {"Samples/llm/recordings/goal-book-noisy.jsonl", file20, sizeof file20},
  {"Samples/llm/recordings/goal-book-uncertain.jsonl", file21, sizeof file21},
  {"Samples/llm/recordings/goal-book.jsonl", file22, sizeof file22},
  {"Samples/llm/recordings/goal-cancel.jsonl", file23, sizeof file23},
  {"Samples/llm/recordings/goal-change.jsonl", file24, sizeof file24},
  {"Samples/llm/recordings/goal-hours.jsonl", file25, sizeof file25},
  {"Samples/llm/recordings/goal-interrupt.jsonl", file26, sizeof file26},
  {"Samples/llm/recordings/goal-person.jsonl", file27, sizeof file27},
  {"Samples/llm/recordings/goal-prescription.jsonl", file28, sizeof file28},
  {"Samples/llm/recordings/goal-undecided.jsonl", file29, sizeof file29},
  {"Samples/llm/recordings/llm-book.jsonl", file30, sizeof file30},
  {"Samples/llm/recordings/llm-interrupt.jsonl", file31, sizeof file31},
  {"Samples/llm/recordings/llm-judged.jsonl", file32, sizeof file32},
  {"Samples/llm/recordings/llm-person.jsonl", file33, sizeof file33},
  {"Samples/llm/script.json", file34, sizeof file34},
  {"Samples/load/flows/story.yaml", file35, sizeof file35},
  {"Samples/load/media-plane.yaml", file36, sizeof file36},
  {"Samples/load/uncompressed.yaml", file37, sizeof file37},
  {"Samples/meaning/cases.yaml", file38, sizeof file38},
  {"Samples/meaning/flows/surgery.yaml", file39, sizeof file39},
  {"Samples/pausing/cases.yaml", file40, sizeof file40},
  {"Samples/pausing/flows/hours-at-once.yaml", file41, sizeof file41},
  {"Samples/pausing/flows/hours.yaml", file42, sizeof file42},
  {"Samples/targets/incoming_call.xml", file43, sizeof file43},
  {"Samples/targets/pipecat_bot.py", file44, sizeof file44},
  {"Samples/targets/realtime_client.py", file45, sizeof file45},
  {"Samples/testcases/appointment.yaml", file46, sizeof file46},
  {"Samples/testcases/manners.yaml", file47, sizeof file47},
  {"Samples/testcases/must-fail.yaml", file48, sizeof file48},
  {"Samples/testcases/order-status.yaml", file49, sizeof file49},
  {"Samples/testcases/predecessor.json", file50, sizeof file50},
  {"Samples/testcases/reminder.yaml", file51, sizeof file51},
  {"Samples/testcases/support-triage.yaml", file52, sizeof file52},
  {"Samples/testcases/worlds.yaml", file53, sizeof file53},
  {"web/css/call.css", file54, sizeof file54},
  {"web/css/flows.css", file55, sizeof file55},
  {"web/css/keys.css", file56, sizeof file56},
  {"web/css/load.css", file57, sizeof file57},
  {"web/css/shared.css", file58, sizeof file58},
  {"web/css/tests.css", file59, sizeof file59},
  {"web/css/usage.css", file60, sizeof file60},
  {"web/css/voices.css", file61, sizeof file61},
  {"web/favicon.svg", file62, sizeof file62},
  {"web/flows.html", file63, sizeof file63},
  {"web/index.html", file64, sizeof file64},
  {"web/js/call/agent-choice.js", file65, sizeof file65},
  {"web/js/call/audio.js", file66, sizeof file66},
  {"web/js/call/call-panel.js", file67, sizeof file67},
  {"web/js/call/call-session.js", file68, sizeof file68},
  {"web/js/call/call-worker.js", file69, sizeof file69},
  {"web/js/call/codec.js", file70, sizeof file70},
  {"web/js/call/history.js", file71, sizeof file71},
  {"web/js/call/keypad.js", file72, sizeof file72},
  {"web/js/call/microphone.js", file73, sizeof file73},
  {"web/js/call/native-wire.js", file74, sizeof file74},
  {"web/js/call/page.js", file75, sizeof file75},
  {"web/js/call/protocol.js", file76, sizeof file76},
  {"web/js/call/realtime-wire.js", file77, sizeof file77},
  {"web/js/call/recording.js", file78, sizeof file78},
  {"web/js/call/resample.js", file79, sizeof file79},
  {"web/js/call/tool-call.js", file80, sizeof file80},
  {"web/js/call/transcript.js", file81, sizeof file81},
  {"web/js/call/turn-latency.js", file82, sizeof file82},
  {"web/js/call/waveform.js", file83, sizeof file83},
  {"web/js/call/worklets/capture.js", file84, sizeof file84},
  {"web/js/call/worklets/jitter-buffer.js", file85, sizeof file85},
  {"web/js/call/worklets/playback.js", file86, sizeof file86},
  {"web/js/flows/api.js", file87, sizeof file87},
  {"web/js/flows/check.js", file88, sizeof file88},
  {"web/js/flows/dry-run.js", file89, sizeof file89},
  {"web/js/flows/edited-flow.js", file90, sizeof file90},
  {"web/js/flows/editor.js", file91, sizeof file91},
  {"web/js/flows/graph.js", file92, sizeof file92},
  {"web/js/flows/page.js", file93, sizeof file93},
  {"web/js/flows/text-diff.js", file94, sizeof file94},
  {"web/js/flows/versions.js", file95, sizeof file95},
  {"web/js/keys/page.js", file96, sizeof file96},
  {"web/js/load/form.js", file97, sizeof file97},
  {"web/js/load/page.js", file98, sizeof file98},
  {"web/js/load/run-poller.js", file99, sizeof file99},
  {"web/js/load/run-view.js", file100, sizeof file100},
  {"web/js/load/summary.js", file101, sizeof file101},
  {"web/js/shared/api-key.js", file102, sizeof file102},
  {"web/js/shared/api.js", file103, sizeof file103},
  {"web/js/shared/dialog.js", file104, sizeof file104},
  {"web/js/shared/dom.js", file105, sizeof file105},
  {"web/js/shared/format.js", file106, sizeof file106},
  {"web/js/shared/line-chart.js", file107, sizeof file107},
  {"web/js/shared/messages.js", file108, sizeof file108},
  {"web/js/shared/notices.js", file109, sizeof file109},
  {"web/js/shared/server-status.js", file110, sizeof file110},
  {"web/js/shared/shell.js", file111, sizeof file111},
  {"web/js/tests/case-list.js", file112, sizeof file112},
  {"web/js/tests/page.js", file113, sizeof file113},
  {"web/js/tests/rows.js", file114, sizeof file114},
  {"web/js/tests/run-list.js", file115, sizeof file115},
  {"web/js/tests/runner.js", file116, sizeof file116},
  {"web/js/tests/verdict.js", file117, sizeof file117},
  {"web/js/usage/bar-chart.js", file118, sizeof file118},
  {"web/js/usage/measures.js", file119, sizeof file119},
  {"web/js/usage/page.js", file120, sizeof file120},
  {"web/js/voices/page.js", file121, sizeof file121},
  {"web/js/voices/sample-player.js", file122, sizeof file122},
  {"web/keys.html", file123, sizeof file123},
  {"web/load.html", file124, sizeof file124},
  {"web/report/base.css", file125, sizeof file125},
  {"web/report/load.css", file126, sizeof file126},
  {"web/report/report.css", file127, sizeof file127},
  {"web/report/report.js", file128, sizeof file128},
  {"web/tests.html", file129, sizeof file129},
  {"web/usage.html", file130, sizeof file130},
  {"web/voices.html", file131, sizeof file131},
};

const struct embedded_file *embedded_files(void) { return files; }
size_t embedded_files_count(void) { return sizeof files / sizeof files[0]; }
