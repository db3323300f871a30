// Pools over square windows. The windows do not leave the buffer: what surrounds an image lies in its border (0 for an
// average, the lowest value for a maximum, 0 bits).
//   max_pool_f32, max_pool_i32, max_pool_i16, max_pool_i8   maximum; of -0 and +0 it is +0
//   or_pool_bits                 maximum of +1 and -1
//   average_pool_f32             float64 sum, row by row of the window, divided by its area in float64, then rounded to
//                                float32: a product with the reciprocal, where that is exact
//   average_pool_i32             the same of int32 input; its output is float32
//
// x0: parameter block of 64-bit words
//    0 rows          of the output
//    8 pixels        of an output row
//   16 groups        of 4 channels; of bits, i16 and i8, 32-bit words of a pixel
//   24 in            address of the first window: pixel by pixel, 16 * groups bytes each (bits, i16, i8: 4 * groups)
//   32 inRowBytes    from one row to the next
//   40 out           address: laid out like in
//   48 outRowBytes
//   56 window        rows and columns
//   64 stride
//
// All channels of a tap lie together: 64 bytes of them, then 16 (of bits, i16 and i8 also 4), are gathered over the whole window in
// registers, then stored, as the pixelwise pools of XNNPACK do.
//
// x1 rows, x2 pixels, x3 bytes of a pixel, x4 in, x5 inRowBytes less a row of the window, x6 out, x7 outRowBytes,
// x8 window, x9 bytes from window to window, x10 bytes from a row of windows to the next; as they advance:
// x11 window, x12 out, x13 pixels left, x14 bytes of the pixel left, x15 channels in the window's first tap,
// x16 tap, x17 rows of the window left, x0 its columns left.

        .text

// Taps come in v0-v3 (64 bytes) or v0. `op` gets the number of one, those of its accumulators a and b, and a free one h.
        .macro  each_64 op
        \op     0, 16, 20, 4
        \op     1, 17, 21, 5
        \op     2, 18, 22, 6
        \op     3, 19, 23, 7
        .endm

        .macro  each_16 op
        \op     0, 16, 20, 4
        .endm

        .macro  each_4 op
        \op     0, 16, 20, 4
        .endm

        .macro  load_64
        ldp     q0, q1, [x16]
        ldp     q2, q3, [x16, #32]
        .endm

        .macro  load_16
        ldr     q0, [x16]
        .endm

        .macro  load_4
        ldr     s0, [x16]
        .endm

        .macro  store_64
        stp     q16, q17, [x12]
        stp     q18, q19, [x12, #32]
        .endm

        .macro  store_16
        str     q16, [x12]
        .endm

        .macro  store_4
        str     s16, [x12]
        .endm

        .macro  nothing x, a, b, h
        .endm

// `bytes` of one output, which are the next of its pixel: `start` readies accumulators, `widen` and then `tap` take a
// tap, `end` leaves results in the accumulators a.
        .macro  window bytes, start, tap, widen, end
        each_\bytes \start
        mov     x16, x15
        mov     x17, x8
7:      mov     x0, x8
8:      load_\bytes
        add     x16, x16, x3
        each_\bytes \widen
        each_\bytes \tap
        subs    x0, x0, #1
        b.ne    8b
        add     x16, x16, x5
        subs    x17, x17, #1
        b.ne    7b
        \end    each_\bytes
        store_\bytes
        add     x12, x12, #\bytes
        add     x15, x15, #\bytes
        sub     x14, x14, #\bytes
        .endm

// All windows. `shift`: log2 of the bytes of a group.
        .macro  windows shift, start, tap, widen=nothing, end=nothing
        ldp     x1, x2, [x0]
        ldp     x3, x4, [x0, #16]
        ldp     x5, x6, [x0, #32]
        ldp     x7, x8, [x0, #48]
        ldr     x9, [x0, #64]
        lsl     x3, x3, #\shift
        mul     x10, x9, x5
        mul     x9, x9, x3
        msub    x5, x8, x3, x5
1:      mov     x11, x4
        mov     x12, x6
        mov     x13, x2
2:      mov     x15, x11
        mov     x14, x3
        b       4f
3:      window  64, \start, \tap, \widen, \end
4:      cmp     x14, #64
        b.hs    3b
        b       6f
5:      window  16, \start, \tap, \widen, \end
6:      cmp     x14, #16
        b.hs    5b
        cbz     x14, 10f
9:      window  4, \start, \tap, \widen, \end
        cbnz    x14, 9b
10:     add     x11, x11, x9
        subs    x13, x13, #1
        b.ne    2b
        add     x4, x4, x10
        add     x6, x6, x7
        subs    x1, x1, #1
        b.ne    1b
        ret
        .endm

        .macro  minus_infinity x, a, b, h
        mvni    v\a\().4s, #0x7f, msl #16
        .endm

        .macro  max_f32 x, a, b, h
        fmax    v\a\().4s, v\a\().4s, v\x\().4s
        .endm

        .global max_pool_f32
max_pool_f32:
        windows 4, minus_infinity, max_f32

        .macro  lowest x, a, b, h
        movi    v\a\().4s, #0x80, lsl #24
        .endm

        .macro  max_i32 x, a, b, h
        smax    v\a\().4s, v\a\().4s, v\x\().4s
        .endm

        .global max_pool_i32
max_pool_i32:
        windows 4, lowest, max_i32

        .macro  lowest_i16 x, a, b, h
        movi    v\a\().8h, #0x80, lsl #8
        .endm

        .macro  max_i16 x, a, b, h
        smax    v\a\().8h, v\a\().8h, v\x\().8h
        .endm

        .global max_pool_i16
max_pool_i16:
        windows 2, lowest_i16, max_i16

        .macro  lowest_i8 x, a, b, h
        movi    v\a\().16b, #0x80
        .endm

        .macro  max_i8 x, a, b, h
        smax    v\a\().16b, v\a\().16b, v\x\().16b
        .endm

        .global max_pool_i8
max_pool_i8:
        windows 2, lowest_i8, max_i8

        .macro  zero x, a, b, h
        movi    v\a\().2d, #0
        .endm

        .macro  or_bits x, a, b, h
        orr     v\a\().16b, v\a\().16b, v\x\().16b
        .endm

        .global or_pool_bits
or_pool_bits:
        windows 2, zero, or_bits

// Averages. A tap's four channels become float64 in x and h; a and b are their sums.

        .macro  zeros x, a, b, h
        movi    v\a\().2d, #0
        movi    v\b\().2d, #0
        .endm

        .macro  widen_f32 x, a, b, h
        fcvtl2  v\h\().2d, v\x\().4s
        fcvtl   v\x\().2d, v\x\().2s
        .endm

        .macro  widen_i32 x, a, b, h
        sshll2  v\h\().2d, v\x\().4s, #0
        sshll   v\x\().2d, v\x\().2s, #0
        scvtf   v\h\().2d, v\h\().2d
        scvtf   v\x\().2d, v\x\().2d
        .endm

        .macro  sum x, a, b, h
        fadd    v\a\().2d, v\a\().2d, v\x\().2d
        fadd    v\b\().2d, v\b\().2d, v\h\().2d
        .endm

// v30: area of the window, v31: its reciprocal
        .macro  areas
        ldr     x8, [x0, #56]
        mul     x9, x8, x8
        scvtf   d30, x9
        fmov    d31, #1.0
        fdiv    d31, d31, d30
        dup     v30.2d, v30.d[0]
        dup     v31.2d, v31.d[0]
        .endm

        .macro  multiply x, a, b, h
        fmul    v\a\().2d, v\a\().2d, v31.2d
        fmul    v\b\().2d, v\b\().2d, v31.2d
        .endm

        .macro  divide x, a, b, h
        fdiv    v\a\().2d, v\a\().2d, v30.2d
        fdiv    v\b\().2d, v\b\().2d, v30.2d
        .endm

        .macro  narrow x, a, b, h
        fcvtn   v\a\().2s, v\a\().2d
        fcvtn2  v\a\().4s, v\b\().2d
        .endm

// The reciprocal of a power of two is exact.
        .macro  mean each
        sub     x17, x8, #1
        tst     x17, x8
        b.ne    7f
        \each   multiply
        b       8f
7:      \each   divide
8:      \each   narrow
        .endm

        .global average_pool_f32
average_pool_f32:
        areas
        windows 4, zeros, sum, widen_f32, mean

        .global average_pool_i32
average_pool_i32:
        areas
        windows 4, zeros, sum, widen_i32, mean
