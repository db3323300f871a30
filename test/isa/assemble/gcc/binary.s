	.arch armv8-a
	.file	"binary.c"
	.text
	.align	2
	.p2align 4,,11
	.global	dot
	.type	dot, %function
dot:
.LFB4350:
	.cfi_startproc
	movi	v1.4s, 0
	cmp	w2, 0
	ble	.L2
	mov	x3, 0
	.p2align 3,,7
.L3:
	ldr	q0, [x1, x3]
	ldr	q2, [x0, x3]
	add	x3, x3, 16
	eor	v0.16b, v0.16b, v2.16b
	cnt	v0.16b, v0.16b
	uadalp	v1.8h, v0.16b
	cmp	w2, w3
	bgt	.L3
.L2:
	uaddlv	s0, v1.8h
	lsl	w2, w2, 2
	fmov	w1, s0
	sub	w0, w2, w1
	lsl	w0, w0, 1
	ret
	.cfi_endproc
.LFE4350:
	.size	dot, .-dot
	.align	2
	.p2align 4,,11
	.global	gemm
	.type	gemm, %function
gemm:
.LFB4351:
	.cfi_startproc
	cmp	w3, 0
	ble	.L19
	stp	x29, x30, [sp, -192]!
	.cfi_def_cfa_offset 192
	.cfi_offset 29, -192
	.cfi_offset 30, -184
	mov	w17, w4
	mov	w10, w5
	mov	x29, sp
	stp	x21, x22, [sp, 32]
	.cfi_offset 21, -160
	.cfi_offset 22, -152
	sub	w21, w5, #64
	lsl	w14, w5, 2
	mov	x13, x0
	mov	x15, x1
	and	x21, x21, 4294967232
	add	x22, x0, 64
	add	x5, sp, 64
	add	x4, sp, 128
	stp	x19, x20, [sp, 16]
	.cfi_offset 19, -176
	.cfi_offset 20, -168
	mov	w19, w3
	mov	x20, x2
	str	x23, [sp, 48]
	.cfi_offset 23, -144
	sxtw	x23, w17
	mov	w30, 0
	mov	w16, 0
	mov	w18, 0
.L9:
	cmp	w17, 0
	ble	.L12
	sxtw	x12, w30
	add	x11, x23, w16, sxtw
	add	x7, x12, x21
	add	x8, x20, w16, sxtw 2
	add	x7, x22, x7
	add	x11, x20, x11, lsl 2
	mov	w9, 0
	.p2align 3,,7
.L15:
	movi	v16.4s, 0
	add	x3, x13, x12
	add	x6, x15, w9, sxtw
	cmp	w10, 63
	ble	.L14
	.p2align 3,,7
.L11:
	ld1	{v0.16b - v3.16b}, [x3]
	mov	x0, 0
	ld1	{v4.16b - v7.16b}, [x6]
	st1	{v0.16b - v3.16b}, [x5]
	eor	v0.16b, v0.16b, v4.16b
	st1	{v4.16b - v7.16b}, [x4]
	cnt	v1.16b, v0.16b
.L10:
	add	x2, x5, x0
	add	x1, x4, x0
	add	x0, x0, 16
	ldr	q2, [x1, 16]
	ldr	q0, [x2, 16]
	eor	v0.16b, v0.16b, v2.16b
	cnt	v0.16b, v0.16b
	add	v1.16b, v1.16b, v0.16b
	cmp	x0, 48
	bne	.L10
	uaddlp	v1.8h, v1.16b
	add	x3, x3, 64
	add	x6, x6, 64
	uadalp	v16.4s, v1.8h
	cmp	x7, x3
	bne	.L11
.L14:
	addv	s0, v16.4s
	add	w9, w9, w10
	fmov	w0, s0
	sub	w0, w14, w0
	lsl	w0, w0, 1
	str	w0, [x8], 4
	cmp	x8, x11
	bne	.L15
.L12:
	add	w18, w18, 1
	add	w16, w16, w17
	add	w30, w30, w10
	cmp	w19, w18
	bne	.L9
	ldp	x19, x20, [sp, 16]
	ldp	x21, x22, [sp, 32]
	ldr	x23, [sp, 48]
	ldp	x29, x30, [sp], 192
	.cfi_restore 30
	.cfi_restore 29
	.cfi_restore 23
	.cfi_restore 21
	.cfi_restore 22
	.cfi_restore 19
	.cfi_restore 20
	.cfi_def_cfa_offset 0
	ret
.L19:
	ret
	.cfi_endproc
.LFE4351:
	.size	gemm, .-gemm
	.align	2
	.p2align 4,,11
	.global	pack
	.type	pack, %function
pack:
.LFB4352:
	.cfi_startproc
	cmp	w2, 0
	ble	.L22
	adrp	x3, .LC0
	ldr	q4, [x3, #:lo12:.LC0]
	mov	w3, 0
	.p2align 3,,7
.L24:
	ldp	q0, q3, [x0]
	asr	w4, w3, 3
	ldp	q1, q2, [x0, 32]
	add	w3, w3, 16
	fcmge	v0.4s, v0.4s, 0
	add	x0, x0, 64
	fcmge	v3.4s, v3.4s, 0
	fcmgt	v1.4s, v1.4s, 0
	fcmge	v2.4s, v2.4s, 0
	uzp1	v0.8h, v0.8h, v3.8h
	uzp1	v1.8h, v1.8h, v2.8h
	uzp1	v0.16b, v0.16b, v1.16b
	and	v0.16b, v0.16b, v4.16b
	addp	v0.16b, v0.16b, v0.16b
	addp	v0.16b, v0.16b, v0.16b
	addp	v0.16b, v0.16b, v0.16b
	str	h0, [x1, w4, sxtw]
	cmp	w2, w3
	bgt	.L24
.L22:
	ret
	.cfi_endproc
.LFE4352:
	.size	pack, .-pack
	.align	2
	.p2align 4,,11
	.global	scale
	.type	scale, %function
scale:
.LFB4353:
	.cfi_startproc
	cmp	w3, 0
	ble	.L26
	sub	w9, w4, #1
	sbfiz	x8, x3, 2, 32
	and	x9, x9, 4294967292
	mov	x5, 0
	mov	w7, 0
.L28:
	cmp	w4, 0
	ble	.L35
	add	x10, x0, 16
	.p2align 3,,7
.L30:
	add	x6, x9, w7, sxtw
	add	x3, x0, w7, sxtw 2
	add	x6, x10, x6, lsl 2
	.p2align 3,,7
.L29:
	ldr	s0, [x2, x5]
	ldr	q1, [x3]
	dup	v0.4s, v0.s[0]
	ldr	s2, [x1, x5]
	fmla	v0.4s, v1.4s, v2.s[0]
	str	q0, [x3], 16
	cmp	x3, x6
	bne	.L29
	add	x5, x5, 4
	add	w7, w7, w4
	cmp	x5, x8
	bne	.L30
.L26:
	ret
.L35:
	add	x5, x5, 4
	add	w7, w7, w4
	cmp	x5, x8
	bne	.L28
	ret
	.cfi_endproc
.LFE4353:
	.size	scale, .-scale
	.align	2
	.p2align 4,,11
	.global	interleave
	.type	interleave, %function
interleave:
.LFB4354:
	.cfi_startproc
	ld3	{v1.16b - v3.16b}, [x0]
	ext	v4.16b, v1.16b, v2.16b, #5
	zip1	v6.16b, v2.16b, v3.16b
	rev64	v5.16b, v3.16b
	tbl	v0.16b, {v4.16b}, v0.16b
	mov	v4.16b, v6.16b
	mov	v16.16b, v0.16b
	bit	v4.16b, v5.16b, v0.16b
	mov	v5.16b, v4.16b
	mov	v17.16b, v4.16b
	sri	v5.16b, v3.16b, 3
	sli	v5.16b, v0.16b, 1
	mov	v18.16b, v5.16b
	st3	{v16.16b - v18.16b}, [x1]
	ret
	.cfi_endproc
.LFE4354:
	.size	interleave, .-interleave
	.section	.rodata.cst16,"aM",@progbits,16
	.align	4
.LC0:
	.byte	1
	.byte	2
	.byte	4
	.byte	8
	.byte	16
	.byte	32
	.byte	64
	.byte	-128
	.byte	1
	.byte	2
	.byte	4
	.byte	8
	.byte	16
	.byte	32
	.byte	64
	.byte	-128
	.ident	"GCC: (Debian 12.2.0-14) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
