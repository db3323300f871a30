// A binary convolution of 3 x 3 taps: 14 x 14 pixels with a border, 128 channels in, 64 channels out. Each bit is a
// value, 1 for +1 and 0 for -1, so the border is -1.
#include <arm_neon.h>
#include <stdint.h>

enum { SIZE = 14, OUTPUTS = 64, BYTES = 16, BITS = 3 * 3 * 8 * BYTES };

static uint8_t pixels[SIZE + 2][SIZE + 2][BYTES];
static uint8_t weights[OUTPUTS][3][3][BYTES];
static int16_t scores[SIZE][SIZE][OUTPUTS];

/** The kernel: `scores` of `pixels` and `weights`. */
void layer(void);

static void fill(uint8_t *bytes, int count) {
  static uint32_t random = 2463534242;
  for (int i = 0; i < count; i++) {
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    bytes[i] = random;
  }
}

static int16_t expected(int y, int x, int output) {
  int differ = 0;
  for (int ky = 0; ky < 3; ky++)
    for (int kx = 0; kx < 3; kx++)
      for (int i = 0; i < BYTES; i++)
        differ += __builtin_popcount(pixels[y + ky][x + kx][i] ^ weights[output][ky][kx][i]);
  return BITS - 2 * differ;
}

/** Scores that are wrong. */
static int check(void) {
  int wrong = 0;
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      for (int output = 0; output < OUTPUTS; output++) wrong += scores[y][x][output] != expected(y, x, output);
  return wrong;
}

int main(void) {
  for (int y = 1; y <= SIZE; y++) fill(pixels[y][1], SIZE * BYTES);
  fill(weights[0][0][0], sizeof weights);
  layer();
  int wrong = check();
  // An access that low stops the program: a wrong result cannot be overlooked, and the address is the verdict.
  if (wrong) *(volatile uint8_t *)(uintptr_t)wrong = 0;
  return wrong;
}
