// Binary matrix product whose sums go to memory as float32: bgemm_dabnn_f32.
//
// For each output pixel (a row of bits, as im2col makes them) and channel, m = popcount(row xor weights),
// out = float(base - factor * m), which is exact.
//
// The structure is that of the framework daBNN for all that bconv-dabnn.s does not do, as far as it has been published: a
// tile of 8 channels x 6 pixels (1 pixel for the last 1 to 5), 16 bytes of depth a step, and each product is added across at
// once. A step, 6,144 binary multiply-accumulates, is
//   14 ldr q, 48 eor, 48 cnt, 48 addv, 42 zip1, 6 add (192 vector instructions), subs, csel and b.ne.
// Weights of the next step (after the last one: of the first) are loaded ahead.
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
//  88 outBytes   from one pixel's output to the next; a panel is 32 bytes
//
// v0, v1 pixels, in turn; v2-v9 weights; v10-v17 and v20-v27 counts of a pixel, in turn; v28-v31, v18
// and v19 sums.

panelWeights .req x1
panels       .req x2
panelBases   .req x3
baseBytes    .req w4
outBytes     .req x5
panelOut     .req x6
weights      .req x7
pixels       .req x8
left         .req x9
row0         .req x10
row1         .req x11
row2         .req x12
row3         .req x13
row4         .req x14
row5         .req x15
class        .req x16
out          .req x17
rowBytes     .req x19
rowGap       .req x20

        .include "skip.inc"

// Pixel v\x and 8 channels: counts into v\t0, v\t2, v\t4, v\t6 in pairs (`t` is a first digit). Meanwhile counts of the pixel
// before, in v\u0 to v\u6, are joined and added to its sums v\sum; `next` is loaded from `row`, and weights.
        .macro  pixel x, t, u, sum, loadNext, next, row, load=skip
        eor     v\t\()0.16b, v\x\().16b, v2.16b
        eor     v\t\()1.16b, v\x\().16b, v3.16b
        zip1    v\u\()0.4s, v\u\()0.4s, v\u\()2.4s
        \loadNext q\next, [\row], #16
        eor     v\t\()2.16b, v\x\().16b, v4.16b
        eor     v\t\()3.16b, v\x\().16b, v5.16b
        zip1    v\u\()4.4s, v\u\()4.4s, v\u\()6.4s
        eor     v\t\()4.16b, v\x\().16b, v6.16b
        eor     v\t\()5.16b, v\x\().16b, v7.16b
        zip1    v\u\()0.2d, v\u\()0.2d, v\u\()4.2d
        eor     v\t\()6.16b, v\x\().16b, v8.16b
        eor     v\t\()7.16b, v\x\().16b, v9.16b
        add     v\sum\().8h, v\sum\().8h, v\u\()0.8h
        count   \t, 0, 1, \load, 2, 3
        count   \t, 2, 3, \load, 4, 5
        count   \t, 4, 5, \load, 6, 7
        count   \t, 6, 7, \load, 8, 9
        addv    b\t\()0, v\t\()0.16b
        addv    b\t\()1, v\t\()1.16b
        addv    b\t\()2, v\t\()2.16b
        addv    b\t\()3, v\t\()3.16b
        addv    b\t\()4, v\t\()4.16b
        addv    b\t\()5, v\t\()5.16b
        addv    b\t\()6, v\t\()6.16b
        addv    b\t\()7, v\t\()7.16b
        zip1    v\t\()0.8h, v\t\()0.8h, v\t\()1.8h
        zip1    v\t\()2.8h, v\t\()2.8h, v\t\()3.8h
        zip1    v\t\()4.8h, v\t\()4.8h, v\t\()5.8h
        zip1    v\t\()6.8h, v\t\()6.8h, v\t\()7.8h
        .endm
        .macro  count t, i, j, load, a, b
        cnt     v\t\i\().16b, v\t\i\().16b
        \load   q\a, [weights], #16
        cnt     v\t\j\().16b, v\t\j\().16b
        \load   q\b, [weights], #16
        .endm

// The last pixel's counts, which the next step joins, into its sums.
        .macro  join_last u, sum
        zip1    v\u\()0.4s, v\u\()0.4s, v\u\()2.4s
        zip1    v\u\()4.4s, v\u\()4.4s, v\u\()6.4s
        zip1    v\u\()0.2d, v\u\()0.2d, v\u\()4.2d
        add     v\sum\().8h, v\sum\().8h, v\u\()0.8h
        .endm
        .macro  clear register
        movi    v\register\().16b, #0
        .endm
        .macro  clear_counts t
        clear   \t\()0
        clear   \t\()2
        clear   \t\()4
        clear   \t\()6
        .endm

// base - factor * m of one pixel, as float32; v0 is the factor.
        .macro  finish sum
        ldrb    w9, [class], #1
        umaddl  x9, w9, baseBytes, panelBases
        ldr     q10, [x9]
        mls     v10.8h, v\sum\().8h, v0.h[0]
        sxtl    v11.4s, v10.4h
        sxtl2   v12.4s, v10.8h
        scvtf   v11.4s, v11.4s
        scvtf   v12.4s, v12.4s
        str     q12, [out, #16]
        st1     {v11.4s}, [out], outBytes
        .endm

        .global bgemm_dabnn_f32
bgemm_dabnn_f32:
        stp     x19, x20, [sp, #-80]!
        stp     d8, d9, [sp, #16]
        stp     d10, d11, [sp, #32]
        stp     d12, d13, [sp, #48]
        stp     d14, d15, [sp, #64]
        ldp     rowBytes, left, [x0, #8]
        sub     rowGap, rowBytes, left
        ldp     panelWeights, panels, [x0, #32]
        ldp     panelBases, x4, [x0, #56]
        ldp     panelOut, outBytes, [x0, #80]
panel:
        ldp     q2, q3, [panelWeights]
        ldp     q4, q5, [panelWeights, #32]
        ldp     q6, q7, [panelWeights, #64]
        ldp     q8, q9, [panelWeights, #96]
        add     weights, panelWeights, #128
        ldr     row0, [x0]
        ldr     pixels, [x0, #24]
        ldr     class, [x0, #48]
        mov     out, panelOut
        subs    pixels, pixels, #6
        b.lo    rest
tile:
        add     row1, row0, rowBytes
        add     row2, row1, rowBytes
        add     row3, row2, rowBytes
        add     row4, row3, rowBytes
        add     row5, row4, rowBytes
        clear_counts 2
        .irp    sum, 28, 29, 30, 31, 18, 19
        clear   \sum
        .endr
        ldr     left, [x0, #16]
step6:
        ldr     q0, [row0], #16
        subs    left, left, #16
        csel    weights, panelWeights, weights, eq
        pixel   0, 1, 2, 19, ldr, 1, row1
        pixel   1, 2, 1, 28, ldr, 0, row2
        pixel   0, 1, 2, 29, ldr, 1, row3
        pixel   1, 2, 1, 30, ldr, 0, row4
        pixel   0, 1, 2, 31, ldr, 1, row5
        pixel   1, 2, 1, 18, skip, 0, row0, ldr
        b.ne    step6
        join_last 2, 19
        add     row0, row5, rowGap
        ldr     h0, [x0, #72]
        finish  28
        finish  29
        finish  30
        finish  31
        finish  18
        finish  19
        subs    pixels, pixels, #6
        b.hs    tile

rest:
        adds    pixels, pixels, #6
        b.eq    end_panel
single:
        clear   28
        ldr     left, [x0, #16]
step1:
        ldr     q0, [row0], #16
        subs    left, left, #16
        csel    weights, panelWeights, weights, eq
        clear_counts 2
        pixel   0, 1, 2, 28, skip, 0, row0, ldr
        join_last 1, 28
        b.ne    step1
        add     row0, row0, rowGap
        ldr     h0, [x0, #72]
        finish  28
        subs    pixels, pixels, #1
        b.ne    single

end_panel:
        ldr     left, [x0, #16]
        add     panelWeights, panelWeights, left, lsl #3
        add     panelBases, panelBases, #16
        add     panelOut, panelOut, #32
        subs    panels, panels, #1
        b.ne    panel
        ldp     d14, d15, [sp, #64]
        ldp     d12, d13, [sp, #48]
        ldp     d10, d11, [sp, #32]
        ldp     d8, d9, [sp, #16]
        ldp     x19, x20, [sp], #80
        ret
