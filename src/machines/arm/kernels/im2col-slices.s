// Rows for a matrix product of the 3x3 windows of an image, as coded weights lie: im2col_slices.
//
// A pixel is cut into slices of 16 bytes, the last one narrower if there is a rest. A row of output is, slice by slice, that
// slice of the 9 pixels one behind the other, then zeros up to a multiple of 16; what lies behind is not written. The border, if
// any, is in the image's buffer. A whole slice is 9 loads and 5 stores of 16 bytes or pairs of them.
//
// x0: parameter block, 64-bit words
//   0 source          address of the first window of the image row in which the first output pixel lies (its x = 0)
//   8 sourceRowBytes  from one image row to the next
//  16 pixelBytes      a multiple of 4
//  24 stepBytes       from one output pixel's window to the next
//  32 rowStepBytes    from one output image row's windows to the next's
//  40 width           output pixels of an image row
//  48 firstX          x of the first output pixel
//  56 pixels          number of output pixels, going on over image rows
//  64 out             address
//  72 outRowBytes     from one row of output to the next

windows      .req x1
sourceRow    .req x2
pixelBytes   .req x3
step         .req x4
rowStep      .req x5
width        .req x6
left         .req x7
pixels       .req x8
out          .req x9
outRow       .req x10
window       .req x11
row0         .req x12
row1         .req x13
row2         .req x14
twoPixels    .req x15
to           .req x16
slices       .req x17
// As long as a narrow slice is copied, and behind it.
place        .req x17
rest         .req x0

// The 9 pixels, from the rows on, `size` bytes in registers `r`.
        .macro  load_taps r, size
        ldr     \r\()0, [row0]
        ldr     \r\()1, [row0, pixelBytes]
        ldr     \r\()2, [row0, twoPixels]
        ldr     \r\()3, [row1]
        ldr     \r\()4, [row1, pixelBytes]
        ldr     \r\()5, [row1, twoPixels]
        ldr     \r\()6, [row2]
        ldr     \r\()7, [row2, pixelBytes]
        ldr     \r\()16, [row2, twoPixels]
        add     row0, row0, #\size
        add     row1, row1, #\size
        add     row2, row2, #\size
        .endm

        .macro  store_tap v, lane
        st1     {v\v\().\lane}[0], [place], rest
        .endm

// A part of a narrow slice, from `to` on.
        .macro  part r, size
        load_taps \r, \size
        mov     place, to
        .irp    v, 0, 1, 2, 3, 4, 5, 6, 7, 16
        store_tap \v, \r
        .endr
        add     to, to, #\size
        .endm

        .text
        .global im2col_slices
        .p2align 4
im2col_slices:
        ldp     windows, sourceRow, [x0]
        ldp     pixelBytes, step, [x0, #16]
        ldp     rowStep, width, [x0, #32]
        ldp     left, pixels, [x0, #48]
        ldp     out, outRow, [x0, #64]
        madd    window, left, step, windows
        sub     left, width, left
        lsl     twoPixels, pixelBytes, #1
        and     rest, pixelBytes, #15

pixel:
        mov     row0, window
        add     row1, row0, sourceRow
        add     row2, row1, sourceRow
        mov     to, out
        lsr     slices, pixelBytes, #4
        cbz     slices, narrow
slice:
        load_taps q, 16
        subs    slices, slices, #1
        stp     q0, q1, [to], #32
        stp     q2, q3, [to], #32
        stp     q4, q5, [to], #32
        stp     q6, q7, [to], #32
        str     q16, [to], #16
        b.ne    slice
        cbz     rest, filled

// 9 times `rest` bytes, in parts of 8 and 4, then zeros: 16 - rest bytes.
narrow:
        tbz     rest, #3, four
        part    d, 8
        tbnz    rest, #2, twelve
        str     xzr, [place]
        b       filled
four:
        part    s, 4
        str     xzr, [place]
        str     wzr, [place, #8]
        b       filled
twelve:
        part    s, 4
        stur    wzr, [place, #-8]
filled:
        add     out, out, outRow
        add     window, window, step
        subs    left, left, #1
        b.eq    next_row
in_row:
        subs    pixels, pixels, #1
        b.ne    pixel
        ret

next_row:
        mov     left, width
        add     windows, windows, rowStep
        mov     window, windows
        b       in_row
