// How many weights of a layer are +1, out of its coded stream, for any core. Codewords of up to 11 bits are looked up; longer
// ones lie in the last of the ranges that does not begin behind them.

        .include "decode-weights.s"

stream  .req    x1
lookup  .req    x2
symbols .req    x3
ranges  .req    x4
left    .req    x5
bit     .req    x6
next    .req    x7
symbol  .req    w8
length  .req    w9

        .macro  address register, label
        adrp    \register, \label
        add     \register, \register, :lo12:\label
        .endm

        .text
        .global main
main:   address stream, weights_stream
        address lookup, weights_lookup
        address symbols, weights_symbols
        address ranges, weights_ranges
        ldr     left, =weights_sequences
        mov     bit, #0
        mov     w0, #0

// The bits of the stream from `bit` on, of which the first 57 count.
decode: lsr     x10, bit, #3
        ldr     next, [stream, x10]
        rev     next, next
        and     x10, bit, #7
        lsl     next, next, x10
        lsr     x10, next, #53
        ldrh    symbol, [lookup, x10, lsl #1]
        cbz     symbol, long
        and     length, symbol, #0x3f
        and     symbol, symbol, #0xff80
count:  fmov    s0, symbol
        cnt     v0.8b, v0.8b
        addv    b0, v0.8b
        fmov    w10, s0
        add     w0, w0, w10
        add     bit, bit, w9, uxtw
        subs    left, left, #1
        b.ne    decode
        ret

long:   lsr     next, next, #32
        add     x10, ranges, #16 * weights_range_count
earlier:
        ldr     w11, [x10, #-16]!
        cmp     w7, w11
        b.lo    earlier
        ldp     length, w12, [x10, #4]
        sub     w7, w7, w11
        neg     w11, length
        lsr     w7, w7, w11
        add     w7, w7, w12
        ldrh    symbol, [symbols, w7, uxtw #1]
        b       count
