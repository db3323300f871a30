// Weights of 3x3 kernels out of a prefix code, as the matrix product reads them: decode_kernels.
//
// A sequence is the 9 bits of an output and an input channel, bit t that of tap t. The stream has them in the order [panel]
// [slice][8 output channels][channel of the slice], codewords one behind the other, the first bit of each the most significant
// one left of a byte. A slice is up to 128 input channels, of which a tap takes tapBytes = 4 * ceil(channels / 32).
//
// The next 11 bits look up a codeword's symbol and length, the length where a shift by register takes it, so that a codeword
// waits for the one before by lsr, ldrh and lsl. A longer codeword has the entry 0: a shift by nothing, so what is looked up
// behind it is 0, too, and the last entry of a group of 4 tells. Such a group is decoded again one by one, long codewords
// by search over the ranges. Once a group, while its last entry is loaded, the buffer is filled up from 8 bytes that were
// loaded one group ago; bits of these that the buffer has already fall on themselves. Entries of up to 128 channels are
// collected so that vectors hold the channels k, k + 8, ..: in three stages, the bits of 8 vectors change places.
//   4 sequences    29 instructions: 4 of each lsr, ldrh, lsl, add, strh; 9 that fill the buffer
//   128 sequences  32 x 29 instructions, 16 x 3 of the loop, 76 for taps and output: 8.3 a sequence
// Cycles a sequence of 64 output and 128 input channels, drawn from trained counts (8.4 bits each, grouped code), on the second
// run of the simulated core: 7.3 on a Cortex-A53, 6.5 on an A72; 9.5 and 7.8 on the first, with nothing in caches. 6 are lsr, ldrh,
// lsl; on the A53 0.7 are taps. With 64 input channels, for which taps take as long, 8.7 and 7.1. A long codeword adds 130.
//
// x0: parameter block, 64-bit words
//   0 stream    address of the byte in which the first panel begins; 16 bytes behind the stream may be read, whatever they are
//   8 firstBit  bits of this byte before the panel, 0 to 7
//  16 symbols   address of uint16, by place
//  24 ranges    address of the ranges of codewords, by rising codeword, 16 bytes each: uint32 first codeword, at the upper end of
//               32 bits; uint32 bits of a codeword; uint32 place of the first symbol; uint32 unused. A codeword lies in the
//               last range that does not begin behind it
//  32 rangeCount
//  40 channels  input channels
//  48 panels    number of panels to decode, of 8 output channels each
//  56 lookup    address of uint16 [2048], by 11 bits: bits of the codeword that they begin with, 1 to 11 (bits 0-5), tap 8
//               (bit 7), taps 0-7 (bits 8-15); 0 where the codeword is longer
//  64 out       address: [panel][slice][16 bytes of an output channel][8 output channels][16 bytes], where an output channel
//               of a slice is [9 taps][tapBytes] and zeros up to a multiple of 16
//
// On the stack: entries, uint16 [8 channels][16 bytes of a tap], 0 where there is no channel; an output channel of a narrow slice.

from         .req x1
bit          .req x2
buffer       .req x3
top          .req w3
ahead        .req x4
lookup       .req x5
upper        .req x6
index        .req x7
used         .req x8
to           .req x9
rows         .req x10
entry0       .req x11
entry0w      .req w11
entry1       .req x12
entry1w      .req w12
entry2       .req x13
entry2w      .req w13
entry3       .req x14
entry3w      .req w14
forty        .req x15
place        .req x16
step         .req x17
out          .req x19
outputs      .req x20
width        .req x21
left         .req x22
panels       .req x23
tapBytes     .req x24
symbols      .req x25
rangesEnd    .req x26
// Where sequences are decoded one by one.
count        .req x12
range        .req x13
start        .req w14
symbol       .req w17

        .equ    ENTRIES, 256
        .equ    FRAME, 400

// Looks up the first bits of the buffer.
        .macro  find entry
        lsr     index, buffer, upper
        ldrh    \entry, [lookup, index, lsl #1]
        .endm

// Four sequences, channels k to k + 3 of 8; entry0 is looked up before, and again for the next group. Of the buffer 53 bits
// count or more; `ahead` is what is at from + 5.
        .macro  group k
        lsl     buffer, buffer, entry0
        add     used, bit, entry0
        find    entry1w
        strh    entry0w, [to, #32 * \k]
        lsl     buffer, buffer, entry1
        add     used, used, entry1
        find    entry2w
        rev     ahead, ahead
        strh    entry1w, [to, #32 * \k + 32]
        lsl     buffer, buffer, entry2
        add     used, used, entry2
        find    entry3w
        sub     index, forty, used
        lsr     ahead, ahead, index
        strh    entry2w, [to, #32 * \k + 64]
        orr     buffer, buffer, ahead
        lsl     buffer, buffer, entry3
        cbz     entry3, long_\k
        find    entry0w
        add     used, used, entry3
        ubfx    index, used, #3, #3
        strh    entry3w, [to, #32 * \k + 96]
        and     bit, used, #7
        add     from, from, index
        ldur    ahead, [from, #5]
decoded_\k:
        .endm

// The same where one of the codewords is long.
        .macro  long_group k
long_\k:
        add     place, to, #32 * \k
        mov     count, #4
        bl      one_by_one
        b       decoded_\k
        .endm

// The lower parts of a's and b's bytes into a, the upper ones into b: halves, or bits of `mask` and those above them.
        .macro  halves a, b, copy
        mov     v\copy\().16b, v\a\().16b
        sli     v\a\().16b, v\b\().16b, #4
        sri     v\b\().16b, v\copy\().16b, #4
        .endm
        .macro  parts a, b, bits, mask, copy0, copy1
        shl     v\copy0\().16b, v\b\().16b, #\bits
        ushr    v\copy1\().16b, v\a\().16b, #\bits
        bif     v\a\().16b, v\copy0\().16b, \mask\().16b
        bit     v\b\().16b, v\copy1\().16b, \mask\().16b
        .endm

        .text
        .global decode_kernels
decode_kernels:
        stp     x19, x20, [sp, #-80]!
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        str     x30, [sp, #64]
        sub     sp, sp, #FRAME
        ldp     from, bit, [x0]
        ldp     symbols, rangesEnd, [x0, #16]
        ldr     index, [x0, #32]
        ldr     panels, [x0, #48]
        ldp     lookup, out, [x0, #56]
        add     rangesEnd, rangesEnd, index, lsl #4
        mov     upper, #53
        mov     forty, #40
        movi    v6.16b, #0x33
        movi    v7.16b, #0x55
        bl      fill
panel:
        ldr     left, [x0, #40]
slice:
        mov     width, #128
        cmp     left, width
        b.hs    wide
        mov     width, left
        movi    v0.16b, #0
        .irp    at, 0, 32, 64, 96, 128, 160, 192, 224
        stp     q0, q0, [sp, #\at]
        .endr
wide:
        add     tapBytes, width, #31
        lsr     tapBytes, tapBytes, #5
        lsl     tapBytes, tapBytes, #2
        mov     outputs, #8
output:
        mov     to, sp
        lsr     rows, width, #3
        cbz     rows, last
row:
        group   0
        group   4
        add     to, to, #2
        subs    rows, rows, #1
        b.ne    row
last:
        ands    count, width, #7
        b.eq    turn
        mov     place, to
        bl      one_by_one

// Taps 0 to 7 of the channels k, k + 8, .. in v<17 + 2k>; tap 8 on top of the bytes of v<16 + 2k>.
turn:
        mov     to, sp
        add     place, sp, #128
        ld2     {v16.16b, v17.16b}, [to], #32
        ld2     {v24.16b, v25.16b}, [place], #32
        ld2     {v18.16b, v19.16b}, [to], #32
        ld2     {v26.16b, v27.16b}, [place], #32
        halves  17, 25, 0
        ld2     {v20.16b, v21.16b}, [to], #32
        ld2     {v28.16b, v29.16b}, [place], #32
        halves  19, 27, 1
        ld2     {v22.16b, v23.16b}, [to]
        ld2     {v30.16b, v31.16b}, [place]
        halves  21, 29, 2
        parts   17, 21, 2, v6, 0, 1
        parts   25, 29, 2, v6, 2, 3
        halves  23, 31, 4
        parts   19, 23, 2, v6, 0, 1
        parts   27, 31, 2, v6, 2, 3
        sri     v30.16b, v28.16b, #1
        parts   17, 19, 1, v7, 0, 1
        sri     v30.16b, v26.16b, #2
        parts   21, 23, 1, v7, 2, 3
        sri     v30.16b, v24.16b, #3
        parts   25, 27, 1, v7, 0, 1
        sri     v30.16b, v22.16b, #4
        parts   29, 31, 1, v7, 2, 3
        sri     v30.16b, v20.16b, #5
        mov     place, out
        mov     step, #128
        cmp     tapBytes, #16
        b.eq    store
        add     place, sp, #ENTRIES
        mov     step, tapBytes
store:
        st1     {v17.16b}, [place], step
        st1     {v19.16b}, [place], step
        sri     v30.16b, v18.16b, #6
        st1     {v21.16b}, [place], step
        st1     {v23.16b}, [place], step
        sri     v30.16b, v16.16b, #7
        .irp    tap, v25, v27, v29, v31, v30
        st1     {\tap\().16b}, [place], step
        .endr
        b.eq    stored
// A narrow slice has its taps one behind the other: tapBytes / 2 + 1 times 16 bytes.
        add     place, sp, #ENTRIES
        mov     to, out
        mov     step, #128
        lsr     rows, tapBytes, #1
narrow:
        ldr     q0, [place], #16
        subs    rows, rows, #1
        st1     {v0.16b}, [to], step
        b.hs    narrow
stored:
        add     out, out, #16
        subs    outputs, outputs, #1
        b.ne    output
        add     out, out, tapBytes, lsl #6
        subs    left, left, width
        b.ne    slice
        subs    panels, panels, #1
        b.ne    panel
        add     sp, sp, #FRAME
        ldr     x30, [sp, #64]
        ldp     x25, x26, [sp, #48]
        ldp     x23, x24, [sp, #32]
        ldp     x21, x22, [sp, #16]
        ldp     x19, x20, [sp], #80
        ret

        long_group 0
        long_group 4
// `count` sequences, from `place` on; then what a group begins with. Keeps `to`, `rows`, and what outlives an output channel.
one_by_one:
        ldr     buffer, [from]
        rev     buffer, buffer
        lsl     buffer, buffer, bit
        find    entry0w
        cbz     entry0, search
found:
        strh    entry0w, [place], #32
        add     used, bit, entry0
        ubfx    index, used, #3, #3
        and     bit, used, #7
        add     from, from, index
        subs    count, count, #1
        b.ne    one_by_one
fill:
        ldr     buffer, [from]
        ldur    ahead, [from, #5]
        rev     buffer, buffer
        lsl     buffer, buffer, bit
        find    entry0w
        ret

search:
        lsr     buffer, buffer, #32
        mov     range, rangesEnd
earlier:
        ldr     start, [range, #-16]!
        cmp     top, start
        b.lo    earlier
        ldp     entry0w, symbol, [range, #4]
        sub     top, top, start
        neg     start, entry0w
        lsr     top, top, start
        add     symbol, symbol, top
        ldrh    symbol, [symbols, symbol, uxtw #1]
        bfi     entry0w, symbol, #8, #8
        lsr     symbol, symbol, #8
        bfi     entry0w, symbol, #7, #1
        b       found
