// Binary convolution whose sums go to memory as float32: bconv_dabnn_3x3_f32.
//
// For each output pixel and channel, m = popcount(window xor weights), out = float(base - factor * m), which is exact.
// Whatever follows (batch norm, ReLU, thresholds) are passes of their own over these floats.
//
// The structure is that of the framework daBNN, as far as it has been published.
//
// 3x3 windows of stride 1. A window of 3x4 pixels, 128 channels of each, stays in 12 registers: two
// neighbouring outputs, for which all weights pass by. Counts are added in byte lanes (9 taps, at most 72), then across.
// Where there are more than 128 channels, groups of 128 are taken one after the other, over the whole image, and their sums
// are added to the float32 in memory. For 2,304 binary multiply-accumulates, of two pixels and a channel, that makes
//   9 ldr q, 18 eor, 18 cnt, 16 add, 2 uaddlv, 1.5 zip1, and, for 4 channels at once, a quarter of 8 instructions that take
//   two pixels' sums to memory (12 in the first group, which starts from bases instead) and of 4 that count and turn:
//   67.5 instructions (68.5 in the first group), published: about 70. A window's 12 loads come once for all channels.
// The last pixel of an odd row is computed alone, from 9 registers: 9 ldr q, 9 eor, 9 cnt, 8 add for 1,152.
// 64 channels: a register holds the same 8 bytes of a pixel twice, and weights of two channels; its halves are added apart
// (addp, uaddlp, zip), with 9 loads for 2,304 as well, in 73 instructions. daBNN gathers such windows into rows instead; on one phone
// 56x56x64 takes it 1.34 times as long as 28x28x128, which is as many multiply-accumulates.
// Any other number of channels (pixelBytes neither 8 nor a multiple of 16) is for bgemm-dabnn.s.
//
// x0: parameter block, 64-bit words
//   0 source          address of the first window: pixel (-1, -1), if the padding is 1; padded bits are 0
//   8 sourceRowBytes  from one row of the input to the next
//  16 pixelBytes      of the input, 8 or a multiple of 16
//  24 width           of the output
//  32 height          of the output
//  40 weights         address: [4 channels][group of 128 channels][channel][tap][16 bytes];
//                     if pixelBytes is 8: [4 channels][2 channels][tap][channel][8 bytes]
//  48 panels          number of panels, of 8 channels each
//  56 classes         address of one byte a pixel: index of its row of bases
//  64 bases           address of int16 [class][8 * panels]
//  72 baseBytes       from one row of bases to the next
//  80 factor          1 or 2
//  88 out             address
//  96 outBytes        from one pixel's output to the next; a panel is 32 bytes
//
// v0-v11 window; v12-v14 weights of three taps, loaded ahead; v15 factor; v20-v25 differing bits; sums of four
// channels in v26-v29 for the first pixel, in v16-v19 for the second; v30, v31 what they are added to.

source       .req x1
rowBytes     .req x2
pixelBytes   .req x3
height       .req x4
groupWeights .req x5
quads        .req x6
weights      .req x7
gap          .req x8 // from a group's weights of 4 channels to its next
out          .req x9
outBytes     .req x10
class        .req x11
bases        .req x12
baseBytes    .req w13
base0        .req x14
base1        .req x15
out0         .req x16
out1         .req x17
left         .req x19
quad         .req x20
window       .req x21
at           .req x22
groups       .req x23
factor       .req w24

// Three taps, in a row of the window, of two pixels and of one: counts into v\p and v\q. Loads the next three taps.
        .macro  row_2 a, b, c, d, p, q
        eor     v\p\().16b, v12.16b, v\a\().16b
        eor     v\q\().16b, v12.16b, v\b\().16b
        ldr     q12, [weights], #16
        eor     v22.16b, v13.16b, v\b\().16b
        eor     v23.16b, v13.16b, v\c\().16b
        ldr     q13, [weights], #16
        eor     v24.16b, v14.16b, v\c\().16b
        eor     v25.16b, v14.16b, v\d\().16b
        ldr     q14, [weights], #16
        .irp    product, v\p\().16b, v\q\().16b, v22.16b, v23.16b, v24.16b, v25.16b
        cnt     \product, \product
        .endr
        add     v\p\().16b, v\p\().16b, v22.16b
        add     v\q\().16b, v\q\().16b, v23.16b
        add     v\p\().16b, v\p\().16b, v24.16b
        add     v\q\().16b, v\q\().16b, v25.16b
        .endm
        .macro  row_1 a, b, c, d, p, q
        eor     v\p\().16b, v12.16b, v\a\().16b
        ldr     q12, [weights], #16
        eor     v22.16b, v13.16b, v\b\().16b
        ldr     q13, [weights], #16
        eor     v24.16b, v14.16b, v\c\().16b
        ldr     q14, [weights], #16
        cnt     v\p\().16b, v\p\().16b
        cnt     v22.16b, v22.16b
        cnt     v24.16b, v24.16b
        add     v\p\().16b, v\p\().16b, v22.16b
        add     v\p\().16b, v\p\().16b, v24.16b
        .endm
        .macro  collect_2 p, q
        add     v\p\().16b, v\p\().16b, v20.16b
        add     v\q\().16b, v\q\().16b, v21.16b
        .endm
        .macro  collect_1 p, q
        add     v\p\().16b, v\p\().16b, v20.16b
        .endm

// Nine taps of a register of weights.
        .macro  filter n, p, q, turn=stay
        row_\n  0, 1, 2, 3, \p, \q
        row_\n  4, 5, 6, 7, 20, 21
        collect_\n \p, \q
        \turn
        row_\n  8, 9, 10, 11, 20, 21
        collect_\n \p, \q
        .endm
        .macro  stay
        .endm
// To the weights of the group's next four channels, or back to its first ones.
        .macro  turn
        add     weights, weights, gap
        subs    quad, quad, #1
        csel    weights, groupWeights, weights, eq
        .endm

// What is done for each of two pixels, or for one.
        .macro  each_2 do
        \do     26, 27, 28, 29, 30, base0, out0
        \do     16, 17, 18, 19, 31, base1, out1
        .endm
        .macro  each_1 do
        \do     26, 27, 28, 29, 30, base0, out0
        .endm

// Counts of four channels into the four words of v26 and v16.
        .macro  add_across s0, s1, s2, s3, sum, base, out
        uaddlv  h\s0, v\s0\().16b
        uaddlv  h\s1, v\s1\().16b
        uaddlv  h\s2, v\s2\().16b
        uaddlv  h\s3, v\s3\().16b
        .endm
        .macro  join s0, s1, s2, s3, sum, base, out
        zip1    v\s0\().4s, v\s0\().4s, v\s1\().4s
        zip1    v\s2\().4s, v\s2\().4s, v\s3\().4s
        zip1    v\s0\().2d, v\s0\().2d, v\s2\().2d
        .endm
        .macro  filters_128 n
        filter  \n, 26, 16
        filter  \n, 27, 17
        filter  \n, 28, 18
        filter  \n, 29, 19, turn
        each_\n add_across
        each_\n join
        .endm
        .macro  filters_64 n
        filter  \n, 26, 16
        filter  \n, 27, 17, turn
        addp    v26.16b, v26.16b, v16.16b
        addp    v27.16b, v27.16b, v17.16b
        uaddlp  v26.8h, v26.16b
        uaddlp  v27.8h, v27.16b
        uaddlp  v26.4s, v26.8h
        uaddlp  v27.4s, v27.8h
        zip2    v16.2d, v26.2d, v27.2d
        zip1    v26.2d, v26.2d, v27.2d
        .endm

// What counts are taken from: bases in the first group, then sums in memory.
        .macro  find_first s0, s1, s2, s3, sum, base, out
        ldrb    w22, [class], #1
        umaddl  \base, w22, baseBytes, bases
        .endm
        .macro  read_first s0, s1, s2, s3, sum, base, out
        ldr     d\sum, [\base], #8
        sxtl    v\sum\().4s, v\sum\().4h
        scvtf   v\sum\().4s, v\sum\().4s
        .endm
        .macro  find_next s0, s1, s2, s3, sum, base, out
        .endm
        .macro  read_next s0, s1, s2, s3, sum, base, out
        ldr     q\sum, [\out]
        .endm
        .macro  to_float s0, s1, s2, s3, sum, base, out
        ucvtf   v\s0\().4s, v\s0\().4s
        .endm
        .macro  subtract s0, s1, s2, s3, sum, base, out
        fmls    v\sum\().4s, v\s0\().4s, v15.4s
        .endm
        .macro  write s0, s1, s2, s3, sum, base, out
        str     q\sum, [\out], #16
        .endm
        .macro  find_out s0, s1, s2, s3, sum, base, out
        mov     \out, out
        add     out, out, outBytes
        .endm

// Pixels of a row of the window, in registers.
        .macro  pixels_2 a, b, c, d, load, lanes
        pixels_1 \a, \b, \c, \d, \load, \lanes
        \load   {v\d\().\lanes}, [at]
        .endm
        .macro  pixels_1 a, b, c, d, load, lanes
        \load   {v\a\().\lanes}, [at], pixelBytes
        \load   {v\b\().\lanes}, [at], pixelBytes
        \load   {v\c\().\lanes}, [at], pixelBytes
        .endm

// All channels of n pixels.
        .macro  outputs n, size, part, load, lanes
        mov     at, window
        pixels_\n 0, 1, 2, 3, \load, \lanes
        add     at, window, rowBytes
        pixels_\n 4, 5, 6, 7, \load, \lanes
        add     at, window, rowBytes, lsl #1
        pixels_\n 8, 9, 10, 11, \load, \lanes
        each_\n find_\part
        each_\n find_out
        mov     quad, quads
quad_\size\()_\part\()_\n:
        filters_\size \n
        each_\n to_float
        each_\n read_\part
        each_\n subtract
        each_\n write
        b.ne    quad_\size\()_\part\()_\n
        .endm

// A group of channels, over the whole image.
        .macro  group size, part, load, lanes
        ldr     height, [x0, #32]
        ldr     class, [x0, #56]
        ldr     out, [x0, #88]
        mov     weights, groupWeights
        ldr     q12, [weights], #16
        ldr     q13, [weights], #16
        ldr     q14, [weights], #16
        mov     x25, source
row_\size\()_\part:
        mov     window, x25
        ldr     left, [x0, #24]
        subs    left, left, #2
        b.lo    odd_\size\()_\part
pair_\size\()_\part:
        outputs 2, \size, \part, \load, \lanes
        add     window, window, pixelBytes, lsl #1
        subs    left, left, #2
        b.hs    pair_\size\()_\part
odd_\size\()_\part:
        tbz     left, #0, even_\size\()_\part
        outputs 1, \size, \part, \load, \lanes
even_\size\()_\part:
        add     x25, x25, rowBytes
        subs    height, height, #1
        b.ne    row_\size\()_\part
        .endm

        .text
        .global bconv_dabnn_3x3_f32
bconv_dabnn_3x3_f32:
        stp     d8, d9, [sp, #-128]!
        stp     d10, d11, [sp, #16]
        stp     d12, d13, [sp, #32]
        stp     d14, d15, [sp, #48]
        stp     x19, x20, [sp, #64]
        stp     x21, x22, [sp, #80]
        stp     x23, x24, [sp, #96]
        str     x25, [sp, #112]
        ldp     source, rowBytes, [x0]
        ldr     pixelBytes, [x0, #16]
        ldp     groupWeights, quads, [x0, #40]
        ldr     bases, [x0, #64]
        ldp     x13, x24, [x0, #72]
        ldr     outBytes, [x0, #96]
        lsl     quads, quads, #1
        dup     v15.4s, factor
        scvtf   v15.4s, v15.4s
        lsr     groups, pixelBytes, #4
        cbz     groups, channels_64
        sub     groups, groups, #1
        mov     gap, #4 * 9 * 16
        mul     gap, gap, groups
        group   128, first, ld1, 16b
        cbz     groups, end_3x3
next_group:
        add     source, source, #16
        add     groupWeights, groupWeights, #4 * 9 * 16
        group   128, next, ld1, 16b
        subs    groups, groups, #1
        b.ne    next_group
        b       end_3x3
channels_64:
        mov     gap, #0
        group   64, first, ld1r, 2d
end_3x3:
        ldr     x25, [sp, #112]
        ldp     x23, x24, [sp, #96]
        ldp     x21, x22, [sp, #80]
        ldp     x19, x20, [sp, #64]
        ldp     d14, d15, [sp, #48]
        ldp     d12, d13, [sp, #32]
        ldp     d10, d11, [sp, #16]
        ldp     d8, d9, [sp], #128
        ret
