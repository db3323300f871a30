// Matrix product of float32 with what follows it: sgemm.
//
// For each output pixel (a row of terms) and channel: out = max(sum of row * weights * scale + offset, lower), the sum by
// fused multiply-adds from the first term to the last, scale and offset rounded one by one.
//
// Tiles of 8 channels x 4 pixels (of 1 pixel for the last 1 to 3), four terms a step; weights packed by panels of 8
// channels, panels outside and pixels inside. For each 128 multiply-accumulates, a step of the large tile:
//   12 ldr q, 32 fmla by element, subs, b.ne.
// Operands are loaded once their registers are free, most of them one step ahead; the last step is apart and loads nothing
// ahead, so nothing behind rows or weights is read.
//
// x0: parameter block, 64-bit words
//   0 rows      address
//   8 rowBytes  from one row to the next, a multiple of 16
//  16 depth     bytes used of a row, a multiple of 16; weights of terms behind the last one are 0
//  24 pixels    number of rows
//  32 weights   address: float32 [panel][term][8 channels]
//  40 panels    number of panels, of 8 channels each
//  48 scale     address of float32 [8 * panels]
//  56 offset    address of float32 [8 * panels]
//  64 lower     float32 in the low half
//  72 out       address
//  80 outBytes  from one pixel's output to the next
//
// v4-v7 terms of pixels 0-3; v24-v31 weights, two registers a term; v0-v3 sums of the pixels' channels 0-3, v20-v23 of
// channels 4-7; v16 lower.

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

        .include "tile-output.inc"

        .include "skip.inc"

// Term t of four pixels, with weights in v\a and v\b. Loads v\x, v\y and v\z in between.
        .macro  term4 t, a, b, load, x, y, then, z
        fmla    v0.4s, v\a\().4s, v4.s[\t]
        fmla    v1.4s, v\a\().4s, v5.s[\t]
        \load   q\x, [weights], #16
        fmla    v2.4s, v\a\().4s, v6.s[\t]
        fmla    v3.4s, v\a\().4s, v7.s[\t]
        fmla    v20.4s, v\b\().4s, v4.s[\t]
        \load   q\y, [weights], #16
        fmla    v21.4s, v\b\().4s, v5.s[\t]
        fmla    v22.4s, v\b\().4s, v6.s[\t]
        fmla    v23.4s, v\b\().4s, v7.s[\t]
        \then   q\z, [weights], #16
        .endm

// The last term of pixel p, in v\x, which is then loaded.
        .macro  term4_last p, x, row, load
        fmla    v\p\().4s, v30.4s, v\x\().s[3]
        fmla    v2\p\().4s, v31.4s, v\x\().s[3]
        \load   q\x, [\row], #16
        .endm

        .macro  step4 load
        term4   0, 24, 25, ldr, 30, 31, \load, 24
        term4   1, 26, 27, \load, 25, 26, skip, 0
        term4   2, 28, 29, \load, 27, 28, \load, 29
        term4_last 0, 4, row0, \load
        term4_last 1, 5, row1, \load
        term4_last 2, 6, row2, \load
        term4_last 3, 7, row3, \load
        .endm

        .macro  term1 t, a, b
        fmla    v0.4s, v\a\().4s, v4.s[\t]
        fmla    v20.4s, v\b\().4s, v4.s[\t]
        .endm

        .macro  clear p, op, low, high
        movi    v\p\().16b, #0
        movi    v2\p\().16b, #0
        .endm

        .macro  finish each
        ldp     q24, q25, [scale]
        ldp     q26, q27, [offset]
        \each   words, fmul, v24.4s, v25.4s
        \each   words, fadd, v26.4s, v27.4s
        \each   words, fmax, v16.4s, v16.4s
        \each   store_words
        .endm

        .text
        .global sgemm
        .p2align 4
sgemm:
        add     x1, x0, #64
        ld1r    {v16.4s}, [x1]
        ldp     rowBytes, moreSteps, [x0, #8]
        sub     rowGap, rowBytes, moreSteps
        lsr     moreSteps, moreSteps, #4
        sub     moreSteps, moreSteps, #1
        ldp     panelWeights, panels, [x0, #32]
        ldp     scale, offset, [x0, #48]
        ldp     panelOut, outBytes, [x0, #72]

panel:
        ldr     row0, [x0]
        ldr     pixels, [x0, #24]
        mov     out, panelOut
        subs    pixels, pixels, #4
        b.lo    rest

tile:
        mov     weights, panelWeights
        add     row1, row0, rowBytes
        add     row2, row1, rowBytes
        add     row3, row2, rowBytes
        ldr     q4, [row0], #16
        ldr     q5, [row1], #16
        ldr     q6, [row2], #16
        ldr     q7, [row3], #16
        ldp     q24, q25, [weights], #32
        ldp     q26, q27, [weights], #32
        ldp     q28, q29, [weights], #32
        four    clear
        mov     steps, moreSteps
        cbz     steps, last
step:
        subs    steps, steps, #1
        step4   ldr
        b.ne    step
last:
        step4   skip
        add     row0, row3, rowGap
        finish  four
        subs    pixels, pixels, #4
        b.hs    tile

rest:
        adds    pixels, pixels, #4
        b.eq    end
single:
        mov     weights, panelWeights
        one     clear
        add     steps, moreSteps, #1
single_step:
        subs    steps, steps, #1
        ldr     q4, [row0], #16
        ldp     q24, q25, [weights], #32
        ldp     q26, q27, [weights], #32
        term1   0, 24, 25
        ldp     q28, q29, [weights], #32
        term1   1, 26, 27
        ldp     q30, q31, [weights], #32
        term1   2, 28, 29
        term1   3, 30, 31
        b.ne    single_step
        add     row0, row0, rowGap
        finish  one
        subs    pixels, pixels, #1
        b.ne    single

end:
        mov     panelWeights, weights
        add     panelOut, panelOut, #32
        add     scale, scale, #32
        add     offset, offset, #32
        subs    panels, panels, #1
        b.ne    panel
        ret
