// Binary matrix product with weights from the decode unit: bgemm_decode_i32, bgemm_decode_f32, bgemm_decode_bits.
//
// The product is that of bgemm-lce.s, with decread in place of each load of weights. The unit gives each panel as often as this
// asks for it, once for each tile of 4 pixels and once for each of the last 1 to 3 pixels: repeats = floor(pixels / 4) +
// pixels mod 4 in its descriptor. Rows have the order of coded weights, see im2col-slices.s.
//
// x0: parameter block, 64-bit words, as of bgemm-lce.s but for
//  16 depth      bytes used of a row: registers of an output channel * 16
//  32 weights    address of the unit's descriptor

        .include "bgemm.inc"

// The next 16 bytes of weights; the address is the unit's concern.
        .macro  next_weights register, address, step
        decread \register
        .endm

        .text
        bgemm   decode, i32, 32, 0, decstart, skip, next_weights
        bgemm   decode, f32, 32, 32, decstart, skip, next_weights
        bgemm   decode, bits, 1, 16, decstart, skip, next_weights
        bit_masks
