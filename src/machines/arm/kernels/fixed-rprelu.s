// RPReLU of fixed-point numbers: t = sat16(x + shiftX[c]); sat((t > 0 ? t : sat16(s(rshift(t * slope[c], shift[c])))) + shiftY[c]),
// where s negates where negative[c] is -1. sat16 is to 16 bits, sat to 8 (-127 to 127) or 16; rshift rounds half up.
//   fixed_rprelu_<in>_<out>      without slope and any multiplication
//   fixed_rprelu_mul_<in>_<out>  with slope, of at most 127 in magnitude
//   fixed_rprelu_i8, fixed_rprelu_mul_i8, fixed_rprelu_i16
//                                from and to the same storage, in lanes of 16 bits: shiftX and shiftY have to be int16, and with
//                                slope |shiftX| <= 127; without negative there
// <in> is i8, i16 or i32, <out> i8 or i16.
//
// Parameter block and order: columns.inc. Tables of int32, in lanes of 16 bits int16: shiftX, slope (mul), -shift, negative (not
// fixed_rprelu_mul_i8), shiftY. Of shiftY at most 65535 in magnitude is used, which suffices.
//
// Vector instructions for 8 channels of a pixel: from i16 to i16 22; in lanes of 16 bits 7 for i16, 10 for i8, mul 9.
//
// v0-v3 two pixels, or four; v4-v7 what is below 0; v16, v17 shiftX; v18, v19 -shift; v20, v21 negative; v22, v23 shiftY; v24 slope;
// v24-v27 masks of four pixels; v31 -127. In lanes of 16 bits: v16 shiftX, v17 slope, v18 -shift, v20 negative, v22 shiftY.

        .include "columns.inc"

        .text

        .macro  tables_shifted
        ldp     q16, q17, [x11], #32
        shift_and_on
        .endm
        .macro  tables_multiplied
        ldp     q16, q17, [x11]
        ldp     q24, q25, [x11, #32]
        xtn     v24.4h, v24.4s
        xtn2    v24.8h, v25.4s
        add     x11, x11, #64
        shift_and_on
        .endm
        .macro  shift_and_on
        ldp     q18, q19, [x11]
        ldp     q20, q21, [x11, #32]
        ldp     q22, q23, [x11, #64]
        add     x11, x11, #96
        .endm

// From t, eight int16 in a, to b and h.
        .macro  shifted a, b, h, x, y, z
        sxtl    v\b\().4s, v\a\().4h
        sxtl2   v\h\().4s, v\a\().8h
        .endm
        .macro  multiplied a, b, h, x, y, z
        smull   v\b\().4s, v\a\().4h, v24.4h
        smull2  v\h\().4s, v\a\().8h, v24.8h
        .endm
        .macro  below a, b, h, x, y, z
        words   \b, \h, 0, sqrshl, 18, 19
        bits    \b, \h, 0, eor, 20, 21
        words   \b, \h, 0, sqsub, 20, 21
        narrow  \b, \h
        .endm
        .macro  select a, b, h, x, y, z
        cmgt    v\h\().8h, v\a\().8h, #0
        bsl     v\h\().16b, v\a\().16b, v\b\().16b
        add_wide \a, \b, 0, \h, 22, 23
        .endm

        .macro  rprelu_step product, from, to, each
        \each   load_\from
        \each   words, sqadd, 16, 17
        \each   narrow
        \each   \product
        \each   below
        \each   select
        \each   store_\to
        .endm

        .macro  rprelu name, product, from, inBytes, to, outBytes
        .global \name\()_\from\()_\to
\name\()_\from\()_\to:
        movi    v31.16b, #0x81
        columns \inBytes, \outBytes, tables_\product, "rprelu_step \product, \from, \to,", two, 2
        .endm
        .macro  rprelu_to name, product, to, bytes
        rprelu  \name, \product, i8, 8, \to, \bytes
        rprelu  \name, \product, i16, 16, \to, \bytes
        rprelu  \name, \product, i32, 32, \to, \bytes
        .endm

        rprelu_to fixed_rprelu, shifted, i8, 8
        rprelu_to fixed_rprelu, shifted, i16, 16
        rprelu_to fixed_rprelu_mul, multiplied, i8, 8
        rprelu_to fixed_rprelu_mul, multiplied, i16, 16

// Lanes of 16 bits: a pixel's 8 channels t are one register; p what is below 0, m a mask and then the result. Four pixels.
        .macro  four op
        \op     0, 4, 24
        \op     1, 5, 25
        \op     2, 6, 26
        \op     3, 7, 27
        .endm
        .macro  single op
        \op     0, 4, 24
        .endm

        .macro  load_lanes_i8 t, p, m
        ldr     d\t, [x14]
        add     x14, x14, x5
        sxtl    v\t\().8h, v\t\().8b
        .endm
        .macro  load_lanes_i16 t, p, m
        ldr     q\t, [x14]
        add     x14, x14, x5
        .endm
        .macro  add_shiftX t, p, m
        sqadd   v\t\().8h, v\t\().8h, v16.8h
        .endm
        .macro  times_slope t, p, m
        mul     v\p\().8h, v\t\().8h, v17.8h
        .endm
        .macro  shift_product t, p, m
        sqrshl  v\p\().8h, v\p\().8h, v18.8h
        .endm
        .macro  shift t, p, m
        sqrshl  v\p\().8h, v\t\().8h, v18.8h
        .endm
        .macro  invert t, p, m
        eor     v\p\().16b, v\p\().16b, v20.16b
        .endm
        .macro  negate t, p, m
        sqsub   v\p\().8h, v\p\().8h, v20.8h
        .endm
        .macro  positive t, p, m
        cmgt    v\m\().8h, v\t\().8h, #0
        .endm
        .macro  choose t, p, m
        bsl     v\m\().16b, v\t\().16b, v\p\().16b
        .endm
        .macro  add_shiftY t, p, m
        sqadd   v\m\().8h, v\m\().8h, v22.8h
        .endm
        .macro  narrow_lanes_i8 t, p, m
        sqxtn   v\m\().8b, v\m\().8h
        .endm
        .macro  store_lanes_i8 t, p, m
        smax    v\m\().8b, v\m\().8b, v31.8b
        str     d\m, [x15]
        add     x15, x15, x8
        .endm
        .macro  narrow_lanes_i16 t, p, m
        .endm
        .macro  store_lanes_i16 t, p, m
        str     q\m, [x15]
        add     x15, x15, x8
        .endm

        .macro  lanes_shifted each
        \each   shift
        \each   positive
        \each   invert
        \each   negate
        .endm
        .macro  lanes_multiplied each
        \each   times_slope
        \each   positive
        \each   shift_product
        .endm
        .macro  lane_tables_shifted
        ldp     q16, q18, [x11]
        ldp     q20, q22, [x11, #32]
        add     x11, x11, #64
        .endm
        .macro  lane_tables_multiplied
        ldp     q16, q17, [x11]
        ldp     q18, q22, [x11, #32]
        add     x11, x11, #64
        .endm

        .macro  lanes_step product, storage, each
        lanes_of_\each \product, \storage
        .endm
        .macro  lanes_of_one product, storage
        lanes   \product, \storage, single
        .endm
        .macro  lanes_of_four product, storage
        lanes   \product, \storage, four
        .endm
        .macro  lanes product, storage, each
        \each   load_lanes_\storage
        \each   add_shiftX
        lanes_\product \each
        \each   choose
        \each   add_shiftY
        \each   narrow_lanes_\storage
        \each   store_lanes_\storage
        .endm

        .macro  same name, product, storage, bytes
        .global \name\()_\storage
\name\()_\storage:
        movi    v31.16b, #0x81
        columns \bytes, \bytes, lane_tables_\product, "lanes_step \product, \storage,", four, 4
        .endm

        same    fixed_rprelu, shifted, i8, 8
        same    fixed_rprelu, shifted, i16, 16
        same    fixed_rprelu_mul, multiplied, i8, 8
