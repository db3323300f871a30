// Sums stay in bytes: nine taps of at most 8 ones each fit. They are widened once.
#include "layer.h"

void layer(void) {
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      for (int output = 0; output < OUTPUTS; output++) {
        uint8x16_t differ = vdupq_n_u8(0);
        for (int ky = 0; ky < 3; ky++)
          for (int kx = 0; kx < 3; kx++) {
            uint8x16_t pixel = vld1q_u8(pixels[y + ky][x + kx]), weight = vld1q_u8(weights[output][ky][kx]);
            differ = vaddq_u8(differ, vcntq_u8(veorq_u8(pixel, weight)));
          }
        scores[y][x][output] = BITS - 2 * vaddlvq_u8(differ);
      }
}
