#include "COpus.h"

int opus_encoder_set_speech(OpusEncoder *encoder, int bit_rate, int complexity, int expected_loss_percent) {
  int code = opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bit_rate));
  if (code == OPUS_OK) code = opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity));
  if (code == OPUS_OK) code = opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  if (code == OPUS_OK) code = opus_encoder_ctl(encoder, OPUS_SET_VBR_CONSTRAINT(1));
  if (code == OPUS_OK) code = opus_encoder_ctl(encoder, OPUS_SET_DTX(0));
  if (code == OPUS_OK) code = opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(expected_loss_percent > 0));
  if (code == OPUS_OK) code = opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(expected_loss_percent));
  return code;
}

int opus_encoder_reset(OpusEncoder *encoder) { return opus_encoder_ctl(encoder, OPUS_RESET_STATE); }

int opus_encoder_lookahead(OpusEncoder *encoder, opus_int32 *samples) {
  return opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(samples));
}
