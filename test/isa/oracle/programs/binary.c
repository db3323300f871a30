// A binary convolution with majority pooling: popcounts, packed words, branches on data.

#include <stdint.h>

static uint32_t state = 12345;
static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}

static uint64_t image[18][18], weights[16][9];
static int16_t sums[16][16][16];

void compute(uint32_t *out) {
  for (int y = 0; y < 18; y++)
    for (int x = 0; x < 18; x++) image[y][x] = (uint64_t)next() << 32 | next();
  for (int k = 0; k < 16; k++)
    for (int t = 0; t < 9; t++) weights[k][t] = (uint64_t)next() << 32 | next();
  for (int k = 0; k < 16; k++)
    for (int y = 0; y < 16; y++)
      for (int x = 0; x < 16; x++) {
        int sum = 0;
        for (int dy = 0; dy < 3; dy++)
          for (int dx = 0; dx < 3; dx++) sum += __builtin_popcountll(~(image[y + dy][x + dx] ^ weights[k][3 * dy + dx]));
        sums[k][y][x] = 2 * sum - 576;
      }
  for (int k = 0; k < 16; k++)
    for (int y = 0; y < 16; y += 2) {
      uint32_t bits = 0;
      for (int x = 0; x < 16; x += 2) {
        int most = sums[k][y][x];
        if (sums[k][y][x + 1] > most) most = sums[k][y][x + 1];
        if (sums[k][y + 1][x] > most) most = sums[k][y + 1][x];
        if (sums[k][y + 1][x + 1] > most) most = sums[k][y + 1][x + 1];
        bits |= (uint32_t)(most > 13 - k) << (x / 2);
        out[256 + 64 * k + 4 * y + x / 2] = most;
      }
      out[8 * k + y / 2] = bits;
    }
}
