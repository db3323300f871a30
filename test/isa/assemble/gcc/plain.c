// Plain C as found around the kernels: what the compiler makes of it, vectorised or not, has to assemble.
#include <stdint.h>

static float table[100] = {1.5f, 2.5f};
static int histogram[256];
const char *names[] = {"convolution", "pool", "dense"};
static uint64_t state = 88172645463325252ull;

static uint64_t random64(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

int main(void) {
  int sum = 0;
  for (int i = 0; i < 1000; i++) sum += ++histogram[random64() % 256];
  for (int i = 0; i < 100; i++) table[i] = table[i] * 0.1f + (float)sum;
  return names[sum % 3][0] + (int)table[7];
}

int argmax(const float *x, int n) {
  int best = 0;
  for (int i = 1; i < n; i++)
    if (x[i] > x[best]) best = i;
  return best;
}

void pack(const float *x, const float *threshold, uint8_t *out, int n) {
  for (int i = 0; i < n / 8; i++) {
    uint8_t bits = 0;
    for (int j = 0; j < 8; j++) bits |= (x[i * 8 + j] >= threshold[i * 8 + j]) << j;
    out[i] = bits;
  }
}

void convolve(const float *in, const float *w, float *out, int channels, int height, int width) {
  for (int y = 0; y < height - 2; y++)
    for (int x = 0; x < width - 2; x++) {
      float sum = 0;
      for (int c = 0; c < channels; c++)
        for (int k = 0; k < 9; k++) sum += in[(c * height + y + k / 3) * width + x + k % 3] * w[c * 9 + k];
      out[y * width + x] = sum;
    }
}

void quantise(const float *x, int8_t *y, int n, float scale) {
  for (int i = 0; i < n; i++) {
    int v = (int)(x[i] * scale);
    y[i] = v > 127 ? 127 : v < -128 ? -128 : v;
  }
}

int differences(const uint8_t *a, const uint8_t *b, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += __builtin_popcount(a[i] ^ b[i]);
  return sum;
}

void choose(int kind, int *p) {
  switch (kind) {
    case 0: p[0] = 5; break;
    case 1: p[1] = 9, p[7] = 1; break;
    case 2: p[2] = 12, p[3]++; break;
    case 3: p[0] *= -1; break;
    case 4: p[2] -= 77; break;
    case 5: p[1] = kind * p[4]; break;
    case 6: p[0] = 1234567; break;
    case 7: p[6] = p[0] << 3; break;
    case 8: p[3] = p[4] / 7; break;
    case 9: p[0] ^= 5; break;
    case 10: p[8] = ~p[2]; break;
    case 11: p[5] = p[6] > 3;
  }
}
