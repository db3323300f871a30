// Byte and halfword arithmetic that gcc vectorises: blurs, saturation, absolute differences, colour planes.

#include <stdint.h>

static uint8_t rgb[3 * 1024], luma[1024], blurred[1024];
static int16_t gradient[1024];
static int8_t quantised[1024];

void compute(uint32_t *out) {
  uint32_t seed = 7;
  for (int i = 0; i < 3 * 1024; i++) {
    seed = seed * 1664525 + 1013904223;
    rgb[i] = seed >> 24;
  }
  for (int i = 0; i < 1024; i++) luma[i] = (77 * rgb[3 * i] + 150 * rgb[3 * i + 1] + 29 * rgb[3 * i + 2] + 128) >> 8;
  for (int i = 1; i < 1023; i++) blurred[i] = (luma[i - 1] + 2 * luma[i] + luma[i + 1] + 2) / 4;
  for (int i = 0; i < 1024; i++) {
    int difference = luma[i] - blurred[i];
    gradient[i] = difference < 0 ? -difference : difference;
  }
  for (int i = 0; i < 1024; i++) {
    int value = (gradient[i] * 37 >> 3) - 64;
    quantised[i] = value > 127 ? 127 : value < -128 ? -128 : value;
  }
  int32_t dot = 0;
  uint32_t sad = 0;
  for (int i = 0; i < 1024; i++) dot += quantised[i] * (int8_t)(luma[i] - 128);
  for (int i = 0; i < 1024; i++) sad += luma[i] > blurred[i] ? luma[i] - blurred[i] : blurred[i] - luma[i];
  out[0] = dot;
  out[1] = sad;
  for (int i = 0; i < 1024; i++) out[2 + i] = (uint32_t)(uint8_t)quantised[i] << 16 | (uint16_t)gradient[i];
}
