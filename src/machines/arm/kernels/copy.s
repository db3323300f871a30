// Copies and fills rows of bytes: into the interior of a buffer with a border, next to other channels of the same
// pixel (a row is then a pixel), or a border itself.
//
// copy_rows, x0: parameter block of 64-bit words
//    0 rows
//    8 bytes         of a row, a multiple of 4
//   16 in            address
//   24 inRowBytes    from one row to the next
//   32 out           address
//   40 outRowBytes
// fill_rows
//    0 rows
//    8 bytes         of a row, a multiple of 4
//   16 value         what every 4-byte word becomes: the low 32 bits
//   24 out           address
//   32 outRowBytes
// Rows may not overlap others that are read later.
//
// 64 bytes at a time, then 16, then 4, as in a memcpy for known multiples.
//
// x1 rows, x2 bytes, x3 in, x4 inRowBytes, x5 out, x6 outRowBytes; as they advance: x7 in, x8 out, x9 bytes left.

        .text

// All rows; `get64`, `get16`, `get4`: macros that load v0-v3, v0, and the low word of v0.
        .macro  rows get
1:      mov     x7, x3
        mov     x8, x5
        subs    x9, x2, #64
        b.lo    3f
2:      \get\()_64
        stp     q0, q1, [x8]
        stp     q2, q3, [x8, #32]
        add     x8, x8, #64
        subs    x9, x9, #64
        b.hs    2b
3:      tst     x9, #48
        b.eq    5f
4:      \get\()_16
        str     q0, [x8], #16
        sub     x9, x9, #16
        tst     x9, #48
        b.ne    4b
5:      tst     x9, #12
        b.eq    7f
6:      \get\()_4
        str     s0, [x8], #4
        sub     x9, x9, #4
        tst     x9, #12
        b.ne    6b
7:      add     x3, x3, x4
        add     x5, x5, x6
        subs    x1, x1, #1
        b.ne    1b
        ret
        .endm

        .macro  copied_64
        ldp     q0, q1, [x7]
        ldp     q2, q3, [x7, #32]
        add     x7, x7, #64
        .endm

        .macro  copied_16
        ldr     q0, [x7], #16
        .endm

        .macro  copied_4
        ldr     s0, [x7], #4
        .endm

// The registers hold the value all the time.
        .macro  filled_64
        .endm

        .macro  filled_16
        .endm

        .macro  filled_4
        .endm

        .global copy_rows
copy_rows:
        ldp     x1, x2, [x0]
        ldp     x3, x4, [x0, #16]
        ldp     x5, x6, [x0, #32]
        rows    copied

        .global fill_rows
fill_rows:
        ldp     x1, x2, [x0]
        ldp     x3, x5, [x0, #16]
        ldr     x6, [x0, #32]
        mov     x4, #0
        dup     v0.4s, w3
        mov     v1.16b, v0.16b
        mov     v2.16b, v0.16b
        mov     v3.16b, v0.16b
        rows    filled
