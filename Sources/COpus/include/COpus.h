#ifndef COpus_H
#define COpus_H
#include <opus/opus.h>

// opus_encoder_ctl takes variable arguments, which Swift does not call. Each returns OPUS_OK or an Opus error.

/// Signal type voice, constrained variable bit rate, discontinuous transmission off, and the values given. In-band forward
/// error correction is on when `expected_loss_percent` is above 0.
int opus_encoder_set_speech(OpusEncoder *encoder, int bit_rate, int complexity, int expected_loss_percent);
int opus_encoder_reset(OpusEncoder *encoder);
/// Samples by which the decoded signal lags behind.
int opus_encoder_lookahead(OpusEncoder *encoder, opus_int32 *samples);
#endif
