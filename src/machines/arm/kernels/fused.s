// What follows a binary convolution in residual networks, in one pass over a float32 tensor:
//                        t = x + y  v = rprelu(t)  out = v, and bits v >= level[c]
//   add_rprelu_f32                  yes            float32 only
//   add_sign_f32                    v = t          both
//   add_rprelu_sign_f32             yes            both
// rprelu: u = t + shiftX[c]; (u > 0 ? u : u * slope[c]) + shiftY[c], rounded after each operation as in elementwise.s.
//
// x0: parameter block of 64-bit words; those that an entry does not use are not read
//    0 rows           8 pixels of a row, 16 blocks of 32 channels
//   24 in             address, 32 inPixelBytes, 40 inRowBytes: from one pixel, and row, to the next
//   48 in2            address, 56 in2PixelBytes, 64 in2RowBytes: y
//   72 out            address, 80 outPixelBytes, 88 outRowBytes: may be the same as in or in2
//   96 bits           address, 104 bitsPixelBytes, 112 bitsRowBytes: 4 bytes a block, channel c in bit c & 31
//  120 shiftX, 128 slope, 136 shiftY, 144 level   addresses of float32 [32 * blocks]
// All are multiples of 16, those of bits of 4. A tensor may be some of the channels of wider pixels. Data have no NaN.
// Two pixels are computed at a time, which share the tables; the last of an odd number is its own partner. A step is 8
// channels of both. A register is loaded for the next step, also across pixels, when its content has been used: a core that
// issues two instructions a cycle in order, and 128 bits of a load in two, hides a load between two vector instructions.
// The last step loads the first channels of the last pixels again. For 32 channels of a pixel, and cycles of 64 in L1:
//                        load q  store  vector  others (64 channels)  Cortex-A53  A72
//   add_rprelu_f32         28      8      48       15               79       50
//   add_sign_f32           20      9      27       16               72       30
//   add_rprelu_sign_f32    32      9      67       18               95       62
//
// Vectors, of the first and of the second pixel: v0, v1 and v2, v3 x; v4-v7 y; v16-v19 t and u; v20-v23 u * slope, then
// masks; v24-v27 v; of both: v28, v29 shiftX; v30, v31 slope; v8, v9 shiftY; v10, v11 level; v12 the bit of each byte
// within its byte; v13-v15 bits.

        .text
        .global add_rprelu_f32, add_sign_f32, add_rprelu_sign_f32

parameters   .req x0
in0          .req x1 // of two pixels, the block that is loaded
in1          .req x2
other0       .req x3
other1       .req x4
out0         .req x5 // and where its results go
out1         .req x6
bits0        .req x7
bits1        .req x8
shiftX       .req x9
slope        .req x10
shiftY       .req x11
level        .req x12
to0          .req x13 // where those of the block that is computed go
to1          .req x14
toBits0      .req x15
toBits1      .req x16
bytes        .req x17 // that are used of a pixel
inPixel      .req x19
otherPixel   .req x20
outPixel     .req x21
bitsPixel    .req x22
blocks       .req x23
blocksLeft   .req x24
pixels       .req x25
pixelsLeft   .req x26
rows         .req x27
rowGap       .req x28

// What only some of the entries do.
        .macro  if_1 op, operands
        \op     \operands
        .endm
        .macro  if_0 op, operands
        .endm

// do first, second, pixel, offset, shift   first and second address of a tensor, bytes between its pixels, where the
//                                            parameter block holds it, and its bytes for 128 bytes of float32, as a shift
        .macro  tensors do, sign
        \do     in0, in1, inPixel, 24, 0
        \do     other0, other1, otherPixel, 48, 0
        \do     out0, out1, outPixel, 72, 0
        if_\sign \do, "bits0, bits1, bitsPixel, 96, 5"
        .endm
        .macro  tables do, rprelu, sign
        if_\rprelu \do, "shiftX, 120"
        if_\rprelu \do, "slope, 128"
        if_\rprelu \do, "shiftY, 136"
        if_\sign \do, "level, 144"
        .endm

// Before the first two pixels: as if behind a pixel in front of them.
        .macro  open first, second, pixel, offset, shift
        ldp     \second, \pixel, [parameters, #\offset]
        sub     \second, \second, \pixel
        add     \second, \second, bytes, lsr #\shift
        .endm
        .macro  open_table table, offset
        ldr     \table, [parameters, #\offset]
        add     \table, \table, bytes
        .endm
        .macro  rewind table, offset
        sub     \table, \table, bytes
        .endm
        .macro  next_row first, second, pixel, offset, shift
        ldr     rowGap, [parameters, #\offset + 16]
        msub    rowGap, pixels, \pixel, rowGap
        add     \second, \second, rowGap
        .endm
        .macro  next_pixel first, second, pixel, offset, shift
        sub     \first, \second, bytes, lsr #\shift
        add     \first, \first, \pixel
        mov     \second, \first
        .endm
        .macro  partner first, second, pixel, offset, shift
        add     \second, \second, \pixel
        .endm
        .macro  again first, second, pixel, offset, shift
        sub     \first, \first, bytes, lsr #\shift
        sub     \second, \second, bytes, lsr #\shift
        .endm

// The beginning of the next two pixels, or of the last two again, with rows = 0.
        .macro  next_pair rprelu, sign
        mov     blocksLeft, blocks
        tables  rewind, \rprelu, \sign
        cbnz    pixelsLeft, same_row_\@
        subs    rows, rows, #1
        b.eq    end_\@
        mov     pixelsLeft, pixels
        tensors next_row, \sign
same_row_\@:
        tensors next_pixel, \sign
        subs    pixelsLeft, pixelsLeft, #1
        b.eq    start_\@
        sub     pixelsLeft, pixelsLeft, #1
        tensors partner, \sign
        b       start_\@
end_\@:
        tensors again, \sign
start_\@:
        .endm
        .macro  next_block first, second, pixel, offset, shift
        add     \first, \first, #128 >> \shift
        add     \second, \second, #128 >> \shift
        .endm
        .macro  next_tables table, offset
        add     \table, \table, #128
        .endm

// A step: `sum`, then `activate` or `load`, then `finish`. `next` is where in a block the next step's channels are.
        .macro  sum next
        fadd    v16.4s, v0.4s, v4.4s
        ldr     q0, [in0, #\next]
        fadd    v17.4s, v1.4s, v5.4s
        fadd    v18.4s, v2.4s, v6.4s
        ldr     q1, [in0, #\next + 16]
        fadd    v19.4s, v3.4s, v7.4s
        .endm

// rprelu of v16-v19 to v24-v27.
        .macro  activate next
        fadd    v18.4s, v18.4s, v28.4s
        ldr     q2, [in1, #\next]
        fadd    v19.4s, v19.4s, v29.4s
        fadd    v16.4s, v16.4s, v28.4s
        ldr     q3, [in1, #\next + 16]
        fadd    v17.4s, v17.4s, v29.4s
        fmul    v22.4s, v18.4s, v30.4s
        ldr     q4, [other0, #\next]
        fmul    v23.4s, v19.4s, v31.4s
        fmul    v20.4s, v16.4s, v30.4s
        ldr     q5, [other0, #\next + 16]
        fmul    v21.4s, v17.4s, v31.4s
        fcmgt   v26.4s, v18.4s, #0.0
        ldr     q6, [other1, #\next]
        fcmgt   v27.4s, v19.4s, #0.0
        fcmgt   v24.4s, v16.4s, #0.0
        ldr     q7, [other1, #\next + 16]
        fcmgt   v25.4s, v17.4s, #0.0
        bsl     v26.16b, v18.16b, v22.16b
        ldr     q28, [shiftX, #\next]
        bsl     v27.16b, v19.16b, v23.16b
        bsl     v24.16b, v16.16b, v20.16b
        ldr     q29, [shiftX, #\next + 16]
        bsl     v25.16b, v17.16b, v21.16b
        fadd    v26.4s, v26.4s, v8.4s
        ldr     q30, [slope, #\next]
        fadd    v27.4s, v27.4s, v9.4s
        fadd    v24.4s, v24.4s, v8.4s
        ldr     q31, [slope, #\next + 16]
        fadd    v25.4s, v25.4s, v9.4s
        .endm
        .macro  load next
        ldp     q2, q3, [in1, #\next]
        ldp     q4, q5, [other0, #\next]
        ldp     q6, q7, [other1, #\next]
        .endm

// Stores v0-v3, and gathers their bits: 8 bytes of each pixel, one bit a byte.
        .macro  finish next, at, bits, rprelu, sign, v0, v1, v2, v3
        if_\sign fcmge, "v22.4s, v\v2\().4s, v10.4s"
        if_\rprelu ldr, "q8, [shiftY, #\next]"
        if_\sign fcmge, "v23.4s, v\v3\().4s, v11.4s"
        if_\sign fcmge, "v20.4s, v\v0\().4s, v10.4s"
        if_\rprelu ldr, "q9, [shiftY, #\next + 16]"
        if_\sign fcmge, "v21.4s, v\v1\().4s, v11.4s"
        if_\sign uzp1, "v22.8h, v22.8h, v23.8h"
        if_\sign ldr, "q10, [level, #\next]"
        if_\sign uzp1, "v20.8h, v20.8h, v21.8h"
        str     q\v0, [to0, #\at]
        if_\sign uzp1, "v20.16b, v20.16b, v22.16b"
        if_\sign ldr, "q11, [level, #\next + 16]"
        if_\sign and, "v\bits\().16b, v20.16b, v12.16b"
        str     q\v1, [to0, #\at + 16]
        str     q\v2, [to1, #\at]
        str     q\v3, [to1, #\at + 16]
        .endm

// 32 bits of each pixel, of which the bytes come in turn.
        .macro  store_bits
        addp    v14.16b, v14.16b, v15.16b
        addp    v13.16b, v13.16b, v14.16b
        addp    v13.16b, v13.16b, v13.16b
        uzp1    v14.16b, v13.16b, v13.16b
        uzp2    v15.16b, v13.16b, v13.16b
        str     s14, [toBits0]
        str     s15, [toBits1]
        .endm
        .macro  saved op
        \op     d8, d9, [sp]
        \op     d10, d11, [sp, #16]
        \op     d12, d13, [sp, #32]
        \op     d14, d15, [sp, #48]
        \op     x19, x20, [sp, #64]
        \op     x21, x22, [sp, #80]
        \op     x23, x24, [sp, #96]
        \op     x25, x26, [sp, #112]
        \op     x27, x28, [sp, #128]
        .endm

// An entry's function. `rest` is what it does between `sum` and `finish` of a step, v0-v3 are its results.
        .macro  step next, at, bits, rest, rprelu, sign, v0, v1, v2, v3
        sum     \next
        \rest   \next
        finish  \next, \at, \bits, \rprelu, \sign, \v0, \v1, \v2, \v3
        .endm
        .macro  kernel rest, rprelu, sign, results
        sub     sp, sp, #144
        saved   stp
        ldp     rows, pixels, [parameters]
        ldr     blocks, [parameters, #16]
        mov     pixelsLeft, pixels
        lsl     bytes, blocks, #7
        mov     x1, #0x0201
        movk    x1, #0x0804, lsl #16
        movk    x1, #0x2010, lsl #32
        movk    x1, #0x8040, lsl #48
        dup     v12.2d, x1
        tensors open, \sign
        tables  open_table, \rprelu, \sign
        next_pair \rprelu, \sign
        ldp     q0, q1, [in0]
        load    0
        if_\rprelu ldp, "q28, q29, [shiftX]"
        if_\rprelu ldp, "q30, q31, [slope]"
        if_\rprelu ldp, "q8, q9, [shiftY]"
        if_\sign ldp, "q10, q11, [level]"
1:      mov     to0, out0
        mov     to1, out1
        mov     toBits0, bits0
        mov     toBits1, bits1
        step    32, 0, 13, \rest, \rprelu, \sign, \results
        step    64, 32, 14, \rest, \rprelu, \sign, \results
        if_\sign addp, "v13.16b, v13.16b, v14.16b"
        step    96, 64, 14, \rest, \rprelu, \sign, \results
        tensors next_block, \sign
        tables  next_tables, \rprelu, \sign
        subs    blocksLeft, blocksLeft, #1
        b.ne    2f
        next_pair \rprelu, \sign
2:      step    0, 96, 15, \rest, \rprelu, \sign, \results
        if_\sign store_bits
        cbnz    rows, 1b
        saved   ldp
        add     sp, sp, #144
        ret
        .endm

add_rprelu_f32:
        kernel  activate, 1, 0, "24, 25, 26, 27"

add_sign_f32:
        kernel  load, 0, 1, "16, 17, 18, 19"

add_rprelu_sign_f32:
        kernel  activate, 1, 1, "24, 25, 26, 27"
