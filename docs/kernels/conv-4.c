// As conv-3, but four channels of two pixels: each weight is loaded once for both.
#include "layer.h"

struct pair {
  uint8x16_t left, right;
};

static inline struct pair differ(int y, int x, int output) {
  struct pair sum = {vdupq_n_u8(0), vdupq_n_u8(0)};
  for (int ky = 0; ky < 3; ky++)
    for (int kx = 0; kx < 3; kx++) {
      const uint8_t(*pixel)[BYTES] = &pixels[y + ky][x + kx];
      uint8x16_t weight = vld1q_u8(weights[output][ky][kx]);
      sum.left = vaddq_u8(sum.left, vcntq_u8(veorq_u8(vld1q_u8(pixel[0]), weight)));
      sum.right = vaddq_u8(sum.right, vcntq_u8(veorq_u8(vld1q_u8(pixel[1]), weight)));
    }
  return sum;
}

/** Stores the scores of one pixel and four channels from `output` on. */
static inline void store(int y, int x, int output, uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
  uint16x8_t sums = vpaddq_u16(vpaddlq_u8(vpaddq_u8(a, b)), vpaddlq_u8(vpaddq_u8(c, d)));
  int16x4_t ones = vreinterpret_s16_u16(vpadd_u16(vget_low_u16(sums), vget_high_u16(sums)));
  vst1_s16(&scores[y][x][output], vsub_s16(vdup_n_s16(BITS), vshl_n_s16(ones, 1)));
}

void layer(void) {
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x += 2)
      for (int output = 0; output < OUTPUTS; output += 4) {
        struct pair a = differ(y, x, output), b = differ(y, x, output + 1);
        struct pair c = differ(y, x, output + 2), d = differ(y, x, output + 3);
        store(y, x, output, a.left, b.left, c.left, d.left);
        store(y, x + 1, output, a.right, b.right, c.right, d.right);
      }
}
