// Matrix product of int8 with what follows it: igemm_i32, igemm_f32, igemm_narrow_i32, igemm_narrow_f32.
//
// For each output pixel (a row of activations) and channel, sum = row * weights in int32;
//   _i32  out = sum
//   _f32  out = max(float(sum) * scale + offset, lower), rounded after each operation
//
// Armv8.0 has no dot product: products of 8 terms are added up in int16 lanes, which sadalp widens.
//   igemm_         two products a lane (smull, smlal2), then sadalp into int32: exact where no weight is -128, or no
//                  activation (-128 * -128, twice in a lane, is 1 too many)
//   igemm_narrow_  int16 lanes all along, half of all terms in one at the end: exact where depth * max |weight| <= 511,
//                  as with few terms and weights of +1 and -1
//
// Tiles of 4 channels x 4 pixels, as many as there are registers for (of 1 pixel for the last 1 to 3); weights packed by
// panels of 4 channels, panels outside and pixels inside. A step of the large tile, with subs and b.ne, is
//   igemm_         256 multiply-accumulates, 16 bytes of depth: 8 ldr q, 16 smull, 16 smlal2, 16 sadalp
//   igemm_narrow_  128 multiply-accumulates, 8 bytes of depth: 8 ldr d, 16 smlal
// The first step starts the sums (saddlp; smull), so that none is cleared. Weights and the first two pixels are loaded once
// their registers are free, one step ahead, the other pixels as their step begins; the last step is apart and loads nothing
// ahead, so nothing behind rows or weights is read.
//
// x0: parameter block, 64-bit words; a step is 16 bytes (narrow: 8)
//   0 rows      address
//   8 rowBytes  from one row to the next
//  16 depth     bytes used of a row, a multiple of a step; weights of terms behind the last one are 0
//  24 pixels    number of rows
//  32 weights   address: int8 [panel][step][4 channels][bytes of a step]
//  40 panels    number of panels, of 4 channels each
//  48 scale     f32: address of float32 [4 * panels]
//  56 offset    f32: address of float32 [4 * panels]
//  64 lower     f32: float32 in the low half
//  72 out       address
//  80 outBytes  from one pixel's output to the next
//
// v0-v3 weights of channels 0-3; v4-v7 terms of pixels 0-3; v8-v11 products (not narrow); v16-v19 sums of pixel 0's channels,
// v20-v23, v24-v27, v28-v31 of the others; at the output v16, v20, v24, v28 are the pixels, v0-v2 scale, offset and lower.

panelWeights .req x1
panels       .req x2
outBytes     .req x3
panelOut     .req x4
scale        .req x5
offset       .req x6
pixels       .req x7
row0         .req x8
out          .req x9
weights      .req x10
steps        .req x11
row1         .req x12
row2         .req x13
row3         .req x14
rowBytes     .req x15
rowGap       .req x16
moreSteps    .req x17
lower        .req x12 // at the output, in place of row1

        .include "skip.inc"

        .macro  save_wide
        stp     d8, d9, [sp, #-32]!
        stp     d10, d11, [sp, #16]
        .endm
        .macro  restore_wide
        ldp     d10, d11, [sp, #16]
        ldp     d8, d9, [sp], #32
        .endm
        .macro  save_narrow
        .endm
        .macro  restore_narrow
        .endm

// One step of the large tile, which it counts; `op` adds to sums, or starts them.
        .macro  step4_narrow op, load
        \op     v16.8h, v0.8b, v4.8b
        ldr     d6, [row2], #8
        \op     v17.8h, v1.8b, v4.8b
        ldr     d7, [row3], #8
        \op     v18.8h, v2.8b, v4.8b
        \op     v19.8h, v3.8b, v4.8b
        subs    steps, steps, #1
        \op     v20.8h, v0.8b, v5.8b
        \load   d4, [row0], #8
        \op     v21.8h, v1.8b, v5.8b
        \op     v22.8h, v2.8b, v5.8b
        \op     v23.8h, v3.8b, v5.8b
        \op     v24.8h, v0.8b, v6.8b
        \load   d5, [row1], #8
        \op     v25.8h, v1.8b, v6.8b
        \op     v26.8h, v2.8b, v6.8b
        \op     v27.8h, v3.8b, v6.8b
        \op     v28.8h, v0.8b, v7.8b
        \load   d0, [weights], #8
        \op     v29.8h, v1.8b, v7.8b
        \load   d1, [weights], #8
        \op     v30.8h, v2.8b, v7.8b
        \load   d2, [weights], #8
        \op     v31.8h, v3.8b, v7.8b
        \load   d3, [weights], #8
        .endm

// Products of pixel v\x and four channels: the low halves of 16 bytes, then the high ones.
        .macro  low x
        smull   v8.8h, v0.8b, v\x\().8b
        smull   v9.8h, v1.8b, v\x\().8b
        smull   v10.8h, v2.8b, v\x\().8b
        smull   v11.8h, v3.8b, v\x\().8b
        .endm
        .macro  high x, load
        smlal2  v8.8h, v0.16b, v\x\().16b
        \load   q0, [weights], #16
        smlal2  v9.8h, v1.16b, v\x\().16b
        \load   q1, [weights], #16
        smlal2  v10.8h, v2.16b, v\x\().16b
        \load   q2, [weights], #16
        smlal2  v11.8h, v3.16b, v\x\().16b
        \load   q3, [weights], #16
        .endm
        .macro  widen op, a, b, c, d
        \op     v\a\().4s, v8.8h
        \op     v\b\().4s, v9.8h
        \op     v\c\().4s, v10.8h
        \op     v\d\().4s, v11.8h
        .endm

        .macro  step4_wide op, load
        low     4
        ldr     q6, [row2], #16
        high    4, skip
        ldr     q7, [row3], #16
        widen   \op, 16, 17, 18, 19
        \load   q4, [row0], #16
        subs    steps, steps, #1
        low     5
        high    5, skip
        widen   \op, 20, 21, 22, 23
        \load   q5, [row1], #16
        low     6
        high    6, skip
        widen   \op, 24, 25, 26, 27
        low     7
        high    7, \load
        widen   \op, 28, 29, 30, 31
        .endm

// One step of the small tile.
        .macro  step1_narrow
        smlal   v16.8h, v0.8b, v4.8b
        smlal   v17.8h, v1.8b, v4.8b
        smlal   v18.8h, v2.8b, v4.8b
        smlal   v19.8h, v3.8b, v4.8b
        .endm
        .macro  step1_wide
        low     4
        high    4, skip
        widen   sadalp, 16, 17, 18, 19
        .endm

// Operation `op` on pixels, of which each has four registers, in a tile of four and of one.
        .macro  four op, x, y
        \op     16, 17, 18, 19, \x, \y
        \op     20, 21, 22, 23, \x, \y
        \op     24, 25, 26, 27, \x, \y
        \op     28, 29, 30, 31, \x, \y
        .endm
        .macro  one op, x, y
        \op     16, 17, 18, 19, \x, \y
        .endm
        .macro  pairs a, b, c, d, t, y
        addp    v\a\().\t, v\a\().\t, v\b\().\t
        addp    v\c\().\t, v\c\().\t, v\d\().\t
        .endm
        .macro  fours a, b, c, d, t, y
        addp    v\a\().\t, v\a\().\t, v\c\().\t
        .endm
        .macro  words a, b, c, d, do, from
        \do     v\a\().4s, v\a\().\from
        .endm
        .macro  with a, b, c, d, do, y
        \do     v\a\().4s, v\a\().4s, \y
        .endm
        .macro  store a, b, c, d, x, y
        st1     {v\a\().4s}, [out], outBytes
        .endm

// Sums across the registers of each channel.
        .macro  across_narrow each
        \each   pairs, 8h
        \each   fours, 8h
        \each   words, saddlp, 8h
        .endm
        .macro  across_wide each
        \each   pairs, 4s
        \each   fours, 4s
        .endm
        .macro  finish_i32 kind, each
        across_\kind \each
        \each   store
        .endm
        .macro  finish_f32 kind, each
        add     lower, x0, #64
        ldr     q0, [scale]
        ldr     q1, [offset]
        ld1r    {v2.4s}, [lower]
        across_\kind \each
        \each   words, scvtf, 4s
        \each   with, fmul, v0.4s
        \each   with, fadd, v1.4s
        \each   with, fmax, v2.4s
        \each   store
        .endm

// The function whose steps are of `size` bytes, 2^shift of them, in registers named \r; `start` and `more` as a step's op.
        .macro  igemm name, output, kind, start, more, r, size, shift
        .global \name
        .p2align 4
\name:
        save_\kind
        ldp     rowBytes, moreSteps, [x0, #8]
        sub     rowGap, rowBytes, moreSteps
        lsr     moreSteps, moreSteps, #\shift
        sub     moreSteps, moreSteps, #1
        ldp     panelWeights, panels, [x0, #32]
        ldp     scale, offset, [x0, #48]
        ldp     panelOut, outBytes, [x0, #72]

panel_\name:
        ldr     row0, [x0]
        ldr     pixels, [x0, #24]
        mov     out, panelOut
        subs    pixels, pixels, #4
        b.lo    rest_\name

tile_\name:
        mov     weights, panelWeights
        add     row1, row0, rowBytes
        ldr     \r\()0, [weights], #\size
        add     row2, row1, rowBytes
        ldr     \r\()4, [row0], #\size
        add     row3, row2, rowBytes
        ldr     \r\()1, [weights], #\size
        ldr     \r\()2, [weights], #\size
        ldr     \r\()3, [weights], #\size
        ldr     \r\()5, [row1], #\size
        mov     steps, moreSteps
        cbz     steps, only_\name
        step4_\kind \start, ldr
        b.eq    last_\name
step_\name:
        step4_\kind \more, ldr
        b.ne    step_\name
last_\name:
        step4_\kind \more, skip
summed_\name:
        add     row0, row3, rowGap
        finish_\output \kind, four
        subs    pixels, pixels, #4
        b.hs    tile_\name

rest_\name:
        adds    pixels, pixels, #4
        b.eq    end_\name
single_\name:
        mov     weights, panelWeights
        .irp    sum, v16.16b, v17.16b, v18.16b, v19.16b
        movi    \sum, #0
        .endr
        add     steps, moreSteps, #1
single_step_\name:
        subs    steps, steps, #1
        ldr     \r\()4, [row0], #\size
        ldp     \r\()0, \r\()1, [weights], #2 * \size
        ldp     \r\()2, \r\()3, [weights], #2 * \size
        step1_\kind
        b.ne    single_step_\name
        add     row0, row0, rowGap
        finish_\output \kind, one
        subs    pixels, pixels, #1
        b.ne    single_\name

end_\name:
        mov     panelWeights, weights
        add     panelOut, panelOut, #16
        add     scale, scale, #16
        add     offset, offset, #16
        subs    panels, panels, #1
        b.ne    panel_\name
        restore_\kind
        ret

only_\name:
        step4_\kind \start, skip
        b       summed_\name
        .endm

        .text
        igemm   igemm_i32, i32, wide, saddlp, sadalp, q, 16, 4
        igemm   igemm_f32, f32, wide, saddlp, sadalp, q, 16, 4
        igemm   igemm_narrow_i32, i32, narrow, smull, smlal, d, 8, 3
        igemm   igemm_narrow_f32, f32, narrow, smull, smlal, d, 8, 3
