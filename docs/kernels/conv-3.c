// Eight channels at a time, whose sums are added up side by side and stored at once.
#include "layer.h"

static inline uint8x16_t differ(int y, int x, int output) {
  uint8x16_t sum = vdupq_n_u8(0);
  for (int ky = 0; ky < 3; ky++)
    for (int kx = 0; kx < 3; kx++) {
      uint8x16_t pixel = vld1q_u8(pixels[y + ky][x + kx]), weight = vld1q_u8(weights[output][ky][kx]);
      sum = vaddq_u8(sum, vcntq_u8(veorq_u8(pixel, weight)));
    }
  return sum;
}

/** The ones of two channels, each in four lanes. */
static inline uint16x8_t two(int y, int x, int output) {
  return vpaddlq_u8(vpaddq_u8(differ(y, x, output), differ(y, x, output + 1)));
}

void layer(void) {
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      for (int output = 0; output < OUTPUTS; output += 8) {
        uint16x8_t low = vpaddq_u16(two(y, x, output), two(y, x, output + 2));
        uint16x8_t high = vpaddq_u16(two(y, x, output + 4), two(y, x, output + 6));
        int16x8_t sums = vreinterpretq_s16_u16(vpaddq_u16(low, high));
        vst1q_s16(&scores[y][x][output], vsubq_s16(vdupq_n_s16(BITS), vshlq_n_s16(sums, 1)));
      }
}
