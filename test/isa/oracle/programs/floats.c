// Matrices, a normalisation, and series in single and double precision.

#include <stdint.h>

static float a[24][24], b[24][24], c[24][24];

void compute(uint32_t *out) {
  for (int i = 0; i < 24; i++)
    for (int j = 0; j < 24; j++) {
      a[i][j] = (float)(i * 7 - j * 3) / 11.0f;
      b[i][j] = 1.0f / (float)(i + j + 1);
    }
  for (int i = 0; i < 24; i++)
    for (int j = 0; j < 24; j++) {
      float sum = 0;
      for (int k = 0; k < 24; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  float most = c[0][0];
  for (int i = 0; i < 24; i++)
    for (int j = 0; j < 24; j++) most = c[i][j] > most ? c[i][j] : most;
  for (int i = 0; i < 24; i++) {
    double mean = 0, square = 0;
    for (int j = 0; j < 24; j++) mean += c[i][j];
    mean /= 24;
    for (int j = 0; j < 24; j++) square += (c[i][j] - mean) * (c[i][j] - mean);
    double scale = 1 / __builtin_sqrt(square / 24 + 1e-5);
    for (int j = 0; j < 24; j++) {
      float value = (float)((c[i][j] - mean) * scale);
      union { float f; uint32_t u; } bits = { value };
      out[24 * i + j] = bits.u;
      out[600 + 24 * i + j] = (uint32_t)(int32_t)__builtin_floorf(value * 100 + most);
    }
  }
  union { double d; uint64_t u; } result = { 0 };
  double term = 1;
  for (int i = 1; i < 30; i++) {
    result.d += term;
    term = term * -1.7 / i;
  }
  out[1200] = result.u;
  out[1201] = result.u >> 32;
  out[1202] = __builtin_lrint(result.d * 1e6);
}
