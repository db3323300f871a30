// Rows for a matrix product of the windows of an image: im2col.
//
// The window of an output pixel is kernelRows pieces of windowRowBytes each, one from each of as many image rows. Its row of
// output is these pieces one behind the other, then tailBytes zeros; what lies behind is not written. The border, if any,
// is in the image's buffer. Pieces are copied 32 bytes at a time, then 16, 8 and 4.
//
// x0: parameter block, 64-bit words
//   0 source          address of the first window of the image row in which the first output pixel lies (its x = 0)
//   8 sourceRowBytes  from one image row to the next
//  16 windowRowBytes  kernel width * bytes of a pixel, a multiple of 4
//  24 kernelRows
//  32 stepBytes       from one output pixel's window to the next
//  40 rowStepBytes    from one output image row's windows to the next's
//  48 width           output pixels of an image row
//  56 firstX          x of the first output pixel
//  64 pixels          number of output pixels, going on over image rows
//  72 out             address
//  80 outRowBytes     from one row of output to the next
//  88 tailBytes       a multiple of 4

windows      .req x1
sourceRow    .req x2
pieceBytes   .req x3
kernelRows   .req x4
step         .req x5
rowStep      .req x6
width        .req x7
pixels       .req x8
out          .req x9
outRow       .req x10
tailBytes    .req x11
left         .req x12
window       .req x13
row          .req x14
from         .req x15
to           .req x16
bytes        .req x17
rows         .req x0
data0        .req x19
word0        .req w19
data1        .req x20
data2        .req x21
data3        .req x22

        .text
        .global im2col
        .p2align 4
im2col:
        stp     x19, x20, [sp, #-32]!
        stp     x21, x22, [sp, #16]
        ldp     windows, sourceRow, [x0]
        ldp     pieceBytes, kernelRows, [x0, #16]
        ldp     step, rowStep, [x0, #32]
        ldp     width, left, [x0, #48]
        ldp     pixels, out, [x0, #64]
        ldp     outRow, tailBytes, [x0, #80]
        madd    window, left, step, windows
        sub     left, width, left

pixel:
        mov     row, window
        mov     to, out
        mov     rows, kernelRows
piece:
        mov     from, row
        add     row, row, sourceRow
        subs    bytes, pieceBytes, #32
        b.lo    rest
copy32:
        ldp     data0, data1, [from], #16
        ldp     data2, data3, [from], #16
        subs    bytes, bytes, #32
        stp     data0, data1, [to], #16
        stp     data2, data3, [to], #16
        b.hs    copy32
rest:
        tbz     bytes, #4, rest8
        ldp     data0, data1, [from], #16
        stp     data0, data1, [to], #16
rest8:
        tbz     bytes, #3, rest4
        ldr     data0, [from], #8
        str     data0, [to], #8
rest4:
        tbz     bytes, #2, copied
        ldr     word0, [from]
        str     word0, [to], #4
copied:
        subs    rows, rows, #1
        b.ne    piece

        cbz     tailBytes, filled
        mov     bytes, tailBytes
fill:
        str     wzr, [to], #4
        subs    bytes, bytes, #4
        b.ne    fill
filled:
        add     out, out, outRow
        add     window, window, step
        subs    left, left, #1
        b.eq    next_row
in_row:
        subs    pixels, pixels, #1
        b.ne    pixel
        ldp     x21, x22, [sp, #16]
        ldp     x19, x20, [sp], #32
        ret

next_row:
        mov     left, width
        add     windows, windows, rowStep
        mov     window, windows
        b       in_row
