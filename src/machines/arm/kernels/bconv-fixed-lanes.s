// Binary convolution with what follows it in fixed-point data flow: bconv_lanes_fixed. Accumulators have 8 bits: a register
// for each channel and pixel, whose lanes hold 31 steps of 16 bytes of depth and are added up at the end.
//
// Half a tile is 4 channels x 4 pixels: 16 accumulators. In vector instructions, with those of an end,
//   16 bytes  2,048 binary multiply-accumulates: 16 eor, 16 cnt, 16 add (48), 8 ldr q; the first 16 bytes without add
//    8 bytes  1,024, and 4 bytes 512: the same on half as many lanes, but for add
//   end       30 where lanes hold up to 31 steps: 16 uaddlp, 14 addp
//             22 up to 15: 8 of the addp come first, in bytes, and 8 uaddlp; 18 up to 7: 12 addp in bytes, and 4 uaddlp
// that is 3 for 128 multiply-accumulates, as in a tree, and an end twice a tile; what a tree saves at the first step is as
// much. Where the window has more steps than lanes hold, sums are taken into 16 bits every `flushRows` rows of it.
//
// Cycles for 128 binary multiply-accumulates, all in L1, 8x4 pixels and 16 channels, of int8 with all stages behind:
//                    1x1, channels 64  128    256    512   3x3, 64  128    256    512
//   Cortex-A53  tree           15.42  8.85   6.00   4.55      4.68  3.81   3.41   3.23
//               lanes          22.69  10.66  7.06   4.95      6.33  4.15   3.64   3.44
//   Cortex-A72  tree           10.18  5.75   4.04   3.20      3.26  2.73   2.56   2.44
//               lanes          13.92  6.44   4.36   3.42      4.38  2.91   2.70   2.59
// Rows of 3x3x64 end with 8 bytes, whose loads nothing hides here, and which fill half of the lanes.
//
// Parameters: bconv-fixed.inc. Weights: [half a panel][row of the window][16, 8 or 4 bytes of depth][4 channels], and 64 bytes
// behind them. A row of the window has at most 31 steps, its last 8 and 4 bytes one each.
//
// v0-v3 pixels; v4-v7 weights, loaded ahead; v8-v19 and v28-v31 accumulators of channel 0, 1, 2 and 3, four pixels each;
// v20, v21 sums of pixels 0 and 1, 2 and 3; v22, v23 those of the first half; v24-v27 differing bits.

        .include "bconv-fixed.inc"

half         .req x4 // 1 in the second one
flushLeft    .req x30 // rows until lanes are full

// In flags, by the steps that lanes hold: at most 7, or at most 15.
STEPS7 = 11
STEPS15 = 12

// What the loads of the next step are.
        .macro  next to, from
        ldr     q\to, [\from], #16
        .endm
        .macro  none to, from
        .endm

// A channel: weights v\w, accumulators v\a0 to v\a3. A load is two vector instructions behind another one: it takes a core
// that issues in order two cycles.
        .macro  channel w, a0, a1, a2, a3, sum, pixels
        eor     v24.16b, v0.16b, v\w\().16b
        eor     v25.16b, v1.16b, v\w\().16b
        \pixels 0, window0
        eor     v26.16b, v2.16b, v\w\().16b
        eor     v27.16b, v3.16b, v\w\().16b
        \pixels 1, window1
        \sum    \a0, \a1, \a2, \a3, \w, \pixels
        .endm
        .macro  first_counts a0, a1, a2, a3, w, pixels
        cnt     v\a0\().16b, v24.16b
        cnt     v\a1\().16b, v25.16b
        \pixels 2, window2
        ldr     q\w, [weights], #16
        cnt     v\a2\().16b, v26.16b
        cnt     v\a3\().16b, v27.16b
        \pixels 3, window3
        .endm
        .macro  counts a0, a1, a2, a3, w, pixels
        cnt     v24.16b, v24.16b
        cnt     v25.16b, v25.16b
        \pixels 2, window2
        cnt     v26.16b, v26.16b
        cnt     v27.16b, v27.16b
        \pixels 3, window3
        add     v\a0\().16b, v\a0\().16b, v24.16b
        add     v\a1\().16b, v\a1\().16b, v25.16b
        ldr     q\w, [weights], #16
        add     v\a2\().16b, v\a2\().16b, v26.16b
        add     v\a3\().16b, v\a3\().16b, v27.16b
        .endm
        .macro  collect a0, a1, a2, a3
        add     v\a0\().16b, v\a0\().16b, v24.16b
        add     v\a1\().16b, v\a1\().16b, v25.16b
        add     v\a2\().16b, v\a2\().16b, v26.16b
        add     v\a3\().16b, v\a3\().16b, v27.16b
        .endm
        .macro  step sum, pixels
        channel 4, 8, 9, 10, 11, \sum, none
        channel 5, 12, 13, 14, 15, \sum, none
        channel 6, 16, 17, 18, 19, \sum, none
        channel 7, 28, 29, 30, 31, \sum, \pixels
        .endm

// 8 or 4 bytes: registers `r`.
        .macro  short_step r, bytes
        ldr     \r\()4, [weights], #\bytes
        ldr     \r\()0, [window0], #\bytes
        ldr     \r\()1, [window1], #\bytes
        ldr     \r\()2, [window2], #\bytes
        ldr     \r\()3, [window3], #\bytes
        ldr     \r\()5, [weights], #\bytes
        ldr     \r\()6, [weights], #\bytes
        ldr     \r\()7, [weights], #\bytes
        short_channel 4, 8, 9, 10, 11
        short_channel 5, 12, 13, 14, 15
        short_channel 6, 16, 17, 18, 19
        short_channel 7, 28, 29, 30, 31
        .endm
        .macro  short_channel w, a0, a1, a2, a3
        eor     v24.8b, v0.8b, v\w\().8b
        eor     v25.8b, v1.8b, v\w\().8b
        eor     v26.8b, v2.8b, v\w\().8b
        eor     v27.8b, v3.8b, v\w\().8b
        cnt     v24.8b, v24.8b
        cnt     v25.8b, v25.8b
        cnt     v26.8b, v26.8b
        cnt     v27.8b, v27.8b
        collect \a0, \a1, \a2, \a3
        .endm

// Adds up accumulators, in lanes of `type`: those of a pixel, a0 to a3, to two, then one register.
        .macro  four_to_two type, a0, a1, a2, a3
        addp    v\a0\().\type, v\a0\().\type, v\a1\().\type
        addp    v\a2\().\type, v\a2\().\type, v\a3\().\type
        .endm
        .macro  two_to_one type, a0, a1, a2, a3
        addp    v\a0\().\type, v\a0\().\type, v\a2\().\type
        .endm
        .macro  widen_four type, a0, a1, a2, a3
        widen_two \type, \a0, \a1, \a2, \a3
        uaddlp  v\a1\().8h, v\a1\().16b
        uaddlp  v\a3\().8h, v\a3\().16b
        .endm
        .macro  widen_two type, a0, a1, a2, a3
        widen_one \type, \a0, \a1, \a2, \a3
        uaddlp  v\a2\().8h, v\a2\().16b
        .endm
        .macro  widen_one type, a0, a1, a2, a3
        uaddlp  v\a0\().8h, v\a0\().16b
        .endm
        .macro  each_pixel do, type
        \do     \type, 8, 12, 16, 28
        \do     \type, 9, 13, 17, 29
        \do     \type, 10, 14, 18, 30
        \do     \type, 11, 15, 19, 31
        .endm

// The sums of half a tile: to v20 and v21, four channels of a pixel and those of the next.
        .macro  sum_up name
        tbnz    flags, #STEPS7, sum7_\name
        tbnz    flags, #STEPS15, sum15_\name
        each_pixel widen_four, 8h
        each_pixel four_to_two, 8h
        b       sum_\name
sum15_\name:
        each_pixel four_to_two, 16b
        each_pixel widen_two, 8h
sum_\name:
        each_pixel two_to_one, 8h
        b       summed_\name
sum7_\name:
        each_pixel four_to_two, 16b
        each_pixel two_to_one, 16b
        each_pixel widen_one, 8h
summed_\name:
        addp    v8.8h, v8.8h, v9.8h
        addp    v10.8h, v10.8h, v11.8h
        add     v20.8h, v20.8h, v8.8h
        add     v21.8h, v21.8h, v10.8h
        .endm

        .macro  next_rows
        .irp    to, window0, window1, window2, window3
        add     \to, \to, rowGap
        .endr
        .endm
        .macro  load_weights
        .irp    to, q4, q5, q6, q7
        ldr     \to, [weights], #16
        .endr
        .endm
        .macro  load_pixels
        ldr     q0, [window0], #16
        ldr     q1, [window1], #16
        ldr     q2, [window2], #16
        ldr     q3, [window3], #16
        .endm

        .macro  lanes_tile
        mov     weights, panelWeights
        stp     window0, window1, [sp, #160]
        stp     window2, window3, [sp, #176]
        mov     half, #0
        load_weights
half_tile:
        movi    v20.16b, #0
        ldr     rows, [x0, #24]
        movi    v21.16b, #0
        ldr     flushLeft, [x0, #176]
        mov     left, steps
        cbz     steps, no_steps
        load_pixels
// Pixels of the row's next step are in v0 to v3, accumulators not yet in use.
row_first:
        subs    left, left, #1
        b.eq    only_first
        step    first_counts, next
        b       row_step
only_first:
        cbnz    rest, first_alone
        subs    rows, rows, #1
        b.eq    first_alone
        subs    flushLeft, flushLeft, #1
        b.eq    first_alone
        next_rows
        mov     left, steps
        step    first_counts, next
row_step:
        subs    left, left, #1
        b.eq    last_step
further_step:
        step    counts, next
        subs    left, left, #1
        b.ne    further_step
last_step:
        cbnz    rest, last_alone
        subs    rows, rows, #1
        b.eq    last_alone
        subs    flushLeft, flushLeft, #1
        b.eq    last_alone
        next_rows
        mov     left, steps
        step    counts, next
        b       row_step
first_alone:
        step    first_counts, none
        b       behind_step
last_alone:
        step    counts, none
behind_step:
        cbz     rest, row_done
        sub     weights, weights, #64
rests:  tbz     rest, #3, rest4
        short_step d, 8
rest4:  tbz     rest, #2, rest_done
        short_step s, 4
rest_done:
        load_weights
        subs    rows, rows, #1
        b.eq    half_done
        next_rows
        mov     left, steps
        subs    flushLeft, flushLeft, #1
        b.eq    flush_rest
        cbz     steps, more_rests
        load_pixels
        b       row_step
row_done:
        cbz     rows, half_done
        next_rows
        mov     left, steps
flush_rest:
        sum_up  flush
        ldr     flushLeft, [x0, #176]
        cbz     steps, no_steps
        load_pixels
        b       row_first
no_steps:
        .irp    sum, v8.16b, v9.16b, v10.16b, v11.16b, v12.16b, v13.16b, v14.16b, v15.16b, v16.16b, v17.16b, v18.16b, v19.16b
        movi    \sum, #0
        .endr
        .irp    sum, v28.16b, v29.16b, v30.16b, v31.16b
        movi    \sum, #0
        .endr
more_rests:
        sub     weights, weights, #64
        b       rests
half_done:
        sum_up  end
        cbnz    half, tile_done
        mov     v22.16b, v20.16b
        ldp     window0, window1, [sp, #160]
        mov     v23.16b, v21.16b
        ldp     window2, window3, [sp, #176]
        mov     half, #1
        b       half_tile
tile_done:
        sub     weights, weights, #64
        ahead   0
        zip1    v24.2d, v22.2d, v20.2d
        ahead   1
        zip2    v25.2d, v22.2d, v20.2d
        ahead   2
        zip1    v26.2d, v23.2d, v21.2d
        zip2    v27.2d, v23.2d, v21.2d
        ahead   3
        load_ahead
        .endm
        .macro  lanes_aside
        .endm

        .text
        .global bconv_lanes_fixed
bconv_lanes_fixed:
        bconv_fixed lanes, "24, 25, 26, 27"
        masks
