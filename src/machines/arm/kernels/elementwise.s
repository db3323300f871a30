// Elementwise kernels: one result of each element, with parameters of its channel.
//   affine_f32, affine_i32   x * scale[c] + offset[c], rounded after each operation; the int32 x is first made a float32
//                            (exact below 2^24)
//   rprelu_f32               t = x + shiftX[c]; (t > 0 ? t : t * slope[c]) + shiftY[c], rounded after each operation
//   add_f32, add_i32         x + y
//   convert_i32_f32          float32 of x
//   sign_f32                 bit x >= level[c]
//   above_f32, above_i32     bit x > level[c]
//
// x0: parameter block of 64-bit words
//    0 rows
//    8 pixels        of a row
//   16 groups        of 4 channels: an even number
//   24 in            address: pixel by pixel, 16 * groups bytes each
//   32 inRowBytes    from one row to the next
//   40 out           address: like in; bits: 4 * ceil(groups / 8) bytes a pixel, channel c in bit c & 7 of byte c >> 3
//   48 outRowBytes
//   56, 64, 72       addresses of the tables by channel, in the order in which they are written above;
//                    add: 56 in2 (address), 64 in2RowBytes
// Bits of channels behind the tensor's last are 0 if their level is the highest (infinity, 2^31 - 1); bytes of a pixel
// behind groups / 2 are not written.
//
// Where there are tables, two pixels are computed at a time, which share what is loaded from them: 8 channels of each, as
// vmulcaddc of XNNPACK does, or 32 for bits. The last of an odd number of pixels is its own partner. Inputs are loaded,
// then computed, then stored: an in-order core waits for the first load only. The gathering of bits is the usual one
// without a movemask: masks keep one bit each, and neighbours are added.
//
// x1 rows, x2 pixels, x3 groups, x4-x6 tables, x7 in, x8 and x10 bytes between rows of in and out, x9 out, x0 bytes of a
// pixel; as they advance: x7, x9 first pixel, x11, x12 second pixel, x13 pixels left, x14-x16 tables, x17 groups left.

        .text
        .global affine_f32, affine_i32, rprelu_f32, add_f32, add_i32, convert_i32_f32
        .global sign_f32, above_f32, above_i32

// Lists of vector registers are arguments with commas.

        .macro  load2 from, a, b
        ldp     q\a, q\b, [\from], #32
        .endm

        .macro  load4 from, a, b, c, d
        ldp     q\a, q\b, [\from]
        ldp     q\c, q\d, [\from, #32]
        add     \from, \from, #64
        .endm

        .macro  store2 to, a, b
        stp     q\a, q\b, [\to], #32
        .endm

        .macro  store4 to, a, b, c, d
        stp     q\a, q\b, [\to]
        stp     q\c, q\d, [\to, #32]
        add     \to, \to, #64
        .endm

// op d, a, b on lanes of `type`
        .macro  each2 op, type, d0, d1, a0, a1, b0, b1
        \op     v\d0\().\type, v\a0\().\type, v\b0\().\type
        \op     v\d1\().\type, v\a1\().\type, v\b1\().\type
        .endm

        .macro  each4 op, type, d0, d1, d2, d3, a0, a1, a2, a3, b0, b1, b2, b3
        each2   \op, \type, \d0, \d1, \a0, \a1, \b0, \b1
        each2   \op, \type, \d2, \d3, \a2, \a3, \b2, \b3
        .endm

        .macro  to_float2 a, b
        scvtf   v\a\().4s, v\a\().4s
        scvtf   v\b\().4s, v\b\().4s
        .endm

        .macro  to_float4 a, b, c, d
        to_float2 \a, \b
        to_float2 \c, \d
        .endm

        .macro  parameters
        ldp     x1, x2, [x0]
        ldp     x3, x7, [x0, #16]
        ldp     x8, x9, [x0, #32]
        ldr     x10, [x0, #48]
        .endm

// Kernels without tables: a row is one run of groups, four at a time, then two.

        .macro  runs kernel, op
1:      mov     x11, x7
        mov     x12, x9
        mov     x14, x4
        subs    x17, x3, #4
        b.lo    3f
2:      \kernel 4, "0,1,2,3", "4,5,6,7", \op
        subs    x17, x17, #4
        b.hs    2b
3:      tbz     x17, #1, 4f
        \kernel 2, "0,1", "4,5", \op
4:      add     x7, x7, x8
        add     x9, x9, x10
        add     x4, x4, x5
        subs    x1, x1, #1
        b.ne    1b
        ret
        .endm

        .macro  sum vectors, x, y, add
        load\vectors x11, \x
        load\vectors x14, \y
        each\vectors \add, 4s, \x, \x, \y
        store\vectors x12, \x
        .endm

add_f32:
        parameters
        ldp     x4, x5, [x0, #56]
        mul     x3, x2, x3
        runs    sum, fadd

add_i32:
        parameters
        ldp     x4, x5, [x0, #56]
        mul     x3, x2, x3
        runs    sum, add

        .macro  convert vectors, x, y, op
        load\vectors x11, \x
        to_float\vectors \x
        store\vectors x12, \x
        .endm

convert_i32_f32:
        parameters
        mul     x3, x2, x3
        runs    convert

// Kernels with tables. `begin` starts the tables and the groups of two pixels, `work` computes these; `inPixel` and
// `outPixel` hold the bytes of a pixel.

        .macro  pairs begin, work, inPixel=x0, outPixel=x0
        msub    x8, x2, \inPixel, x8
        msub    x10, x2, \outPixel, x10
1:      mov     x13, x2
2:      mov     x11, x7
        mov     x12, x9
        subs    x13, x13, #1
        b.eq    3f
        add     x11, x7, \inPixel
        add     x12, x9, \outPixel
        sub     x13, x13, #1
3:      \begin
        \work
        mov     x7, x11
        mov     x9, x12
        cbnz    x13, 2b
        add     x7, x7, x8
        add     x9, x9, x10
        subs    x1, x1, #1
        b.ne    1b
        ret
        .endm

        .macro  tables
        mov     x14, x4
        mov     x15, x5
        mov     x16, x6
        mov     x17, x3
        .endm

        .macro  as_is a, b, c, d
        .endm

        .macro  affine converted
4:      load2   x7, 0, 1
        load2   x11, 2, 3
        load2   x14, 4, 5
        load2   x15, 6, 7
        \converted 0, 1, 2, 3
        each4   fmul, 4s, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 4, 5
        each4   fadd, 4s, 0, 1, 2, 3, 0, 1, 2, 3, 6, 7, 6, 7
        store2  x9, 0, 1
        store2  x12, 2, 3
        subs    x17, x17, #2
        b.ne    4b
        .endm

affine_f32:
        parameters
        ldp     x4, x5, [x0, #56]
        lsl     x0, x3, #4
        pairs   tables, "affine as_is"

affine_i32:
        parameters
        ldp     x4, x5, [x0, #56]
        lsl     x0, x3, #4
        pairs   tables, "affine to_float4"

        .macro  positive mask, x
        fcmgt   v\mask\().4s, v\x\().4s, #0.0
        .endm

        .macro  rprelu
4:      load2   x7, 0, 1
        load2   x11, 2, 3
        load2   x14, 4, 5
        load2   x15, 6, 7
        each4   fadd, 4s, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 4, 5
        load2   x16, 16, 17
        each4   fmul, 4s, 24, 25, 26, 27, 0, 1, 2, 3, 6, 7, 6, 7
        positive 20, 0
        positive 21, 1
        positive 22, 2
        positive 23, 3
        each4   bsl, 16b, 20, 21, 22, 23, 0, 1, 2, 3, 24, 25, 26, 27
        each4   fadd, 4s, 20, 21, 22, 23, 20, 21, 22, 23, 16, 17, 16, 17
        store2  x9, 20, 21
        store2  x12, 22, 23
        subs    x17, x17, #2
        b.ne    4b
        .endm

rprelu_f32:
        parameters
        ldp     x4, x5, [x0, #56]
        ldr     x6, [x0, #72]
        lsl     x0, x3, #4
        pairs   tables, rprelu

// Bits. x5: bytes of a pixel of the output, x6: those not written; v31: the bit of each byte within its byte.

        .macro  bits compare
        parameters
        ldr     x4, [x0, #56]
        mov     x5, #0x0201
        movk    x5, #0x0804, lsl #16
        movk    x5, #0x2010, lsl #32
        movk    x5, #0x8040, lsl #48
        dup     v31.2d, x5
        lsl     x0, x3, #4
        add     x5, x3, #7
        lsr     x5, x5, #3
        lsl     x5, x5, #2
        sub     x6, x5, x3, lsr #1
        pairs   "mov x14, x4", "above \compare", x0, x5
        .endm

// Compares 16 channels of both pixels with the levels 4-7, and makes bytes of the masks.
        .macro  above16 compare, a0, a1, a2, a3, b0, b1, b2, b3
        each4   \compare, 4s, \a0, \a1, \a2, \a3, \a0, \a1, \a2, \a3, 4, 5, 6, 7
        each4   \compare, 4s, \b0, \b1, \b2, \b3, \b0, \b1, \b2, \b3, 4, 5, 6, 7
        each4   uzp1, 8h, \a0, \a2, \b0, \b2, \a0, \a2, \b0, \b2, \a1, \a3, \b1, \b3
        each2   uzp1, 16b, \a0, \b0, \a0, \b0, \a2, \b2
        each2   and, 16b, \a0, \b0, \a0, \b0, 31, 31
        .endm

        .macro  above compare
        subs    x17, x3, #8
        b.lo    5f
4:      load4   x7, 0, 1, 2, 3
        load4   x11, 16, 17, 18, 19
        load4   x14, 4, 5, 6, 7
        above16 \compare, 0, 1, 2, 3, 16, 17, 18, 19
        load4   x7, 20, 21, 22, 23
        load4   x11, 24, 25, 26, 27
        load4   x14, 4, 5, 6, 7
        above16 \compare, 20, 21, 22, 23, 24, 25, 26, 27
        each2   addp, 16b, 0, 16, 0, 16, 20, 24
        addp    v0.16b, v0.16b, v16.16b
        addp    v0.16b, v0.16b, v0.16b
        str     s0, [x9], #4
        st1     {v0.s}[1], [x12], #4
        subs    x17, x17, #8
        b.hs    4b
5:      adds    x17, x17, #8
        b.eq    7f
6:      load2   x7, 0, 1
        load2   x11, 2, 3
        load2   x14, 4, 5
        each4   \compare, 4s, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 4, 5
        each2   uzp1, 8h, 0, 2, 0, 2, 1, 3
        uzp1    v0.16b, v0.16b, v2.16b
        and     v0.16b, v0.16b, v31.16b
        addp    v0.16b, v0.16b, v0.16b
        addp    v0.16b, v0.16b, v0.16b
        addp    v0.16b, v0.16b, v0.16b
        str     b0, [x9], #1
        st1     {v0.b}[1], [x12], #1
        subs    x17, x17, #2
        b.ne    6b
7:      add     x12, x12, x6
        .endm

sign_f32:
        bits    fcmge

above_f32:
        bits    fcmgt

above_i32:
        bits    cmgt
