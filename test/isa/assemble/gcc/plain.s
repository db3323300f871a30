	.arch armv8-a
	.file	"plain.c"
	.text
	.section	.text.startup,"ax",@progbits
	.align	2
	.p2align 4,,11
	.global	main
	.type	main, %function
main:
.LFB1:
	.cfi_startproc
	adrp	x6, .LANCHOR0
	adrp	x5, .LANCHOR1
	add	x5, x5, :lo12:.LANCHOR1
	mov	w2, 1000
	ldr	x0, [x6, #:lo12:.LANCHOR0]
	mov	w4, 0
	.p2align 3,,7
.L2:
	eor	x0, x0, x0, lsl 13
	subs	w2, w2, #1
	eor	x0, x0, x0, lsr 7
	and	x3, x0, 255
	eor	x0, x0, x0, lsl 17
	ldr	w1, [x5, x3, lsl 2]
	add	w1, w1, 1
	str	w1, [x5, x3, lsl 2]
	add	w4, w4, w1
	bne	.L2
	scvtf	s2, w4
	adrp	x1, .LC0
	add	x2, x6, :lo12:.LANCHOR0
	str	x0, [x6, #:lo12:.LANCHOR0]
	ldr	q3, [x1, #:lo12:.LC0]
	add	x1, x2, 16
	dup	v2.4s, v2.s[0]
	add	x2, x2, 416
	.p2align 3,,7
.L3:
	ldr	q1, [x1]
	mov	v0.16b, v2.16b
	fmla	v0.4s, v1.4s, v3.4s
	str	q0, [x1], 16
	cmp	x2, x1
	bne	.L3
	mov	w1, 21846
	add	x6, x6, :lo12:.LANCHOR0
	movk	w1, 0x5555, lsl 16
	adrp	x2, .LANCHOR2
	add	x2, x2, :lo12:.LANCHOR2
	smull	x1, w4, w1
	ldr	s0, [x6, 44]
	lsr	x1, x1, 32
	fcvtzs	w0, s0
	sub	w1, w1, w4, asr 31
	add	w1, w1, w1, lsl 1
	sub	w4, w4, w1
	ldr	x1, [x2, w4, sxtw 3]
	ldrb	w1, [x1]
	add	w0, w1, w0
	ret
	.cfi_endproc
.LFE1:
	.size	main, .-main
	.text
	.align	2
	.p2align 4,,11
	.global	argmax
	.type	argmax, %function
argmax:
.LFB2:
	.cfi_startproc
	mov	x3, x0
	cmp	w1, 1
	ble	.L12
	mov	x2, 1
	mov	w0, 0
	.p2align 3,,7
.L11:
	ldr	s1, [x3, x2, lsl 2]
	ldr	s0, [x3, w0, sxtw 2]
	fcmpe	s1, s0
	bgt	.L13
.L9:
	add	x2, x2, 1
	cmp	w1, w2
	bgt	.L11
	ret
	.p2align 2,,3
.L13:
	mov	w0, w2
	b	.L9
	.p2align 2,,3
.L12:
	mov	w0, 0
	ret
	.cfi_endproc
.LFE2:
	.size	argmax, .-argmax
	.align	2
	.p2align 4,,11
	.global	pack
	.type	pack, %function
pack:
.LFB3:
	.cfi_startproc
	cmp	w3, 0
	add	w4, w3, 7
	csel	w4, w4, w3, lt
	asr	w4, w4, 3
	cmp	w3, 7
	ble	.L15
	mov	x3, x0
	movi	v4.2s, 0x1
	mov	x0, x1
	adrp	x1, .LC1
	ldr	d7, [x1, #:lo12:.LC1]
	mov	x1, 0
	.p2align 3,,7
.L17:
	ldp	d0, d5, [x0, 8]
	ldp	d2, d1, [x3, 8]
	ldr	d6, [x0, 24]
	ldr	d3, [x3, 24]
	fcmge	v2.2s, v2.2s, v0.2s
	ldr	d0, [x3], 32
	fcmge	v1.2s, v1.2s, v5.2s
	ldr	d5, [x0], 32
	fcmge	v3.2s, v3.2s, v6.2s
	fcmge	v0.2s, v0.2s, v5.2s
	and	v2.8b, v4.8b, v2.8b
	and	v1.8b, v4.8b, v1.8b
	and	v3.8b, v4.8b, v3.8b
	and	v0.8b, v4.8b, v0.8b
	ins	v1.d[1], v3.d[0]
	ins	v0.d[1], v2.d[0]
	uzp1	v0.8h, v0.8h, v1.8h
	xtn	v0.8b, v0.8h
	sshl	v0.8b, v0.8b, v7.8b
	ushr d1, d0, 32
	orr	v1.8b, v1.8b, v0.8b
	ushr d0, d1, 16
	orr	v0.8b, v0.8b, v1.8b
	ushr d1, d0, 8
	orr	v0.8b, v1.8b, v0.8b
	str	b0, [x2, x1]
	add	x1, x1, 1
	cmp	w4, w1
	bgt	.L17
.L15:
	ret
	.cfi_endproc
.LFE3:
	.size	pack, .-pack
	.align	2
	.p2align 4,,11
	.global	convolve
	.type	convolve, %function
convolve:
.LFB4:
	.cfi_startproc
	cmp	w4, 2
	ble	.L34
	stp	x29, x30, [sp, -32]!
	.cfi_def_cfa_offset 32
	.cfi_offset 29, -32
	.cfi_offset 30, -24
	mov	w8, 43691
	mov	w10, w4
	mov	x29, sp
	mov	x7, x0
	mov	x14, x1
	mov	x30, x2
	mov	w17, w3
	mov	w6, w5
	sub	w15, w5, #2
	add	w11, w3, w3, lsl 3
	str	x19, [sp, 16]
	.cfi_offset 19, -16
	sub	w19, w4, #2
	mov	w18, 0
	mov	w13, 0
	movk	w8, 0xaaaa, lsl 16
.L21:
	cmp	w6, 2
	ble	.L24
.L29:
	add	x16, x30, w18, sxtw 2
	mov	x12, 0
.L30:
	cmp	w17, 0
	ble	.L27
	.p2align 3,,7
.L37:
	movi	v0.2s, #0
	mov	w5, w12
	mov	w4, w13
	mov	x3, x14
	mov	w9, 0
	.p2align 3,,7
.L28:
	mov	x1, 0
	.p2align 3,,7
.L22:
	umull	x0, w1, w8
	ldr	s1, [x3, x1, lsl 2]
	lsr	x0, x0, 33
	add	w2, w0, w4
	add	w0, w0, w0, lsl 1
	sub	w0, w1, w0
	add	x1, x1, 1
	madd	w2, w2, w6, w5
	add	w0, w2, w0
	ldr	s2, [x7, w0, sxtw 2]
	fmadd	s0, s2, s1, s0
	cmp	x1, 9
	bne	.L22
	add	w9, w9, 9
	add	w4, w4, w10
	add	x3, x3, 36
	cmp	w11, w9
	bne	.L28
	str	s0, [x16, x12, lsl 2]
	add	x12, x12, 1
	cmp	w15, w12
	bgt	.L37
.L24:
	add	w13, w13, 1
	add	w18, w18, w6
	cmp	w13, w19
	bne	.L21
.L19:
	ldr	x19, [sp, 16]
	ldp	x29, x30, [sp], 32
	.cfi_remember_state
	.cfi_restore 30
	.cfi_restore 29
	.cfi_restore 19
	.cfi_def_cfa_offset 0
	ret
.L27:
	.cfi_restore_state
	str	wzr, [x16, x12, lsl 2]
	add	x12, x12, 1
	cmp	w15, w12
	bgt	.L30
	add	w13, w13, 1
	add	w18, w18, w6
	cmp	w13, w19
	bne	.L29
	b	.L19
.L34:
	.cfi_def_cfa_offset 0
	.cfi_restore 19
	.cfi_restore 29
	.cfi_restore 30
	ret
	.cfi_endproc
.LFE4:
	.size	convolve, .-convolve
	.align	2
	.p2align 4,,11
	.global	quantise
	.type	quantise, %function
quantise:
.LFB5:
	.cfi_startproc
	cmp	w2, 0
	ble	.L38
	sxtw	x4, w2
	mov	x3, 0
	mov	w6, -128
	mov	w5, 127
	.p2align 3,,7
.L40:
	ldr	s1, [x0, x3, lsl 2]
	fmul	s1, s0, s1
	fcvtzs	w2, s1
	cmn	w2, #128
	csel	w2, w2, w6, ge
	cmp	w2, 127
	csel	w2, w2, w5, le
	strb	w2, [x1, x3]
	add	x3, x3, 1
	cmp	x3, x4
	bne	.L40
.L38:
	ret
	.cfi_endproc
.LFE5:
	.size	quantise, .-quantise
	.align	2
	.p2align 4,,11
	.global	differences
	.type	differences, %function
differences:
.LFB6:
	.cfi_startproc
	mov	x6, x0
	cmp	w2, 0
	ble	.L45
	sxtw	x5, w2
	mov	x3, 0
	mov	w0, 0
	.p2align 3,,7
.L44:
	ldrb	w2, [x6, x3]
	ldrb	w4, [x1, x3]
	add	x3, x3, 1
	eor	w2, w2, w4
	and	x2, x2, 255
	fmov	d0, x2
	cnt	v0.8b, v0.8b
	addv	b0, v0.8b
	fmov	w2, s0
	add	w0, w0, w2
	cmp	x5, x3
	bne	.L44
	ret
	.p2align 2,,3
.L45:
	mov	w0, 0
	ret
	.cfi_endproc
.LFE6:
	.size	differences, .-differences
	.align	2
	.p2align 4,,11
	.global	choose
	.type	choose, %function
choose:
.LFB7:
	.cfi_startproc
	cmp	w0, 11
	bhi	.L47
	adrp	x2, .L50
	add	x2, x2, :lo12:.L50
	ldrb	w2, [x2,w0,uxtw]
	adr	x0, .Lrtx50
	add	x2, x0, w2, sxtb #2
	br	x2
.Lrtx50:
	.section	.rodata
	.align	0
	.align	2
.L50:
	.byte	(.L61 - .Lrtx50) / 4
	.byte	(.L60 - .Lrtx50) / 4
	.byte	(.L59 - .Lrtx50) / 4
	.byte	(.L58 - .Lrtx50) / 4
	.byte	(.L57 - .Lrtx50) / 4
	.byte	(.L56 - .Lrtx50) / 4
	.byte	(.L55 - .Lrtx50) / 4
	.byte	(.L54 - .Lrtx50) / 4
	.byte	(.L53 - .Lrtx50) / 4
	.byte	(.L52 - .Lrtx50) / 4
	.byte	(.L51 - .Lrtx50) / 4
	.byte	(.L49 - .Lrtx50) / 4
	.text
	.p2align 2,,3
.L49:
	ldr	w0, [x1, 24]
	cmp	w0, 3
	cset	w0, gt
	str	w0, [x1, 20]
.L47:
	ret
	.p2align 2,,3
.L51:
	ldr	w0, [x1, 8]
	mvn	w0, w0
	str	w0, [x1, 32]
	ret
	.p2align 2,,3
.L61:
	mov	w0, 5
	str	w0, [x1]
	ret
	.p2align 2,,3
.L60:
	mov	w2, 9
	mov	w0, 1
	str	w2, [x1, 4]
	str	w0, [x1, 28]
	ret
	.p2align 2,,3
.L59:
	ldr	w0, [x1, 12]
	mov	w2, 12
	add	w0, w0, 1
	stp	w2, w0, [x1, 8]
	ret
	.p2align 2,,3
.L58:
	ldr	w0, [x1]
	neg	w0, w0
	str	w0, [x1]
	ret
	.p2align 2,,3
.L57:
	ldr	w0, [x1, 8]
	sub	w0, w0, #77
	str	w0, [x1, 8]
	ret
	.p2align 2,,3
.L56:
	ldr	w0, [x1, 16]
	add	w0, w0, w0, lsl 2
	str	w0, [x1, 4]
	ret
	.p2align 2,,3
.L55:
	mov	w0, 54919
	movk	w0, 0x12, lsl 16
	str	w0, [x1]
	ret
	.p2align 2,,3
.L54:
	ldr	w0, [x1]
	lsl	w0, w0, 3
	str	w0, [x1, 24]
	ret
	.p2align 2,,3
.L53:
	ldr	w2, [x1, 16]
	mov	w0, 9363
	movk	w0, 0x9249, lsl 16
	smull	x0, w2, w0
	lsr	x0, x0, 32
	add	w0, w2, w0
	asr	w0, w0, 2
	sub	w2, w0, w2, asr 31
	str	w2, [x1, 12]
	ret
	.p2align 2,,3
.L52:
	ldr	w0, [x1]
	mov	w2, 5
	eor	w0, w0, w2
	str	w0, [x1]
	ret
	.cfi_endproc
.LFE7:
	.size	choose, .-choose
	.global	names
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align	3
.LC2:
	.string	"convolution"
	.align	3
.LC3:
	.string	"pool"
	.align	3
.LC4:
	.string	"dense"
	.section	.rodata.cst16,"aM",@progbits,16
	.align	4
.LC0:
	.word	1036831949
	.word	1036831949
	.word	1036831949
	.word	1036831949
	.section	.rodata.cst8,"aM",@progbits,8
	.align	3
.LC1:
	.byte	0
	.byte	1
	.byte	2
	.byte	3
	.byte	4
	.byte	5
	.byte	6
	.byte	7
	.data
	.align	4
	.set	.LANCHOR0,. + 0
	.type	state, %object
	.size	state, 8
state:
	.xword	88172645463325252
	.zero	8
	.type	table, %object
	.size	table, 400
table:
	.word	1069547520
	.word	1075838976
	.zero	392
	.bss
	.align	4
	.set	.LANCHOR1,. + 0
	.type	histogram, %object
	.size	histogram, 1024
histogram:
	.zero	1024
	.section	.data.rel.local,"aw"
	.align	4
	.set	.LANCHOR2,. + 0
	.type	names, %object
	.size	names, 24
names:
	.xword	.LC2
	.xword	.LC3
	.xword	.LC4
	.ident	"GCC: (Debian 12.2.0-14) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
