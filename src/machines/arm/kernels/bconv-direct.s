// Binary convolution, XNOR and popcount, that reads its windows from the input itself, and what follows it:
// bconv_direct_i32, bconv_direct_f32, bconv_direct_bits. m = popcount(window xor weights), sum = base - factor * m, in int16.
//   bconv_direct_i32   out = sum, as int32
//   bconv_direct_f32   out = max(float(sum), lower) * scale + offset, rounded after each operation
//   bconv_direct_bits  bit of out = sum > level
//
// A tile is 8 channels x 4 pixels, also across rows of the output (1 pixel for the last 1 to 3). The pixels in a row of the
// window are contiguous: 16 of its bytes are taken at a time, then 8, then 4, and nothing is filled up. Counts of 8 channels
// are added in a tree of addp; where 8 (4) bytes are taken, a register holds those of 2 (4) channels, as the tree does
// behind its first (second) level. Two registers a pixel add the counts of 3 steps of 16 bytes, one of 8 and one of 4 in
// byte lanes, at most 120 each; then an addp and a uadalp take them into 16 bits, while operands are loaded. In vector
// instructions, with those for 16 bits,
//   3 steps  12,288 binary multiply-accumulates: 96 eor, 96 cnt, 76 addp, 16 add, 4 uadalp (288), 36 ldr q
//   1 step    4,096: 32 eor, 32 cnt, 28 addp, 4 uadalp (96), 12 ldr q
//   8 bytes   2,048: 16 eor, 16 cnt, 8 addp, 8 add (48), 4 ldr q, 4 ld1r
//   4 bytes   1,024: 8 eor, 8 cnt, 8 add, 2 mov (26), 2 ldr q, 4 ld1r
// that is 3 for 128 multiply-accumulates, as in bgemm-lce.s. But uadalp, which takes an in-order core twice as long as add,
// comes a third as often, windows of 3x3x64 take 72 bytes instead of 80, and no rows are gathered. 3 steps take 293
// cycles on a Cortex-A53 and 224 on an A72, as their vector pipes need (bgemm-lce.s: 300 and 222): the 36 loads are hidden,
// and weights kept in registers, 4 channels of 3x3x64 at most, would save no cycle. A byte lane
// for each channel and pixel would last 31 steps, but need 15 instead of 7 instructions to add up a pixel's 8 channels.
// All pixels are done for a panel before the next one, which finds its part of the output in a cache if the caller splits
// a large output into calls for some of its rows.
//
// x0: parameter block, 64-bit words
//   0 source          address of the first window: pixel (-padding, -padding)
//   8 sourceRowBytes  from one row of the input to the next
//  16 pixelBytes      of the input, a multiple of 4
//  24 kernel          rows of the window, and columns
//  32 stepBytes       from one output pixel's window to the next: stride * pixelBytes
//  40 rowStepBytes    from one output row's windows to the next: stride * sourceRowBytes
//  48 width, 56 height  of the output
//  64 weights         address: [panel][row of the window][16, 8 or 4 bytes of depth][8 channels], and 32 bytes behind them
//  72 panels          number of panels, of 8 channels each
//  80 classes         address of one byte a pixel: index of its row of bases
//  88 bases           address of int16 [class][8 * panels]
//  96 baseBytes       from one row of bases to the next
// 104 factor          1 or 2
// 112 out             address
// 120 outBytes        from one pixel's output to the next; a panel is 32 bytes (i32, f32) or 1 byte (bits)
// 128 scale           f32: address of float32 [8 * panels]; bits: of levels, int16 [8 * panels]
// 136 offset, 144 lower  f32: address of float32 [8 * panels]; float32 in the low half, 0 or -infinity
//
// v0-v3 pixels; v4-v7 weights, v4 and v5 loaded ahead; v8, v9, v14, v15 counts that wait for others; v10-v13 and v16-v19
// sums in byte lanes, of channels 0-3 and 4-7; v20-v23 sums; v24-v31 differing bits; all are scratch at the output.

panelWeights .req x1
panels       .req x2
panelBases   .req x3
baseBytes    .req w4
outBytes     .req x5
panelOut     .req x6
scale        .req x7
offset       .req x8
pixels       .req x9
left         .req x10
window1      .req x11
window2      .req x12
window3      .req x13
window0      .req x14
class        .req x15
out          .req x16
weights      .req x17
window       .req x19 // of the next pixel
column       .req x20 // pixels from it to the end of its row
rows         .req x21
rowGap       .req x22
stepBytes    .req x23
turnBytes    .req x24
width        .req x25
steps        .req x26 // of 16 bytes, in a row of the window
rest         .req x27 // bytes behind them: 0, 4, 8 or 12

        .include "tile-output.inc"
        .include "bconv-direct-steps.inc"
        .include "bconv-direct-tile.inc"

// The next pixel's window.
        .macro  next_window to
        mov     \to, window
        add     window, window, stepBytes
        subs    column, column, #1
        b.ne    same_row_\@
        add     window, window, turnBytes
        mov     column, width
same_row_\@:
        .endm

// What is made of bases and counts.
        .macro  output_f32 each
        ldp     q24, q25, [scale]
        \each   subtract
        ldp     q26, q27, [offset]
        ldr     s28, [x0, #144]
        \each   widen
        \each   to_float
        dup     v28.4s, v28.s[0]
        scale_and_store \each
        .endm
        .macro  output_bits each
        ldr     q24, [scale]
        ldr     q25, bit_masks
        \each   subtract
        \each   compare
        \each   store_byte
        .endm

// base - factor * m, then what is made of it.
        .macro  finish each, kind
        ldr     h4, [x0, #104]
        \each   find_base
        \each   read_base
        output_\kind \each
        .endm

// The function for an output of `outSize` bytes a panel, with `scaleSize` bytes of scales or levels.
        .macro  bconv kind, outSize, scaleSize
        .global bconv_direct_\kind
bconv_direct_\kind:
        stp     x19, x20, [sp, #-144]!
        add     x10, sp, #80
        st1     {v8.1d-v11.1d}, [x10], #32
        st1     {v12.1d-v15.1d}, [x10]
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        str     x27, [sp, #64]
        ldp     x10, x11, [x0, #16]
        mul     x10, x10, x11
        lsr     steps, x10, #4
        and     rest, x10, #12
        ldr     rowGap, [x0, #8]
        sub     rowGap, rowGap, x10
        ldp     stepBytes, turnBytes, [x0, #32]
        ldr     width, [x0, #48]
        msub    turnBytes, stepBytes, width, turnBytes
        ldp     panelWeights, panels, [x0, #64]
        ldp     panelBases, x4, [x0, #88]
        ldp     panelOut, outBytes, [x0, #112]
        ldp     scale, offset, [x0, #128]
panel_\kind:
        ldr     window, [x0]
        mov     column, width
        ldr     pixels, [x0, #56]
        mul     pixels, pixels, width
        ldr     class, [x0, #80]
        mov     out, panelOut
        subs    pixels, pixels, #4
        b.lo    singles_\kind
tile_\kind:
        subs    column, column, #4
        b.ls    turn_\kind
        mov     window0, window
        add     window1, window0, stepBytes
        add     window2, window1, stepBytes
        add     window3, window2, stepBytes
        add     window, window3, stepBytes
start_\kind:
        tree_tile \kind
        flush   read_class
        finish  four, \kind
        subs    pixels, pixels, #4
        b.hs    tile_\kind
        b       singles_\kind

turn_\kind:
        add     column, column, #4
        .irp    to, window0, window1, window2, window3
        next_window \to
        .endr
        b       start_\kind
        tree_aside \kind

singles_\kind:
        adds    pixels, pixels, #4
        b.eq    end_\kind
single_\kind:
        mov     weights, panelWeights
        movi    v20.16b, #0
        next_window window0
        ldr     rows, [x0, #24]
single_row_\kind:
        cbz     steps, single_rest_\kind
        mov     left, steps
single_step_\kind:
        ldr     q0, [window0], #16
        single_counts "v24.16b, v25.16b, v26.16b, v27.16b, v28.16b, v29.16b, v30.16b, v31.16b", "q24, q25, q26, q27, q28, q29, q30, q31"
        tree8
        subs    left, left, #1
        b.ne    single_step_\kind
single_rest_\kind:
        tbz     rest, #3, single_rest4_\kind
        ld1r    {v0.2d}, [window0], #8
        single_counts "v24.16b, v25.16b, v26.16b, v27.16b", "q24, q25, q26, q27"
        tree4
single_rest4_\kind:
        tbz     rest, #2, single_row_end_\kind
        ld1r    {v0.4s}, [window0], #4
        single_counts "v24.16b, v25.16b", "q24, q25"
        tree2
single_row_end_\kind:
        add     window0, window0, rowGap
        subs    rows, rows, #1
        b.ne    single_row_\kind
        read_class 0
        finish  one, \kind
        subs    pixels, pixels, #1
        b.ne    single_\kind

end_\kind:
        next_panel \kind, \outSize, \scaleSize
        add     x10, sp, #80
        ld1     {v8.1d-v11.1d}, [x10], #32
        ld1     {v12.1d-v15.1d}, [x10]
        ldr     x27, [sp, #64]
        ldp     x25, x26, [sp, #48]
        ldp     x23, x24, [sp, #32]
        ldp     x21, x22, [sp, #16]
        ldp     x19, x20, [sp], #144
        ret
        .endm

        .text
        bconv   i32, 32, 0
        bconv   f32, 32, 32
        bconv   bits, 1, 16
        bit_masks
