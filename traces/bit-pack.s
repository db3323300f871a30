// Packs the signs of 2,048 accumulators of 16 bits into bits, 1 where one is not negative: the lowest bit first.

        .text
        .global main
main:   adrp    x0, sums
        add     x0, x0, :lo12:sums
        adrp    x1, bits
        add     x1, x1, :lo12:bits
        adrp    x2, places
        ldr     q16, [x2, :lo12:places]
        mov     w3, #2048 / 16
pack:   ldp     q0, q1, [x0], #32
        cmge    v0.8h, v0.8h, #0
        cmge    v1.8h, v1.8h, #0
        xtn     v0.8b, v0.8h
        xtn2    v0.16b, v1.8h
        and     v0.16b, v0.16b, v16.16b
        addp    v0.16b, v0.16b, v0.16b
        addp    v0.16b, v0.16b, v0.16b
        addp    v0.16b, v0.16b, v0.16b
        umov    w4, v0.h[0]
        cbz     w4, skip
        strh    w4, [x1]
skip:   add     x1, x1, #2
        subs    w3, w3, #1
        b.ne    pack
        ret

        .data
        .balign 64
places: .byte   1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128
sums:   .hword  -3, 5, 0, 7, -9, 11, -2, 1, 4, -4, 6, -6, 8, -8, 10, -10
        .hword  -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16
        .hword  1, -1, 1, 1, -1, -1, 1, 1, 1, -1, -1, -1, 1, 1, 1, 1
        .hword  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
        .space  2 * (2048 - 64)
bits:   .space  256
