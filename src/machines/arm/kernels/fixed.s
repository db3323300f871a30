// Steps of fixed-point numbers with parameters of their channel; rshift rounds half up, as in src/work/network.ts.
//   fixed_affine_<in>_<out>      sat(s(rshift(x, shift[c])) + offset[c]), without any multiplication; sat to 8 bits (-127 to 127),
//                                16 or 32, what is shifted to 16 or, for i32 outputs, 32; s negates where negative[c] is -1
//   fixed_affine_mul_<in>_<out>  the same of x * multiplier[c], exact for all int32 x
//   above_i8, above_i16          bit x > level[c]
//   affine_wide_i32              x * scale[c] + offset[c] as float32, for all int32 x: the product of float64, then rounded to float32
// <in> and <out> are i8, i16 and i32.
//
// Parameter block and order: columns.inc. Tables of int32: multiplier (mul), -shift, negative, offset; above: level;
// wide: scale and offset as float32.
// Of the offset at most 65535 in magnitude is used, which suffices for 16 bits, but for i32. For outputs of 32 bits negative is 0.
// Of bits, a group is a byte of out: channel c in bit c & 7 of byte c >> 3. They are 0 where the level is 2^31 - 1.
//
// Vector instructions for 8 channels of a pixel: from i16 to i16 14, with multiplier 16; from i32 with multiplier to i16 22.
//
// v0-v3 two pixels, v4-v7 products; v16, v17 multiplier; v18, v19 -shift; v20, v21 negative; v22, v23 offset, or level; v24-v27
// -shift as int64; v30 the bit of each channel; v31 -127. Wide: v16-v19 scale as float64.

        .include "columns.inc"

        .text

        .macro  tables_shifted
        ldp     q18, q19, [x11]
        ldp     q20, q21, [x11, #32]
        ldp     q22, q23, [x11, #64]
        add     x11, x11, #96
        .endm
        .macro  tables_multiplied
        ldp     q16, q17, [x11], #32
        tables_shifted
        sxtl    v24.2d, v18.2s
        sxtl2   v25.2d, v18.4s
        sxtl    v26.2d, v19.2s
        sxtl2   v27.2d, v19.4s
        .endm

        .macro  shifted from, each
        \each   words, sqrshl, 18, 19
        .endm
        .macro  multiplied from, each
        multiplied_\from \each
        .endm
        .macro  multiplied_i8 each
        \each   words, mul, 16, 17
        \each   words, sqrshl, 18, 19
        .endm
        .macro  multiplied_i16 each
        multiplied_i8 \each
        .endm
// Products of 38 bits.
        .macro  long_product a, b, h, x, y, z
        smull   v4.2d, v\a\().2s, v16.2s
        smull2  v5.2d, v\a\().4s, v16.4s
        smull   v6.2d, v\b\().2s, v17.2s
        smull2  v7.2d, v\b\().4s, v17.4s
        sqrshl  v4.2d, v4.2d, v24.2d
        sqrshl  v5.2d, v5.2d, v25.2d
        sqrshl  v6.2d, v6.2d, v26.2d
        sqrshl  v7.2d, v7.2d, v27.2d
        sqxtn   v\a\().2s, v4.2d
        sqxtn   v\b\().2s, v6.2d
        sqxtn2  v\a\().4s, v5.2d
        sqxtn2  v\b\().4s, v7.2d
        .endm
        .macro  multiplied_i32 each
        \each   long_product
        .endm

        .macro  offset_of a, b, h, x, y, z
        add_wide \a, \b, \h, \a, 22, 23
        .endm
        .macro  signed_16 each
        \each   bits, eor, 20, 21
        \each   words, sqsub, 20, 21
        \each   narrow
        \each   offset_of
        .endm
        .macro  end_i8 each
        signed_16 \each
        \each   store_i8
        .endm
        .macro  end_i16 each
        signed_16 \each
        \each   store_i16
        .endm
        .macro  end_i32 each
        \each   words, sqadd, 22, 23
        \each   store_i32
        .endm

        .macro  affine_step product, from, to, each
        \each   load_\from
        \product \from, \each
        end_\to \each
        .endm

        .macro  affine name, product, from, inBytes, to, outBytes
        .global \name\()_\from\()_\to
\name\()_\from\()_\to:
        movi    v31.16b, #0x81
        columns \inBytes, \outBytes, tables_\product, "affine_step \product, \from, \to,", two, 2
        .endm

        .macro  affine_from name, product, from, bytes
        affine  \name, \product, \from, \bytes, i8, 8
        affine  \name, \product, \from, \bytes, i16, 16
        affine  \name, \product, \from, \bytes, i32, 32
        .endm

        affine_from fixed_affine, shifted, i8, 8
        affine_from fixed_affine, shifted, i16, 16
        affine_from fixed_affine, shifted, i32, 32
        affine_from fixed_affine_mul, multiplied, i8, 8
        affine_from fixed_affine_mul, multiplied, i16, 16
        affine_from fixed_affine_mul, multiplied, i32, 32

        .macro  levels
        ldp     q22, q23, [x11], #32
        .endm
        .macro  byte a, b, h, x, y, z
        uzp1    v\a\().8h, v\a\().8h, v\b\().8h
        and     v\a\().16b, v\a\().16b, v30.16b
        addv    h\a, v\a\().8h
        str     b\a, [x15]
        add     x15, x15, x8
        .endm
        .macro  above_step from, each
        \each   load_\from
        \each   words, cmgt, 22, 23
        \each   byte
        .endm
        .macro  above from, bytes
        .global above_\from
above_\from:
        mov     x1, #0x0001
        movk    x1, #0x0002, lsl #16
        movk    x1, #0x0004, lsl #32
        movk    x1, #0x0008, lsl #48
        lsl     x2, x1, #4
        fmov    d30, x1
        ins     v30.d[1], x2
        columns \bytes, 1, levels, "above_step \from,", two, 2
        .endm

        above   i8, 8
        above   i16, 16

        .macro  scales
        ldp     q4, q5, [x11]
        ldp     q22, q23, [x11, #32]
        add     x11, x11, #64
        fcvtl   v16.2d, v4.2s
        fcvtl2  v17.2d, v4.4s
        fcvtl   v18.2d, v5.2s
        fcvtl2  v19.2d, v5.4s
        .endm
        .macro  scaled a, b, h, x, y, z
        sshll   v4.2d, v\a\().2s, #0
        sshll2  v5.2d, v\a\().4s, #0
        sshll   v6.2d, v\b\().2s, #0
        sshll2  v7.2d, v\b\().4s, #0
        scvtf   v4.2d, v4.2d
        scvtf   v5.2d, v5.2d
        scvtf   v6.2d, v6.2d
        scvtf   v7.2d, v7.2d
        fmul    v4.2d, v4.2d, v16.2d
        fmul    v5.2d, v5.2d, v17.2d
        fmul    v6.2d, v6.2d, v18.2d
        fmul    v7.2d, v7.2d, v19.2d
        fcvtn   v\a\().2s, v4.2d
        fcvtn   v\b\().2s, v6.2d
        fcvtn2  v\a\().4s, v5.2d
        fcvtn2  v\b\().4s, v7.2d
        .endm
        .macro  wide_step each
        \each   load_i32
        \each   scaled
        \each   words, fadd, 22, 23
        \each   store_i32
        .endm

        .global affine_wide_i32
affine_wide_i32:
        columns 32, 32, scales, wide_step, two, 2
