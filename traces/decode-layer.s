// How many weights of a layer are +1, out of the registers that a decode unit gives: for a core that has one.
// docs/decode-unit.md explains it; decode-layer-software.s does the same without the unit.

        .include "decode-weights.s"

        .text
        .global main
main:   adrp    x0, weights_descriptor
        add     x0, x0, :lo12:weights_descriptor
        decstart [x0]
        ldr     x1, =weights_registers
        movi    v1.4s, #0
next:   decread q0
        cnt     v0.16b, v0.16b
        uaddlp  v0.8h, v0.16b
        uadalp  v1.4s, v0.8h
        subs    x1, x1, #1
        b.ne    next
        addv    s1, v1.4s
        fmov    w0, s1
        ret
