// Batch normalization of integer sums in fixed point: affine_fixed_i32. No network has fixed-point values yet: this is for
// programs written by hand, and not part of the library that lowering calls.
//
//   out = saturate((x * scale[c] + offset[c] + rounding) >> shift)   as int8, -128 to 127; rounding = 2^shift / 2, half up
//
// x is within int16, as binary sums are; x * scale + offset has to be within int32, so offsets to 2^30 always do.
//
// x0: parameter block of 64-bit words
//    0 rows
//    8 pixels         of a row
//   16 groups         of 4 channels: an even number
//   24 in             address of int32: pixel by pixel, 16 * groups bytes each
//   32 inRowBytes     from one row to the next
//   40 out            address of int8
//   48 outRowBytes
//   56 scale          address of int16 [4 * groups]
//   64 offset         address of int32 [4 * groups]
//   72 shift          0 to 31
//   80 outPixelBytes  from one pixel to the next, at least 4 * groups
//
// 8 channels of two pixels at a time, which share the tables; the last of an odd number of pixels is its own partner. For 32
// channels of a pixel: 8 loads (of 14 vectors), 40 vector instructions, 4 stores, 4 others.

        .text
        .global affine_fixed_i32

rows         .req x1
pixels       .req x2
groups       .req x3
scale        .req x4
offset       .req x5
in           .req x7
inGap        .req x8 // from the end of a row to the next
out          .req x9
outGap       .req x10
in1          .req x11 // of the second pixel
out1         .req x12
pixelsLeft   .req x13
scales       .req x14
offsets      .req x15
groupsLeft   .req x16
outPixel     .req x17
inPixel      .req x0

affine_fixed_i32:
        ldp     rows, pixels, [x0]
        ldp     groups, in, [x0, #16]
        ldp     inGap, out, [x0, #32]
        ldp     outGap, scale, [x0, #48]
        ldp     offset, x6, [x0, #64]
        ldr     outPixel, [x0, #80]
        neg     w6, w6
        dup     v31.4s, w6
        lsl     inPixel, groups, #4
        msub    inGap, pixels, inPixel, inGap
        msub    outGap, pixels, outPixel, outGap
        sub     outPixel, outPixel, groups, lsl #2
1:      mov     pixelsLeft, pixels
2:      mov     in1, in
        mov     out1, out
        subs    pixelsLeft, pixelsLeft, #1
        b.eq    3f
        sub     pixelsLeft, pixelsLeft, #1
        add     in1, in, inPixel
        add     out1, out, groups, lsl #2
        add     out1, out1, outPixel
3:      mov     scales, scale
        mov     offsets, offset
        mov     groupsLeft, groups
4:      ldp     q0, q1, [in], #32
        ldp     q2, q3, [in1], #32
        ldr     q4, [scales], #16
        ldp     q5, q6, [offsets], #32
        uzp1    v0.8h, v0.8h, v1.8h
        uzp1    v2.8h, v2.8h, v3.8h
        smull2  v1.4s, v0.8h, v4.8h
        smull   v0.4s, v0.4h, v4.4h
        smull2  v3.4s, v2.8h, v4.8h
        smull   v2.4s, v2.4h, v4.4h
        add     v1.4s, v1.4s, v6.4s
        add     v0.4s, v0.4s, v5.4s
        add     v3.4s, v3.4s, v6.4s
        add     v2.4s, v2.4s, v5.4s
        srshl   v0.4s, v0.4s, v31.4s
        srshl   v2.4s, v2.4s, v31.4s
        srshl   v1.4s, v1.4s, v31.4s
        srshl   v3.4s, v3.4s, v31.4s
        sqxtn   v0.4h, v0.4s
        sqxtn   v2.4h, v2.4s
        sqxtn2  v0.8h, v1.4s
        sqxtn2  v2.8h, v3.4s
        sqxtn   v0.8b, v0.8h
        sqxtn   v2.8b, v2.8h
        str     d0, [out], #8
        str     d2, [out1], #8
        subs    groupsLeft, groupsLeft, #2
        b.ne    4b
        mov     in, in1
        add     out, out1, outPixel
        cbnz    pixelsLeft, 2b
        add     in, in, inGap
        add     out, out, outGap
        subs    rows, rows, #1
        b.ne    1b
        ret
