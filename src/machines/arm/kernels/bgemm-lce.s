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
//
// v0-v3 pixels; v4, v5 and v6, v7 weights of two channels; v10-v13 and v16-v19 counts that wait for others; v20-v23 sums;
// v24-v31 differing bits; at the output all of them, and x10-x13, are scratch.

panelWeights .req x1
panels       .req x2
panelBases   .req x3
baseBytes    .req w4
outBytes     .req x5
panelOut     .req x6
scale        .req x7
offset       .req x8
pixels       .req x9
left         .req x10
row1         .req x11
row2         .req x12
row3         .req x13
row0         .req x14
class        .req x15
out          .req x16
weights      .req x17
rowBytes     .req x19
rowGap       .req x20

        .include "tile-output.inc"

        .include "skip.inc"

// Four pixels and two channels, in v\a and v\b: counts of pairs of bytes into v\p0 to v\p3. Loads v\c and v\d.
        .macro  channels a, b, p0, p1, p2, p3, load, c, d
        eor     v24.16b, v0.16b, v\a\().16b
        eor     v25.16b, v0.16b, v\b\().16b
        \load   q\c, [weights], #16
        eor     v26.16b, v1.16b, v\a\().16b
        eor     v27.16b, v1.16b, v\b\().16b
        eor     v28.16b, v2.16b, v\a\().16b
        eor     v29.16b, v2.16b, v\b\().16b
        eor     v30.16b, v3.16b, v\a\().16b
        eor     v31.16b, v3.16b, v\b\().16b
        \load   q\d, [weights], #16
        .irp    product, v24.16b, v25.16b, v26.16b, v27.16b, v28.16b, v29.16b, v30.16b, v31.16b
        cnt     \product, \product
        .endr
        addp    v\p0\().16b, v24.16b, v25.16b
        addp    v\p1\().16b, v26.16b, v27.16b
        addp    v\p2\().16b, v28.16b, v29.16b
        addp    v\p3\().16b, v30.16b, v31.16b
        .endm

// Four channels of the large tile: counts of four bytes into v\p0 to v\p3.
        .macro  half p0, p1, p2, p3, load, loadPixels
        channels 4, 5, \p0, \p1, \p2, \p3, ldr, 6, 7
        channels 6, 7, 24, 26, 28, 30, \load, 4, 5
        addp    v\p0\().16b, v\p0\().16b, v24.16b
        \loadPixels q0, [row0], #16
        addp    v\p1\().16b, v\p1\().16b, v26.16b
        addp    v\p2\().16b, v\p2\().16b, v28.16b
        \loadPixels q1, [row1], #16
        addp    v\p3\().16b, v\p3\().16b, v30.16b
        .endm

// 16 bytes of depth of the large tile. What is loaded ahead is left out with skip.
        .macro  step4 load
        half    10, 11, 12, 13, ldr, skip
        half    16, 17, 18, 19, \load, \load
        addp    v10.16b, v10.16b, v16.16b
        \load   q2, [row2], #16
        addp    v11.16b, v11.16b, v17.16b
        addp    v12.16b, v12.16b, v18.16b
        \load   q3, [row3], #16
        addp    v13.16b, v13.16b, v19.16b
        uadalp  v20.8h, v10.16b
        uadalp  v21.8h, v11.16b
        uadalp  v22.8h, v12.16b
        uadalp  v23.8h, v13.16b
        .endm

// One channel of the small tile: counts into v\w; loads v\ahead.
        .macro  channel w, load=skip, ahead=0
        eor     v\w\().16b, v\w\().16b, v0.16b
        \load   q\ahead, [weights], #16
        cnt     v\w\().16b, v\w\().16b
        .endm

// 16 bytes of depth of the small tile.
        .macro  step1
        ldr     q0, [row0], #16
        ldr     q24, [weights], #16
        ldr     q25, [weights], #16
        ldr     q26, [weights], #16
        channel 24, ldr, 27
        channel 25, ldr, 28
        channel 26, ldr, 29
        channel 27, ldr, 30
        channel 28, ldr, 31
        channel 29
        addp    v24.16b, v24.16b, v25.16b
        channel 30
        addp    v26.16b, v26.16b, v27.16b
        channel 31
        addp    v28.16b, v28.16b, v29.16b
        addp    v24.16b, v24.16b, v26.16b
        addp    v30.16b, v30.16b, v31.16b
        addp    v28.16b, v28.16b, v30.16b
        addp    v24.16b, v24.16b, v28.16b
        uadalp  v20.8h, v24.16b
        .endm

// What is made of bases and counts.
        .macro  output_f32 each
        \each   subtract
        ldp     q24, q25, [scale]
        ldp     q26, q27, [offset]
        ldr     s28, [x0, #112]
        dup     v28.4s, v28.s[0]
        \each   widen
        \each   to_float
        scale_and_store \each
        .endm
        .macro  output_bits each
        \each   subtract
        ldr     q24, [scale]
        ldr     q25, bit_masks
        \each   compare
        \each   store_byte
        .endm

// base - factor * m, then what is made of it.
        .macro  load_base p, op, low, high
        find_base \p
        read_base \p
        .endm
        .macro  finish each, kind
        ldr     h4, [x0, #72]
        \each   read_class
        \each   load_base
        output_\kind \each
        .endm

// The function for an output of `outSize` bytes a panel, with `scaleSize` bytes of scales or levels.
        .macro  bgemm kind, outSize, scaleSize
        .global bgemm_lce_\kind
bgemm_lce_\kind:
        stp     x19, x20, [sp, #-48]!
        stp     d10, d11, [sp, #16]
        stp     d12, d13, [sp, #32]
        ldp     rowBytes, left, [x0, #8]
        sub     rowGap, rowBytes, left
        ldp     panelWeights, panels, [x0, #32]
        ldp     panelBases, x4, [x0, #56]
        ldp     panelOut, outBytes, [x0, #80]
        ldp     scale, offset, [x0, #96]
panel_\kind:
        ldr     row0, [x0]
        ldr     pixels, [x0, #24]
        ldr     class, [x0, #48]
        mov     out, panelOut
        subs    pixels, pixels, #4
        b.lo    rest_\kind
tile_\kind:
        mov     weights, panelWeights
        add     row1, row0, rowBytes
        add     row2, row1, rowBytes
        add     row3, row2, rowBytes
        ldr     q0, [row0], #16
        ldr     q4, [weights], #16
        movi    v20.16b, #0
        ldr     q5, [weights], #16
        movi    v21.16b, #0
        ldr     q1, [row1], #16
        movi    v22.16b, #0
        ldr     q2, [row2], #16
        movi    v23.16b, #0
        ldr     q3, [row3], #16
        ldr     left, [x0, #16]
        subs    left, left, #16
        b.eq    last_\kind
step_\kind:
        subs    left, left, #16
        step4   ldr
        b.ne    step_\kind
last_\kind:
        step4   skip
        add     row0, row3, rowGap
        finish  four, \kind
        subs    pixels, pixels, #4
        b.hs    tile_\kind

rest_\kind:
        adds    pixels, pixels, #4
        b.eq    end_\kind
single_\kind:
        mov     weights, panelWeights
        movi    v20.16b, #0
        ldr     left, [x0, #16]
single_step_\kind:
        subs    left, left, #16
        step1
        b.ne    single_step_\kind
        add     row0, row0, rowGap
        finish  one, \kind
        subs    pixels, pixels, #1
        b.ne    single_\kind

end_\kind:
        next_panel \kind, \outSize, \scaleSize
        ldp     d12, d13, [sp, #32]
        ldp     d10, d11, [sp, #16]
        ldp     x19, x20, [sp], #48
        ret
        .endm

        .text
        bgemm   i32, 32, 0
        bgemm   f32, 32, 32
        bgemm   bits, 1, 16
        bit_masks
