// pack_u8: bits of bytes, bit i = in[i] >= level (unsigned).
//
// x0: parameter block of 64-bit words
//    0 count         of bytes, a multiple of 8
//    8 in            address
//   16 level         0 to 255
//   24 out           address: bit i & 7 of byte i >> 3
//
// Masks of bytes keep one bit each, which additions of neighbours then gather: the usual way without a movemask.
//
// x1 bytes left, x2 in, x3 level, x4 out; v31: the bit of each byte within its byte.

        .text
        .global pack_u8
pack_u8:
        ldp     x1, x2, [x0]
        ldp     x3, x4, [x0, #16]
        dup     v30.16b, w3
        mov     x5, #0x0201
        movk    x5, #0x0804, lsl #16
        movk    x5, #0x2010, lsl #32
        movk    x5, #0x8040, lsl #48
        dup     v31.2d, x5
        subs    x1, x1, #64
        b.lo    2f
1:      ldp     q0, q1, [x2]
        ldp     q2, q3, [x2, #32]
        add     x2, x2, #64
        cmhs    v0.16b, v0.16b, v30.16b
        cmhs    v1.16b, v1.16b, v30.16b
        cmhs    v2.16b, v2.16b, v30.16b
        cmhs    v3.16b, v3.16b, v30.16b
        and     v0.16b, v0.16b, v31.16b
        and     v1.16b, v1.16b, v31.16b
        and     v2.16b, v2.16b, v31.16b
        and     v3.16b, v3.16b, v31.16b
        addp    v0.16b, v0.16b, v1.16b
        addp    v2.16b, v2.16b, v3.16b
        addp    v0.16b, v0.16b, v2.16b
        addp    v0.16b, v0.16b, v0.16b
        str     d0, [x4], #8
        subs    x1, x1, #64
        b.hs    1b
2:      adds    x1, x1, #64
        b.eq    4f
3:      ldr     d0, [x2], #8
        cmhs    v0.8b, v0.8b, v30.8b
        and     v0.8b, v0.8b, v31.8b
        addp    v0.8b, v0.8b, v0.8b
        addp    v0.8b, v0.8b, v0.8b
        addp    v0.8b, v0.8b, v0.8b
        str     b0, [x4], #1
        subs    x1, x1, #8
        b.ne    3b
4:      ret
