// As one would write it first: ones are counted in bytes and added up in 16 bits, tap by tap.
#include "layer.h"

void layer(void) {
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      for (int output = 0; output < OUTPUTS; output++) {
        uint16x8_t differ = vdupq_n_u16(0);
        for (int ky = 0; ky < 3; ky++)
          for (int kx = 0; kx < 3; kx++) {
            uint8x16_t pixel = vld1q_u8(pixels[y + ky][x + kx]), weight = vld1q_u8(weights[output][ky][kx]);
            differ = vpadalq_u8(differ, vcntq_u8(veorq_u8(pixel, weight)));
          }
        scores[y][x][output] = BITS - 2 * vaddvq_u16(differ);
      }
}
