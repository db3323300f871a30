// Sums over square windows, as int32, which wrap around: sum_pool_i8, sum_pool_i16, sum_pool_i32. The windows do not leave the
// buffer: what surrounds an image lies in its border.
//
// x0: parameter block of 64-bit words
//    0 rows          of the output, 8 pixels of an output row, 16 groups of 8 channels
//   24 in            address of the first window, 32 inPixelBytes, 40 inRowBytes: from one pixel, and row, to the next
//   48 out           address, 56 outPixelBytes, 64 outRowBytes
//   72 window        rows and columns
//   80 stride
//
// 8 channels of a window at a time. Vector instructions for 8 channels of a tap: i8 3, i16 2, i32 2.
//
// x1 rows, x2 pixels, x3 groups, x4 in, x5 inPixelBytes, x6 inRowBytes less a row of the window, x7 out, x8, x9, x10 window; as they
// advance: x11 first window of the row, x12 its out, x13 pixels left, x14 window of the group, x15 out, x16 tap, x17 groups left,
// x0 rows of the window left, x19 columns left; x20 bytes from window to window, x21 from a row of them to the next.

        .text

        .macro  add_i8
        ldr     d2, [x16]
        sxtl    v2.8h, v2.8b
        saddw   v0.4s, v0.4s, v2.4h
        saddw2  v1.4s, v1.4s, v2.8h
        .endm
        .macro  add_i16
        ldr     q2, [x16]
        saddw   v0.4s, v0.4s, v2.4h
        saddw2  v1.4s, v1.4s, v2.8h
        .endm
        .macro  add_i32
        ldp     q2, q3, [x16]
        add     v0.4s, v0.4s, v2.4s
        add     v1.4s, v1.4s, v3.4s
        .endm

        .macro  sum_pool storage, bytes
        .global sum_pool_\storage
sum_pool_\storage:
        stp     x19, x20, [sp, #-32]!
        str     x21, [sp, #16]
        ldp     x1, x2, [x0]
        ldp     x3, x4, [x0, #16]
        ldp     x5, x6, [x0, #32]
        ldp     x7, x8, [x0, #48]
        ldp     x9, x10, [x0, #64]
        ldr     x20, [x0, #80]
        mul     x21, x20, x6
        mul     x20, x20, x5
        msub    x6, x10, x5, x6
1:      mov     x11, x4
        mov     x12, x7
        mov     x13, x2
2:      mov     x14, x11
        mov     x15, x12
        mov     x17, x3
3:      movi    v0.16b, #0
        movi    v1.16b, #0
        mov     x16, x14
        mov     x0, x10
4:      mov     x19, x10
5:      add_\storage
        add     x16, x16, x5
        subs    x19, x19, #1
        b.ne    5b
        add     x16, x16, x6
        subs    x0, x0, #1
        b.ne    4b
        stp     q0, q1, [x15], #32
        add     x14, x14, #\bytes
        subs    x17, x17, #1
        b.ne    3b
        add     x11, x11, x20
        add     x12, x12, x8
        subs    x13, x13, #1
        b.ne    2b
        add     x4, x4, x21
        add     x7, x7, x9
        subs    x1, x1, #1
        b.ne    1b
        ldr     x21, [sp, #16]
        ldp     x19, x20, [sp], #32
        ret
        .endm

        sum_pool i8, 8
        sum_pool i16, 16
        sum_pool i32, 32
