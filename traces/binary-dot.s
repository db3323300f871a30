// 64 binary dot products of 1,024 bits: one vector of inputs with 64 rows of weights, 1 for +1 and 0 for -1.
// scores[row] = 1024 - 2 * popcount(inputs xor weights[row])

        .text
        .global main
main:   adrp    x0, inputs
        add     x0, x0, :lo12:inputs
        adrp    x1, weights
        add     x1, x1, :lo12:weights
        adrp    x2, scores
        add     x2, x2, :lo12:scores
        mov     w3, #64
row:    mov     x4, x0
        mov     w5, #4
        movi    v16.16b, #0
        movi    v17.16b, #0
words:  ld1     {v0.16b, v1.16b}, [x4], #32
        ld1     {v2.16b, v3.16b}, [x1], #32
        eor     v0.16b, v0.16b, v2.16b
        eor     v1.16b, v1.16b, v3.16b
        cnt     v0.16b, v0.16b
        cnt     v1.16b, v1.16b
        add     v16.16b, v16.16b, v0.16b
        add     v17.16b, v17.16b, v1.16b
        subs    w5, w5, #1
        b.ne    words
        add     v16.16b, v16.16b, v17.16b
        uaddlv  h16, v16.16b
        umov    w6, v16.h[0]
        mov     w7, #1024
        sub     w6, w7, w6, lsl #1
        str     w6, [x2], #4
        subs    w3, w3, #1
        b.ne    row
        ret

        .data
        .balign 64
inputs: .space  128
weights:
        .space  64 * 128
scores: .space  64 * 4
