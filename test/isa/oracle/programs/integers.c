// Sorting, division, checksums, a jump table, recursion and calls through pointers.

#include <stdint.h>

static int32_t values[200];
static uint8_t text[512];

static int compare_up(int32_t x, int32_t y) { return x < y; }
static int compare_digits(int32_t x, int32_t y) { return x % 10 < y % 10; }
static int (*const orders[2])(int32_t, int32_t) = { compare_up, compare_digits };

__attribute__((noinline)) static void sort(int32_t *first, int count, int (*before)(int32_t, int32_t)) {
  if (count < 2) return;
  int32_t pivot = first[count / 2];
  int low = 0, high = count - 1;
  while (low <= high) {
    while (before(first[low], pivot)) low++;
    while (before(pivot, first[high])) high--;
    if (low > high) break;
    int32_t swapped = first[low];
    first[low++] = first[high];
    first[high--] = swapped;
  }
  sort(first, high + 1, before);
  sort(first + low, count - low, before);
}

__attribute__((noinline)) static uint64_t step(int kind, uint64_t x) {
  switch (kind) {
    case 0: return x * 0x9e3779b97f4a7c15u;
    case 1: return x ^ x >> 29;
    case 2: return x / 1000003 + (x % 1000003 << 20);
    case 3: return (uint64_t)((int64_t)x / -77) ^ x << 9;
    case 4: return __builtin_bswap64(x) + __builtin_clzll(x | 1);
    case 5: return (uint64_t)((unsigned __int128)x * 0xdeadbeefcafef00du >> 64) ^ x;
    case 6: return x - (uint64_t)__builtin_ctzll(x | 1 << 20);
    default: return x + 1;
  }
}

void compute(uint32_t *out) {
  uint64_t x = 42;
  for (int i = 0; i < 200; i++) {
    x = step(i % 9, x);
    values[i] = (int32_t)x;
    if (values[i] < 0) values[i] = -(values[i] / 2);
  }
  for (int order = 0; order < 2; order++) {
    sort(values, 200, orders[order]);
    for (int i = 0; i < 200; i++) out[200 * order + i] = values[i];
  }
  for (int i = 0; i < 512; i++) text[i] = (uint8_t)(x >> (i % 57));
  uint32_t crc = ~0u;
  for (int i = 0; i < 512; i++) {
    crc ^= text[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
  }
  out[400] = crc;
  int runs = 0;
  for (int i = 1; i < 512; i++) runs += text[i] != text[i - 1];
  out[401] = runs;
}
