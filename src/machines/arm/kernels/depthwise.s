// Depthwise convolution of float32 with what follows it: depthwise_f32.
//
// For each output pixel and channel: out = max(sum over the window's taps of input * weight * scale + offset, lower), the
// sum by fused multiply-adds, taps row by row, scale and offset rounded one by one. The border, if any, is in the buffer.
//
// Tiles of 4 channels x 4 pixels (of 1 pixel for the last 1 to 3 of an image row), one tap a step. For each 16
// multiply-accumulates, a step of the large tile: 5 ld1, 4 fmla, subs, b.ne.
//
// x0: parameter block, 64-bit words
//   0 source          address of the first output pixel's window
//   8 sourceRowBytes  from one image row to the next
//  16 stepBytes       from one output pixel's window to the next
//  24 rowStepBytes    from one output image row's windows to the next's
//  32 kernel          rows, and columns, of the window
//  40 groups          of 4 channels; a pixel of the input has 16 * groups bytes, one of the output too
//  48 width           output pixels of an image row
//  56 height          output image rows
//  64 weights         address: float32 [tap][channels]
//  72 scale           address of float32 [channels]
//  80 offset          address of float32 [channels]
//  88 lower           float32 in the low half
//  96 out             address
// 104 outRowBytes     from one image row of output to the next

// v0-v3 sums of the pixels, v20-v23 their inputs, v16 weights, v18 lower.

window       .req x1
step         .req x2
pixelBytes   .req x3
kernel       .req x4
weights      .req x5
pixels       .req x6
out          .req x7
channel      .req x8
tap          .req x9
row0         .req x10
row1         .req x11
row2         .req x12
row3         .req x13
columns      .req x14
rows         .req x15
rowGap       .req x16
to           .req x17
sourceRow    .req x19
outRow       .req x20
height       .req x21
scale        .req x22
offset       .req x23
rowWindow    .req x24
rowOut       .req x25

// What is done for pixel p of a tile, and for each pixel of a tile of four and of one.
        .macro  four do, op, with
        \do     0, \op, \with
        \do     1, \op, \with
        \do     2, \op, \with
        \do     3, \op, \with
        .endm
        .macro  one do, op, with
        \do     0, \op, \with
        .endm
        .macro  clear p, op, with
        movi    v\p\().16b, #0
        .endm
        .macro  read p, op, with
        ld1     {v2\p\().4s}, [row\p], pixelBytes
        .endm
        .macro  add_product p, op, with
        fmla    v\p\().4s, v2\p\().4s, v16.4s
        .endm
        .macro  next_row p, op, with
        add     row\p, row\p, rowGap
        .endm
        .macro  words p, op, with
        \op     v\p\().4s, v\p\().4s, \with
        .endm
        .macro  store p, op, with
        st1     {v\p\().4s}, [to], pixelBytes
        .endm

// All taps and what follows, for the channels at `channel` of a tile whose row0 to row3 are set.
        .macro  convolve each
        add     tap, weights, channel
        mov     rows, kernel
        \each   clear
row_\each:
        mov     columns, kernel
column_\each:
        ld1     {v16.4s}, [tap], pixelBytes
        \each   read
        subs    columns, columns, #1
        \each   add_product
        b.ne    column_\each
        \each   next_row
        subs    rows, rows, #1
        b.ne    row_\each
        ldr     q16, [scale, channel]
        ldr     q17, [offset, channel]
        add     to, out, channel
        \each   words, fmul, v16.4s
        \each   words, fadd, v17.4s
        \each   words, fmax, v18.4s
        \each   store
        add     channel, channel, #16
        cmp     channel, pixelBytes
        .endm

        .text
        .global depthwise_f32
        .p2align 4
depthwise_f32:
        stp     x19, x20, [sp, #-64]!
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        str     x25, [sp, #48]
        ldp     rowWindow, sourceRow, [x0]
        ldr     step, [x0, #16]
        ldp     kernel, pixelBytes, [x0, #32]
        lsl     pixelBytes, pixelBytes, #4
        msub    rowGap, kernel, pixelBytes, sourceRow
        ldr     height, [x0, #56]
        ldp     weights, scale, [x0, #64]
        ldp     offset, x8, [x0, #80]
        dup     v18.4s, w8
        ldp     rowOut, outRow, [x0, #96]

image_row:
        mov     window, rowWindow
        mov     out, rowOut
        ldr     pixels, [x0, #48]
        subs    pixels, pixels, #4
        b.lo    rest
tile:
        mov     channel, #0
group:
        add     row0, window, channel
        add     row1, row0, step
        add     row2, row1, step
        add     row3, row2, step
        convolve four
        b.ne    group
        add     window, window, step, lsl #2
        add     out, out, pixelBytes, lsl #2
        subs    pixels, pixels, #4
        b.hs    tile

rest:
        adds    pixels, pixels, #4
        b.eq    end_row
single:
        mov     channel, #0
single_group:
        add     row0, window, channel
        convolve one
        b.ne    single_group
        add     window, window, step
        add     out, out, pixelBytes
        subs    pixels, pixels, #1
        b.ne    single

end_row:
        ldr     x8, [x0, #24]
        add     rowWindow, rowWindow, x8
        add     rowOut, rowOut, outRow
        subs    height, height, #1
        b.ne    image_row
        ldr     x25, [sp, #48]
        ldp     x23, x24, [sp, #32]
        ldp     x21, x22, [sp, #16]
        ldp     x19, x20, [sp], #64
        ret
