// Kernels of a binary network with NEON intrinsics: dot products, packing, and what surrounds them.
#include <arm_neon.h>
#include <stdint.h>

int dot(const uint8_t *a, const uint8_t *b, int n) {
  uint16x8_t sum = vdupq_n_u16(0);
  for (int i = 0; i < n; i += 16) sum = vpadalq_u8(sum, vcntq_u8(veorq_u8(vld1q_u8(a + i), vld1q_u8(b + i))));
  return 8 * n - 2 * (int)vaddlvq_u16(sum);
}

void gemm(const uint8_t *a, const uint8_t *b, int32_t *c, int rows, int columns, int bytes) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) {
      uint32x4_t sum = vdupq_n_u32(0);
      for (int k = 0; k + 64 <= bytes; k += 64) {
        uint8x16x4_t x = vld1q_u8_x4(a + i * bytes + k), w = vld1q_u8_x4(b + j * bytes + k);
        uint8x16_t ones = vcntq_u8(veorq_u8(x.val[0], w.val[0]));
        for (int r = 1; r < 4; r++) ones = vaddq_u8(ones, vcntq_u8(veorq_u8(x.val[r], w.val[r])));
        sum = vpadalq_u16(sum, vpaddlq_u8(ones));
      }
      c[i * columns + j] = bytes * 8 - 2 * (int)vaddvq_u32(sum);
    }
}

static const uint8_t bit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};

void pack(const float *x, uint8_t *out, int n) {
  const uint8x16_t bits = vld1q_u8(bit);
  const float32x4_t zero = vdupq_n_f32(0);
  for (int i = 0; i < n; i += 16) {
    uint16x8_t low = vcombine_u16(vmovn_u32(vcgeq_f32(vld1q_f32(x + i), zero)), vmovn_u32(vcgezq_f32(vld1q_f32(x + i + 4))));
    uint16x8_t high = vmovn_high_u32(vmovn_u32(vcgtzq_f32(vld1q_f32(x + i + 8))), vcleq_f32(zero, vld1q_f32(x + i + 12)));
    uint8x16_t set = vandq_u8(vcombine_u8(vmovn_u16(low), vmovn_u16(high)), bits);
    set = vpaddq_u8(set, set);
    set = vpaddq_u8(set, set);
    set = vpaddq_u8(set, set);
    vst1q_lane_u16((uint16_t *)(out + i / 8), vreinterpretq_u16_u8(set), 0);
  }
}

void scale(float *x, const float *factor, const float *offset, int channels, int pixels) {
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < pixels; i += 4)
      vst1q_f32(x + c * pixels + i, vfmaq_n_f32(vdupq_n_f32(offset[c]), vld1q_f32(x + c * pixels + i), factor[c]));
}

void interleave(const uint8_t *in, uint8_t *out, uint8x16_t order) {
  uint8x16x3_t x = vld3q_u8(in);
  x.val[0] = vqtbl1q_u8(vextq_u8(x.val[0], x.val[1], 5), order);
  x.val[1] = vbslq_u8(x.val[0], vrev64q_u8(x.val[2]), vzip1q_u8(x.val[1], x.val[2]));
  x.val[2] = vsliq_n_u8(vsriq_n_u8(x.val[1], x.val[2], 3), x.val[0], 1);
  vst3q_u8(out, x);
}
