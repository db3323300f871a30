// Binary matrix product, XNOR and popcount, with what follows it: bgemm_lce_i32, bgemm_lce_f32, bgemm_lce_bits.
//
// For each output pixel (a row of bits) and channel, m = popcount(row xor weights), sum = base - factor * m, in int16.
//   bgemm_lce_i32   out = sum, as int32
//   bgemm_lce_f32   out = max(float(sum), lower) * scale + offset, rounded after each operation
//   bgemm_lce_bits  bit of out = sum > level
//
// The structure is that of Larq Compute Engine's kernel for AArch64: a tile of 8 channels x 4 pixels (of 1 pixel for the
// last 1 to 3), 16 bytes of depth a step, popcounts added in a tree of addp into 16-bit sums, weights packed by panels of
// 8 channels, panels outside and pixels inside. 4,096 binary multiply-accumulates, a step of the large tile, are
//   12 ldr q, 32 eor, 32 cnt, 28 addp, 4 uadalp (96 vector instructions), subs and b.ne.
// Loads run ahead by one group of channels or one step, but not in the last step: nothing behind the operands is read.
//
// x0: parameter block, 64-bit words
//   0 rows       address
//   8 rowBytes   from one row to the next, a multiple of 16
//  16 depth      bytes used of a row, a multiple of 16; bits behind the last term are equal in rows and weights
//  24 pixels     number of rows
//  32 weights    address: [panel][depth / 16][8 channels][16 bytes]
//  40 panels     number of panels, of 8 channels each
//  48 classes    address of one byte a pixel: index of its row of bases
//  56 bases      address of int16 [class][8 * panels]
//  64 baseBytes  from one row of bases to the next
//  72 factor     1 or 2
//  80 out        address
//  88 outBytes   from one pixel's output to the next; a panel is 32 bytes (i32, f32) or 1 byte (bits)
//  96 scale      f32: address of float32 [8 * panels]; bits: of levels, int16 [8 * panels]
// 104 offset     f32: address of float32 [8 * panels]
// 112 lower      f32: float32 in the low half, 0 or -infinity

        .include "bgemm.inc"

        .text
        bgemm   lce, i32, 32, 0, skip, mov, ldr
        bgemm   lce, f32, 32, 32, skip, mov, ldr
        bgemm   lce, bits, 1, 16, skip, mov, ldr
        bit_masks
