// Steps of fixed-point numbers that are the same in all channels: rows are runs of elements, whatever their pixels are.
//   quantise_f32_<out>     the nearest integer of x * 2^fraction, ties away from 0; to i8 (-127 to 127), i16 or i32, saturated
//   convert_i8_f32, convert_i16_f32, convert_i8_i32, convert_i16_i32   the same number
//   add_fixed_i8, add_fixed_i16, add_fixed_i32                         x + y, saturated likewise
//
// x0: parameter block of 64-bit words
//    0 rows
//    8 elements      of a row, at least 1
//   16 in            address, 24 inRowBytes: from one row to the next
//   32 out           address, 40 outRowBytes
//   48 add: in2      address, 56 in2RowBytes
//   48 quantise:     fraction * 2^23 in the low half, as int32
//   56 largest       2^(bits - fraction) as float32: as much saturates as more would
//   64 least         2^(-fraction - 1) as float32: less in magnitude is 0
// All of these are normal floats. x has no NaN.
//
// Nothing is multiplied: the fraction is added to the exponent of x, which stays within bounds between least and largest.
// 16 elements at a time, then one. Vector instructions for 16: quantise to i8 31, i16 28, i32 24; convert from i8 10 (to i32 6), from
// i16 8 (4); add to i8 2, i16 2, i32 4.
//
// x1 rows, x2 elements, x3, x4 in, x5, x6 out, x7, x8 in2; as they advance: x9 in, x10 out, x11 in2, x12 elements left.
// v0-v3 elements, v4-v7 masks, or y; v27 -127; v28 largest, v29 -largest, v30 least, v31 fraction.

        .text

        .macro  runs do
        movi    v27.16b, #0x81
        ldp     x1, x2, [x0]
        ldp     x3, x4, [x0, #16]
        ldp     x5, x6, [x0, #32]
1:      mov     x9, x3
        mov     x10, x5
        mov     x11, x7
        subs    x12, x2, #16
        b.lo    3f
2:      \do     16
        subs    x12, x12, #16
        b.hs    2b
3:      adds    x12, x12, #16
        b.eq    5f
4:      \do     1
        subs    x12, x12, #1
        b.ne    4b
5:      add     x3, x3, x4
        add     x5, x5, x6
        add     x7, x7, x8
        subs    x1, x1, #1
        b.ne    1b
        ret
        .endm

// Of 16 elements all registers, of one the first.
        .macro  each_16 op, x, y
        \op     0, 4, \x, \y
        \op     1, 5, \x, \y
        \op     2, 6, \x, \y
        \op     3, 7, \x, \y
        .endm
        .macro  each_1 op, x, y
        \op     0, 4, \x, \y
        .endm

        .macro  load_words_16
        ldp     q0, q1, [x9], #32
        ldp     q2, q3, [x9], #32
        .endm
        .macro  load_words_1
        ldr     s0, [x9], #4
        .endm
        .macro  store_words_16
        stp     q0, q1, [x10], #32
        stp     q2, q3, [x10], #32
        .endm
        .macro  store_words_1
        str     s0, [x10], #4
        .endm

        .macro  with a, m, op, y
        \op     v\a\().4s, v\a\().4s, v\y\().4s
        .endm
        .macro  large a, m, x, y
        facge   v\m\().4s, v\a\().4s, v30.4s
        .endm
        .macro  integer a, m, x, y
        fcvtas  v\a\().4s, v\a\().4s
        .endm
        .macro  clear_small a, m, x, y
        and     v\a\().16b, v\a\().16b, v\m\().16b
        .endm

        .macro  to_i32_16
        store_words_16
        .endm
        .macro  to_i32_1
        store_words_1
        .endm
        .macro  narrow_16
        sqxtn   v0.4h, v0.4s
        sqxtn   v2.4h, v2.4s
        sqxtn2  v0.8h, v1.4s
        sqxtn2  v2.8h, v3.4s
        .endm
        .macro  to_i16_16
        narrow_16
        stp     q0, q2, [x10], #32
        .endm
        .macro  to_i16_1
        sqxtn   v0.4h, v0.4s
        str     h0, [x10], #2
        .endm
        .macro  to_i8_16
        narrow_16
        sqxtn   v0.8b, v0.8h
        sqxtn2  v0.16b, v2.8h
        smax    v0.16b, v0.16b, v27.16b
        str     q0, [x10], #16
        .endm
        .macro  to_i8_1
        sqxtn   v0.4h, v0.4s
        sqxtn   v0.8b, v0.8h
        smax    v0.8b, v0.8b, v27.8b
        str     b0, [x10], #1
        .endm

        .macro  quantised to, count
        load_words_\count
        each_\count large
        each_\count with, fmin, 28
        each_\count with, fmax, 29
        each_\count with, add, 31
        each_\count integer
        each_\count clear_small
        to_\to\()_\count
        .endm

        .macro  quantise to
        .global quantise_f32_\to
quantise_f32_\to:
        add     x1, x0, #48
        add     x2, x0, #56
        add     x3, x0, #64
        ld1r    {v31.4s}, [x1]
        ld1r    {v28.4s}, [x2]
        ld1r    {v30.4s}, [x3]
        fneg    v29.4s, v28.4s
        mov     x7, #0
        mov     x8, #0
        runs    "quantised \to,"
        .endm

        quantise i8
        quantise i16
        quantise i32

        .macro  from_i8_16
        ldr     q0, [x9], #16
        sxtl2   v2.8h, v0.16b
        sxtl    v0.8h, v0.8b
        sxtl2   v3.4s, v2.8h
        sxtl2   v1.4s, v0.8h
        sxtl    v2.4s, v2.4h
        sxtl    v0.4s, v0.4h
        .endm
        .macro  from_i8_1
        ldr     b0, [x9], #1
        sxtl    v0.8h, v0.8b
        sxtl    v0.4s, v0.4h
        .endm
        .macro  from_i16_16
        ldp     q0, q2, [x9], #32
        sxtl2   v1.4s, v0.8h
        sxtl2   v3.4s, v2.8h
        sxtl    v0.4s, v0.4h
        sxtl    v2.4s, v2.4h
        .endm
        .macro  from_i16_1
        ldr     h0, [x9], #2
        sxtl    v0.4s, v0.4h
        .endm
        .macro  float a, m, x, y
        scvtf   v\a\().4s, v\a\().4s
        .endm
        .macro  converted_i32 from, count
        from_\from\()_\count
        store_words_\count
        .endm
        .macro  converted_f32 from, count
        from_\from\()_\count
        each_\count float
        store_words_\count
        .endm

        .macro  convert from, to
        .global convert_\from\()_\to
convert_\from\()_\to:
        mov     x7, #0
        mov     x8, #0
        runs    "converted_\to \from,"
        .endm

        convert i8, i32
        convert i8, f32
        convert i16, i32
        convert i16, f32

        .macro  sum_i8 count
        sum_i8_\count
        .endm
        .macro  sum_i8_16
        ldr     q0, [x9], #16
        ldr     q1, [x11], #16
        sqadd   v0.16b, v0.16b, v1.16b
        smax    v0.16b, v0.16b, v27.16b
        str     q0, [x10], #16
        .endm
        .macro  sum_i8_1
        ldr     b0, [x9], #1
        ldr     b1, [x11], #1
        sqadd   v0.8b, v0.8b, v1.8b
        smax    v0.8b, v0.8b, v27.8b
        str     b0, [x10], #1
        .endm
        .macro  sum_i16 count
        sum_i16_\count
        .endm
        .macro  sum_i16_16
        ldp     q0, q1, [x9], #32
        ldp     q2, q3, [x11], #32
        sqadd   v0.8h, v0.8h, v2.8h
        sqadd   v1.8h, v1.8h, v3.8h
        stp     q0, q1, [x10], #32
        .endm
        .macro  sum_i16_1
        ldr     h0, [x9], #2
        ldr     h1, [x11], #2
        sqadd   v0.4h, v0.4h, v1.4h
        str     h0, [x10], #2
        .endm
        .macro  load_more_16
        ldp     q4, q5, [x11], #32
        ldp     q6, q7, [x11], #32
        .endm
        .macro  load_more_1
        ldr     s4, [x11], #4
        .endm
        .macro  plus a, m, x, y
        sqadd   v\a\().4s, v\a\().4s, v\m\().4s
        .endm
        .macro  sum_i32 count
        load_words_\count
        load_more_\count
        each_\count plus
        store_words_\count
        .endm

        .macro  add_fixed storage
        .global add_fixed_\storage
add_fixed_\storage:
        ldp     x7, x8, [x0, #48]
        runs    sum_\storage
        .endm

        add_fixed i8
        add_fixed i16
        add_fixed i32
