// Matrix product of int32 with weights of 16 bits: gemm_shift_i32, gemm_multiply_i32. Sums are int32 and wrap around.
//
// For each output pixel (a row of terms) and channel: out = base + sum of row * weights, where weights are
//   gemm_multiply_i32   int16
//   gemm_shift_i32      0, 2^k or -2^k: the low byte is k, or 64 for 0; a negative int16 stands for a negative weight. Nothing is
//                       multiplied: terms are shifted, and inverted where weights are negative, by 1 less than their negative,
//                       so that a base holds the number of these weights
//
// Tiles of 8 channels x 4 pixels (of 1 pixel for the last 1 to 3), a term a step; weights packed by panels of 8 channels, panels
// outside and pixels inside. A step of the large tile, 32 multiply-accumulates, is
//   gemm_multiply_i32   1 ldr q, 4 ldr s, 2 sxtl, 8 mla by element
//   gemm_shift_i32      1 ldr q, 4 ld1r, 2 sxtl, 2 cmlt, 8 sshl, 8 eor, 8 add
// with subs and b.ne. Operands are loaded one step ahead; the last step is apart and loads nothing.
//
// x0: parameter block, 64-bit words
//   0 rows      address of int32
//   8 rowBytes  from one row to the next
//  16 depth     bytes used of a row
//  24 pixels    number of rows
//  32 weights   address: int16 [panel][term][8 channels]
//  40 panels    number of panels, of 8 channels each
//  48 bases     address of int32 [8 * panels]
//  56 out       address
//  64 outBytes  from one pixel's output to the next
//
// v4-v7 terms of pixels 0-3; v16 weights, v24, v25 as int32, v26, v27 their signs; v28-v31 products; v0-v3 sums of the pixels'
// channels 0-3, v20-v23 of channels 4-7.

panelWeights .req x1
panels       .req x2
outBytes     .req x3
panelOut     .req x4
bases        .req x5
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

        .include "tile-output.inc"

        .macro  ahead_weights
        ldr     q16, [weights], #16
        .endm
        .macro  ahead_multiply v, row
        ldr     s\v, [\row], #4
        .endm
        .macro  ahead_shift v, row
        ld1r    {v\v\().4s}, [\row], #4
        .endm
        .macro  none_weights
        .endm
        .macro  none_multiply v, row
        .endm
        .macro  none_shift v, row
        .endm

        .macro  widen_multiply when
        sxtl    v24.4s, v16.4h
        sxtl2   v25.4s, v16.8h
        \when\()_weights
        .endm
        .macro  widen_shift when
        sxtl    v24.4s, v16.4h
        sxtl2   v25.4s, v16.8h
        cmlt    v26.4s, v24.4s, #0
        cmlt    v27.4s, v25.4s, #0
        \when\()_weights
        .endm

// Pixel p, and the one behind it.
        .macro  term1_multiply p, row, when
        mla     v\p\().4s, v24.4s, v4.s[0]
        mla     v2\p\().4s, v25.4s, v4.s[0]
        \when\()_multiply 4, \row
        .endm
        .macro  term2_multiply p, q, a, b, rowA, rowB, when
        mla     v\p\().4s, v24.4s, v\a\().s[0]
        mla     v2\p\().4s, v25.4s, v\a\().s[0]
        \when\()_multiply \a, \rowA
        mla     v\q\().4s, v24.4s, v\b\().s[0]
        mla     v2\q\().4s, v25.4s, v\b\().s[0]
        \when\()_multiply \b, \rowB
        .endm
        .macro  term1_shift p, row, when
        sshl    v28.4s, v4.4s, v24.4s
        sshl    v29.4s, v4.4s, v25.4s
        \when\()_shift 4, \row
        eor     v28.16b, v28.16b, v26.16b
        eor     v29.16b, v29.16b, v27.16b
        add     v\p\().4s, v\p\().4s, v28.4s
        add     v2\p\().4s, v2\p\().4s, v29.4s
        .endm
        .macro  term2_shift p, q, a, b, rowA, rowB, when
        sshl    v28.4s, v\a\().4s, v24.4s
        sshl    v29.4s, v\a\().4s, v25.4s
        \when\()_shift \a, \rowA
        sshl    v30.4s, v\b\().4s, v24.4s
        sshl    v31.4s, v\b\().4s, v25.4s
        \when\()_shift \b, \rowB
        eor     v28.16b, v28.16b, v26.16b
        eor     v29.16b, v29.16b, v27.16b
        eor     v30.16b, v30.16b, v26.16b
        eor     v31.16b, v31.16b, v27.16b
        add     v\p\().4s, v\p\().4s, v28.4s
        add     v2\p\().4s, v2\p\().4s, v29.4s
        add     v\q\().4s, v\q\().4s, v30.4s
        add     v2\q\().4s, v2\q\().4s, v31.4s
        .endm

        .macro  step4 kind, when
        widen_\kind \when
        term2_\kind 0, 1, 4, 5, row0, row1, \when
        term2_\kind 2, 3, 6, 7, row2, row3, \when
        .endm
        .macro  step1 kind, when
        widen_\kind \when
        term1_\kind 0, row0, \when
        .endm

        .macro  start p, op, low, high
        mov     v\p\().16b, v24.16b
        mov     v2\p\().16b, v25.16b
        .endm

        .macro  gemm kind
        .global gemm_\kind\()_i32
        .p2align 4
gemm_\kind\()_i32:
        ldp     rowBytes, moreSteps, [x0, #8]
        sub     rowGap, rowBytes, moreSteps
        lsr     moreSteps, moreSteps, #2
        sub     moreSteps, moreSteps, #1
        ldp     panelWeights, panels, [x0, #32]
        ldp     bases, panelOut, [x0, #48]
        ldr     outBytes, [x0, #64]

panel_\kind:
        ldr     row0, [x0]
        ldr     pixels, [x0, #24]
        mov     out, panelOut
        subs    pixels, pixels, #4
        b.lo    rest_\kind

tile_\kind:
        mov     weights, panelWeights
        add     row1, row0, rowBytes
        add     row2, row1, rowBytes
        add     row3, row2, rowBytes
        ldp     q24, q25, [bases]
        four    start
        ahead_weights
        ahead_\kind 4, row0
        ahead_\kind 5, row1
        ahead_\kind 6, row2
        ahead_\kind 7, row3
        mov     steps, moreSteps
        cbz     steps, last_\kind
step_\kind:
        subs    steps, steps, #1
        step4   \kind, ahead
        b.ne    step_\kind
last_\kind:
        step4   \kind, none
        add     row0, row3, rowGap
        four    store_words
        subs    pixels, pixels, #4
        b.hs    tile_\kind

rest_\kind:
        adds    pixels, pixels, #4
        b.eq    end_\kind
single_\kind:
        mov     weights, panelWeights
        ldp     q24, q25, [bases]
        one     start
        ahead_weights
        ahead_\kind 4, row0
        mov     steps, moreSteps
        cbz     steps, last_single_\kind
step_single_\kind:
        subs    steps, steps, #1
        step1   \kind, ahead
        b.ne    step_single_\kind
last_single_\kind:
        step1   \kind, none
        add     row0, row0, rowGap
        one     store_words
        subs    pixels, pixels, #1
        b.ne    single_\kind

end_\kind:
        mov     panelWeights, weights
        add     panelOut, panelOut, #32
        add     bases, bases, #32
        subs    panels, panels, #1
        b.ne    panel_\kind
        ret
        .endm

        .text
        gemm    multiply
        gemm    shift
