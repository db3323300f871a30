	.arch armv8-a
	.file	"conv-3.c"
	.text
	.align	2
	.p2align 4,,11
	.global	layer
	.type	layer, %function
layer:
	adrp	x0, scores
	adrp	x15, weights
	adrp	x3, weights+9216
	adrp	x16, pixels+256
	add	x0, x0, :lo12:scores
	add	x15, x15, :lo12:weights
	add	x3, x3, :lo12:weights+9216
	add	x16, x16, :lo12:pixels+256
	mov	x14, 544
	mov	x13, 528
	mov	x12, 512
	mov	x11, 32
	mov	x10, 16
	mov	x8, 0
	mov	x9, -256
	mov	x7, 896
	mov	x17, 13440
	stp	d8, d9, [sp, -112]!
	stp	d10, d11, [sp, 16]
	stp	d12, d13, [sp, 32]
	stp	d14, d15, [sp, 48]
.L2:
	add	x4, x16, x8
	sub	x6, x7, #896
	mov	x5, x0
	.p2align 3,,7
.L6:
	add	x2, x9, x4
	mov	x18, x15
	ldp	q18, q31, [x4]
	mov	x1, x5
	ldr	q17, [x2, x8]
	ldr	q16, [x2, x10]
	ldr	q15, [x2, x11]
	ldr	q14, [x2, x12]
	ldr	q13, [x2, x13]
	ldr	q12, [x2, x14]
	ldr	q30, [x4, 32]
	mov	v29.16b, v17.16b
	.p2align 3,,7
.L3:
	ldp	q6, q28, [x18]
	adrp	x2, .LC0
	ldp	q23, q1, [x18, 32]
	ldp	q3, q2, [x18, 432]
	eor	v6.16b, v29.16b, v6.16b
	eor	v28.16b, v16.16b, v28.16b
	ldp	q4, q24, [x18, 288]
	cnt	v6.16b, v6.16b
	cnt	v28.16b, v28.16b
	eor	v3.16b, v29.16b, v3.16b
	eor	v23.16b, v15.16b, v23.16b
	eor	v2.16b, v16.16b, v2.16b
	add	v6.16b, v6.16b, v28.16b
	eor	v4.16b, v29.16b, v4.16b
	cnt	v23.16b, v23.16b
	cnt	v2.16b, v2.16b
	eor	v24.16b, v16.16b, v24.16b
	cnt	v3.16b, v3.16b
	ldp	q5, q27, [x18, 144]
	cnt	v24.16b, v24.16b
	add	v3.16b, v3.16b, v2.16b
	add	v6.16b, v6.16b, v23.16b
	ldp	q2, q23, [x18, 576]
	cnt	v4.16b, v4.16b
	ldp	q9, q22, [x18, 176]
	ldp	q19, q20, [x18, 464]
	add	v4.16b, v4.16b, v24.16b
	eor	v5.16b, v29.16b, v5.16b
	eor	v24.16b, v16.16b, v23.16b
	ldr	q23, [x18, 608]
	eor	v27.16b, v16.16b, v27.16b
	eor	v2.16b, v29.16b, v2.16b
	cnt	v24.16b, v24.16b
	cnt	v5.16b, v5.16b
	cnt	v27.16b, v27.16b
	eor	v9.16b, v15.16b, v9.16b
	eor	v19.16b, v15.16b, v19.16b
	cnt	v2.16b, v2.16b
	eor	v23.16b, v15.16b, v23.16b
	ldp	q26, q17, [x18, 320]
	add	v5.16b, v5.16b, v27.16b
	cnt	v9.16b, v9.16b
	cnt	v19.16b, v19.16b
	add	v2.16b, v2.16b, v24.16b
	cnt	v23.16b, v23.16b
	eor	v1.16b, v18.16b, v1.16b
	eor	v22.16b, v18.16b, v22.16b
	add	v5.16b, v5.16b, v9.16b
	add	v3.16b, v3.16b, v19.16b
	ldr	q19, [x18, 720]
	cnt	v1.16b, v1.16b
	cnt	v22.16b, v22.16b
	add	v2.16b, v2.16b, v23.16b
	ldr	q23, [x18, 736]
	eor	v26.16b, v15.16b, v26.16b
	add	v6.16b, v6.16b, v1.16b
	add	v5.16b, v5.16b, v22.16b
	ldr	q22, [x18, 752]
	cnt	v26.16b, v26.16b
	eor	v1.16b, v16.16b, v23.16b
	eor	v17.16b, v18.16b, v17.16b
	eor	v19.16b, v29.16b, v19.16b
	ldp	q8, q0, [x18, 64]
	add	v4.16b, v4.16b, v26.16b
	cnt	v17.16b, v17.16b
	cnt	v19.16b, v19.16b
	eor	v22.16b, v15.16b, v22.16b
	cnt	v1.16b, v1.16b
	ldp	q7, q10, [x18, 208]
	add	v4.16b, v4.16b, v17.16b
	add	v1.16b, v19.16b, v1.16b
	cnt	v17.16b, v22.16b
	eor	v8.16b, v31.16b, v8.16b
	ldp	q25, q11, [x18, 352]
	ldr	q21, [x18, 496]
	ldr	q9, [x18, 624]
	ldr	q24, [x18, 640]
	ldr	q27, [x18, 656]
	ldp	q19, q23, [x18, 768]
	cnt	v8.16b, v8.16b
	add	v1.16b, v1.16b, v17.16b
	ldp	q17, q22, [x18, 864]
	eor	v7.16b, v31.16b, v7.16b
	add	v6.16b, v6.16b, v8.16b
	ldr	q8, [x18, 896]
	cnt	v7.16b, v7.16b
	eor	v17.16b, v29.16b, v17.16b
	eor	v22.16b, v16.16b, v22.16b
	eor	v20.16b, v18.16b, v20.16b
	add	v5.16b, v5.16b, v7.16b
	cnt	v17.16b, v17.16b
	cnt	v22.16b, v22.16b
	eor	v7.16b, v15.16b, v8.16b
	ldr	q8, [x18, 912]
	add	v17.16b, v17.16b, v22.16b
	eor	v25.16b, v31.16b, v25.16b
	cnt	v7.16b, v7.16b
	eor	v8.16b, v18.16b, v8.16b
	cnt	v20.16b, v20.16b
	cnt	v25.16b, v25.16b
	add	v7.16b, v17.16b, v7.16b
	cnt	v8.16b, v8.16b
	eor	v21.16b, v31.16b, v21.16b
	add	v3.16b, v3.16b, v20.16b
	add	v4.16b, v4.16b, v25.16b
	ldr	q25, [x18, 1024]
	cnt	v21.16b, v21.16b
	add	v7.16b, v7.16b, v8.16b
	ldr	q8, [x18, 1008]
	add	v3.16b, v3.16b, v21.16b
	eor	v21.16b, v16.16b, v25.16b
	eor	v8.16b, v29.16b, v8.16b
	eor	v10.16b, v30.16b, v10.16b
	eor	v9.16b, v18.16b, v9.16b
	cnt	v21.16b, v21.16b
	cnt	v8.16b, v8.16b
	cnt	v10.16b, v10.16b
	eor	v19.16b, v18.16b, v19.16b
	ldr	q22, [x18, 96]
	add	v8.16b, v8.16b, v21.16b
	ldr	q21, [x18, 1040]
	add	v5.16b, v5.16b, v10.16b
	ldr	q26, [x18, 800]
	eor	v21.16b, v15.16b, v21.16b
	cnt	v9.16b, v9.16b
	cnt	v19.16b, v19.16b
	eor	v23.16b, v31.16b, v23.16b
	cnt	v21.16b, v21.16b
	ldr	q20, [x18, 512]
	add	v2.16b, v2.16b, v9.16b
	add	v8.16b, v8.16b, v21.16b
	ldr	q21, [x18, 1056]
	eor	v9.16b, v30.16b, v27.16b
	add	v1.16b, v1.16b, v19.16b
	eor	v10.16b, v18.16b, v21.16b
	cnt	v23.16b, v23.16b
	eor	v19.16b, v30.16b, v26.16b
	eor	v27.16b, v14.16b, v22.16b
	cnt	v10.16b, v10.16b
	ldr	q22, [x18, 928]
	eor	v24.16b, v31.16b, v24.16b
	add	v8.16b, v8.16b, v10.16b
	ldr	q10, [x18, 1072]
	ldr	q26, [x18, 240]
	ldr	q28, [x18, 944]
	ldr	q17, [x18, 992]
	cnt	v24.16b, v24.16b
	add	v1.16b, v1.16b, v23.16b
	cnt	v19.16b, v19.16b
	str	q17, [sp, 96]
	eor	v20.16b, v30.16b, v20.16b
	eor	v22.16b, v31.16b, v22.16b
	eor	v10.16b, v31.16b, v10.16b
	add	v2.16b, v2.16b, v24.16b
	cnt	v9.16b, v9.16b
	cnt	v20.16b, v20.16b
	add	v1.16b, v1.16b, v19.16b
	ldr	q19, [x18, 1088]
	cnt	v22.16b, v22.16b
	cnt	v10.16b, v10.16b
	eor	v17.16b, v14.16b, v26.16b
	ldr	q26, [x18, 384]
	eor	v0.16b, v30.16b, v0.16b
	eor	v11.16b, v30.16b, v11.16b
	eor	v28.16b, v30.16b, v28.16b
	add	v2.16b, v2.16b, v9.16b
	ldp	q24, q9, [x18, 672]
	cnt	v0.16b, v0.16b
	cnt	v11.16b, v11.16b
	cnt	v28.16b, v28.16b
	add	v3.16b, v3.16b, v20.16b
	ldp	q25, q20, [x18, 528]
	add	v7.16b, v7.16b, v22.16b
	add	v8.16b, v8.16b, v10.16b
	eor	v26.16b, v14.16b, v26.16b
	eor	v10.16b, v30.16b, v19.16b
	ldr	q23, [x18, 816]
	ldr	q22, [x18, 960]
	add	v6.16b, v6.16b, v0.16b
	add	v4.16b, v4.16b, v11.16b
	cnt	v27.16b, v27.16b
	add	v7.16b, v7.16b, v28.16b
	cnt	v26.16b, v26.16b
	cnt	v28.16b, v10.16b
	eor	v24.16b, v14.16b, v24.16b
	eor	v25.16b, v14.16b, v25.16b
	ldr	q0, [x18, 112]
	ldr	q21, [x18, 256]
	ldr	q11, [x18, 400]
	ldr	q19, [x18, 832]
	ldr	q10, [x18, 976]
	add	v6.16b, v6.16b, v27.16b
	ldr	q27, [x18, 1104]
	add	v4.16b, v4.16b, v26.16b
	ldr	q26, [x18, 416]
	cnt	v24.16b, v24.16b
	cnt	v25.16b, v25.16b
	add	v8.16b, v8.16b, v28.16b
	ldr	q28, [x18, 128]
	cnt	v17.16b, v17.16b
	eor	v23.16b, v14.16b, v23.16b
	eor	v22.16b, v14.16b, v22.16b
	add	v2.16b, v2.16b, v24.16b
	ldr	q24, [x18, 704]
	cnt	v23.16b, v23.16b
	add	v3.16b, v3.16b, v25.16b
	ldr	q25, [x18, 560]
	cnt	v22.16b, v22.16b
	add	v5.16b, v5.16b, v17.16b
	ldr	q17, [x18, 1120]
	eor	v28.16b, v12.16b, v28.16b
	eor	v26.16b, v12.16b, v26.16b
	eor	v0.16b, v13.16b, v0.16b
	eor	v11.16b, v13.16b, v11.16b
	eor	v27.16b, v14.16b, v27.16b
	add	v1.16b, v1.16b, v23.16b
	stp	q28, q26, [sp, 64]
	ldr	q23, [sp, 96]
	ldr	q28, [x18, 272]
	add	v7.16b, v7.16b, v22.16b
	ldr	q22, [x18, 1136]
	cnt	v27.16b, v27.16b
	eor	v26.16b, v12.16b, v25.16b
	eor	v9.16b, v13.16b, v9.16b
	eor	v25.16b, v12.16b, v24.16b
	ldr	q24, [x18, 848]
	add	x18, x18, 1152
	cnt	v0.16b, v0.16b
	cnt	v11.16b, v11.16b
	eor	v20.16b, v13.16b, v20.16b
	eor	v21.16b, v13.16b, v21.16b
	eor	v19.16b, v13.16b, v19.16b
	eor	v10.16b, v13.16b, v10.16b
	eor	v17.16b, v13.16b, v17.16b
	add	v0.16b, v6.16b, v0.16b
	add	v8.16b, v8.16b, v27.16b
	add	v11.16b, v4.16b, v11.16b
	ldp	q6, q4, [sp, 64]
	cnt	v9.16b, v9.16b
	cnt	v20.16b, v20.16b
	cnt	v21.16b, v21.16b
	cnt	v19.16b, v19.16b
	cnt	v10.16b, v10.16b
	cnt	v17.16b, v17.16b
	eor	v22.16b, v12.16b, v22.16b
	eor	v23.16b, v12.16b, v23.16b
	eor	v28.16b, v12.16b, v28.16b
	eor	v24.16b, v12.16b, v24.16b
	add	v9.16b, v2.16b, v9.16b
	add	v19.16b, v1.16b, v19.16b
	add	v20.16b, v3.16b, v20.16b
	add	v2.16b, v7.16b, v10.16b
	add	v21.16b, v5.16b, v21.16b
	add	v17.16b, v8.16b, v17.16b
	cnt	v22.16b, v22.16b
	cnt	v23.16b, v23.16b
	cnt	v26.16b, v26.16b
	cnt	v25.16b, v25.16b
	cnt	v28.16b, v28.16b
	cnt	v24.16b, v24.16b
	cnt	v6.16b, v6.16b
	cnt	v27.16b, v4.16b
	add	v17.16b, v17.16b, v22.16b
	add	v2.16b, v2.16b, v23.16b
	add	v20.16b, v20.16b, v26.16b
	add	v1.16b, v9.16b, v25.16b
	add	v21.16b, v21.16b, v28.16b
	add	v19.16b, v19.16b, v24.16b
	add	v0.16b, v0.16b, v6.16b
	add	v11.16b, v11.16b, v27.16b
	addp	v2.16b, v2.16b, v17.16b
	addp	v1.16b, v1.16b, v19.16b
	addp	v0.16b, v0.16b, v21.16b
	addp	v11.16b, v11.16b, v20.16b
	uaddlp	v2.8h, v2.16b
	uaddlp	v1.8h, v1.16b
	uaddlp	v0.8h, v0.16b
	uaddlp	v11.8h, v11.16b
	addp	v1.8h, v1.8h, v2.8h
	addp	v0.8h, v0.8h, v11.8h
	addp	v0.8h, v0.8h, v1.8h
	ldr	q1, [x2, #:lo12:.LC0]
	shl	v0.8h, v0.8h, 1
	sub	v0.8h, v1.8h, v0.8h
	str	q0, [x1], 16
	cmp	x3, x18
	bne	.L3
	add	x6, x6, 64
	add	x4, x4, 16
	add	x5, x5, 128
	cmp	x7, x6
	bne	.L6
	add	x7, x7, 896
	add	x0, x0, 1792
	sub	x9, x9, #256
	add	x8, x8, 256
	add	x10, x10, 256
	add	x11, x11, 256
	add	x12, x12, 256
	add	x13, x13, 256
	add	x14, x14, 256
	cmp	x7, x17
	bne	.L2
	ldp	d10, d11, [sp, 16]
	ldp	d12, d13, [sp, 32]
	ldp	d14, d15, [sp, 48]
	ldp	d8, d9, [sp], 112
	ret
	.size	layer, .-layer
	.section	.text.startup,"ax",@progbits
	.align	2
	.p2align 4,,11
	.global	main
	.type	main, %function
main:
	stp	x29, x30, [sp, -112]!
	adrp	x3, .LANCHOR0
	adrp	x8, pixels
	mov	x29, sp
	ldr	w0, [x3, #:lo12:.LANCHOR0]
	adrp	x1, pixels+272
	stp	x21, x22, [sp, 32]
	add	x21, x8, :lo12:pixels
	add	x4, x21, 3856
	add	x1, x1, :lo12:pixels+272
	stp	x19, x20, [sp, 16]
	stp	x23, x24, [sp, 48]
	stp	x25, x26, [sp, 64]
	stp	x27, x28, [sp, 80]
.L12:
	mov	x2, x1
	add	x5, x1, 224
.L11:
	eor	w0, w0, w0, lsl 13
	eor	w0, w0, w0, lsr 17
	eor	w0, w0, w0, lsl 5
	strb	w0, [x2], 1
	cmp	x5, x2
	bne	.L11
	add	x1, x1, 256
	cmp	x4, x1
	bne	.L12
	mov	x1, 9216
	adrp	x20, weights
	add	x20, x20, :lo12:weights
	add	x19, x20, x1
	mov	x1, x20
.L13:
	eor	w0, w0, w0, lsl 13
	eor	w0, w0, w0, lsr 17
	eor	w0, w0, w0, lsl 5
	strb	w0, [x1], 1
	cmp	x19, x1
	bne	.L13
	str	w0, [x3, #:lo12:.LANCHOR0]
	bl	layer
	adrp	x15, scores
	add	x8, x21, 224
	add	x15, x15, :lo12:scores
	mov	w0, 0
	mov	w16, 0
	mov	w14, 576
.L14:
	sub	x11, x8, #224
	sub	x13, x8, #208
	sub	x12, x8, #192
	mov	x17, x15
.L19:
	mov	x6, x20
	mov	x7, x17
.L16:
	ldrsh	w9, [x7]
	mov	x5, x12
	mov	x4, x13
	mov	x2, x6
	mov	x3, x11
	mov	w1, 0
	mov	w10, 0
.L15:
	ldrb	w21, [x2]
	add	w10, w10, 1
	ldrb	w18, [x3]
	add	x4, x4, 256
	ldrb	w23, [x2, 1]
	add	x3, x3, 256
	ldrb	w22, [x3, -255]
	eor	w18, w18, w21
	and	x18, x18, 255
	fmov	d3, x18
	eor	w22, w22, w23
	ldrb	w18, [x3, -253]
	ldrb	w23, [x2, 3]
	and	x22, x22, 255
	ldrb	w24, [x2, 2]
	fmov	d2, x22
	ldrb	w21, [x3, -254]
	eor	w18, w18, w23
	and	x18, x18, 255
	cnt	v3.8b, v3.8b
	eor	w21, w21, w24
	fmov	d0, x18
	and	x21, x21, 255
	fmov	d1, x21
	ldrb	w22, [x3, -252]
	cnt	v2.8b, v2.8b
	ldrb	w21, [x2, 4]
	cnt	v0.8b, v0.8b
	ldrb	w26, [x2, 6]
	cnt	v1.8b, v1.8b
	ldrb	w18, [x3, -250]
	addv	b3, v3.8b
	ldrb	w24, [x2, 5]
	eor	w22, w22, w21
	ldrb	w23, [x3, -251]
	and	x22, x22, 255
	eor	w18, w18, w26
	ldrb	w25, [x2, 7]
	ldrb	w21, [x3, -249]
	addv	b2, v2.8b
	addv	b0, v0.8b
	eor	w23, w23, w24
	and	x18, x18, 255
	ldrb	w24, [x3, -248]
	fmov	d6, x22
	fmov	d4, x18
	ldrb	w22, [x2, 8]
	addv	b1, v1.8b
	ldrb	w26, [x2, 10]
	and	x23, x23, 255
	ldrb	w18, [x3, -246]
	eor	w21, w21, w25
	ldrb	w27, [x2, 9]
	fmov	w25, s3
	eor	w24, w24, w22
	fmov	d5, x23
	cnt	v6.8b, v6.8b
	ldrb	w23, [x3, -247]
	cnt	v4.8b, v4.8b
	and	x21, x21, 255
	and	x24, x24, 255
	eor	w18, w18, w26
	ldrb	w22, [x2, 11]
	fmov	w28, s0
	ldrb	w30, [x2, 12]
	eor	w23, w23, w27
	and	x18, x18, 255
	fmov	d3, x21
	fmov	d0, x18
	ldrb	w21, [x3, -245]
	str	s2, [sp, 108]
	fmov	d2, x24
	ldrb	w24, [x3, -244]
	fmov	w27, s1
	and	x23, x23, 255
	ldrb	w18, [x2, 13]
	addv	b6, v6.8b
	addv	b4, v4.8b
	eor	w21, w21, w22
	add	w1, w1, w25
	ldrb	w22, [x3, -242]
	eor	w30, w24, w30
	ldrb	w25, [x2, 14]
	fmov	d1, x23
	ldrb	w24, [x3, -241]
	cnt	v5.8b, v5.8b
	ldrb	w23, [x3, -243]
	cnt	v0.8b, v0.8b
	ldr	w26, [sp, 108]
	and	x21, x21, 255
	eor	w18, w23, w18
	fmov	d16, x21
	add	w1, w1, w26
	cnt	v3.8b, v3.8b
	cnt	v2.8b, v2.8b
	and	x18, x18, 255
	add	w1, w1, w27
	fmov	w21, s6
	addv	b5, v5.8b
	addv	b0, v0.8b
	eor	w25, w22, w25
	add	w1, w1, w28
	ldrb	w22, [x4, -255]
	fmov	d7, x18
	ldrb	w28, [x2, 17]
	fmov	w18, s4
	cnt	v4.8b, v16.8b
	ldrb	w26, [x2, 15]
	addv	b3, v3.8b
	addv	b2, v2.8b
	and	x30, x30, 255
	eor	w28, w22, w28
	fmov	d17, x30
	ldrb	w23, [x4, -256]
	ldrb	w27, [x2, 16]
	and	x28, x28, 255
	fmov	w30, s5
	eor	w26, w24, w26
	add	w1, w1, w21
	ldrb	w24, [x4, -254]
	ldrb	w21, [x2, 18]
	fmov	d6, x28
	cnt	v17.8b, v17.8b
	fmov	w28, s0
	addv	b0, v4.8b
	and	x25, x25, 255
	and	x26, x26, 255
	eor	w27, w23, w27
	cnt	v1.8b, v1.8b
	and	x27, x27, 255
	eor	w21, w24, w21
	fmov	d16, x25
	fmov	w25, s3
	fmov	d3, x26
	fmov	w26, s2
	fmov	d2, x27
	and	x21, x21, 255
	ldrb	w23, [x4, -253]
	cnt	v7.8b, v7.8b
	add	w1, w1, w30
	fmov	d5, x21
	ldrb	w30, [x2, 19]
	fmov	w21, s0
	cnt	v0.8b, v2.8b
	addv	b2, v17.8b
	addv	b1, v1.8b
	eor	w30, w23, w30
	ldrb	w22, [x4, -252]
	and	x30, x30, 255
	add	w1, w1, w18
	fmov	d4, x30
	ldrb	w18, [x2, 20]
	fmov	w30, s2
	cnt	v16.8b, v16.8b
	addv	b2, v7.8b
	fmov	w27, s1
	cnt	v1.8b, v3.8b
	eor	w18, w22, w18
	and	x18, x18, 255
	ldrb	w24, [x4, -251]
	add	w1, w1, w25
	fmov	d3, x18
	ldrb	w25, [x2, 21]
	fmov	w18, s2
	cnt	v6.8b, v6.8b
	addv	b2, v16.8b
	ldrb	w23, [x4, -250]
	addv	b1, v1.8b
	add	w1, w1, w26
	cnt	v5.8b, v5.8b
	ldrb	w26, [x2, 22]
	addv	b0, v0.8b
	ldrb	w22, [x4, -249]
	add	w1, w1, w27
	eor	w25, w24, w25
	ldrb	w27, [x2, 23]
	ldrb	w24, [x4, -248]
	add	w1, w1, w28
	and	x25, x25, 255
	ldrb	w28, [x2, 24]
	eor	w26, w23, w26
	cnt	v4.8b, v4.8b
	addv	b6, v6.8b
	and	x26, x26, 255
	eor	w27, w22, w27
	fmov	d7, x25
	fmov	w25, s2
	fmov	d2, x26
	ldrb	w23, [x4, -247]
	fmov	w26, s1
	addv	b5, v5.8b
	add	w1, w1, w21
	and	x27, x27, 255
	ldrb	w21, [x2, 25]
	eor	w28, w24, w28
	fmov	d1, x27
	cnt	v3.8b, v3.8b
	ldrb	w22, [x4, -246]
	fmov	w27, s0
	add	w1, w1, w30
	and	x28, x28, 255
	ldrb	w30, [x2, 26]
	fmov	d0, x28
	cnt	v7.8b, v7.8b
	cnt	v2.8b, v2.8b
	addv	b4, v4.8b
	eor	w21, w23, w21
	cnt	v1.8b, v1.8b
	fmov	w28, s6
	add	w1, w1, w18
	and	x21, x21, 255
	eor	w30, w22, w30
	fmov	d6, x21
	cnt	v0.8b, v0.8b
	ldrb	w24, [x4, -245]
	fmov	w21, s5
	ldrb	w18, [x2, 27]
	addv	b3, v3.8b
	add	w1, w1, w25
	and	x30, x30, 255
	fmov	d5, x30
	ldrb	w22, [x4, -243]
	ldrb	w25, [x2, 28]
	addv	b7, v7.8b
	ldrb	w23, [x4, -244]
	addv	b2, v2.8b
	add	w1, w1, w26
	cnt	v6.8b, v6.8b
	ldrb	w26, [x2, 29]
	fmov	w30, s4
	addv	b1, v1.8b
	eor	w18, w24, w18
	add	w1, w1, w27
	ldrb	w24, [x4, -242]
	ldrb	w27, [x2, 30]
	cnt	v5.8b, v5.8b
	addv	b0, v0.8b
	and	x18, x18, 255
	eor	w25, w23, w25
	add	w1, w1, w28
	ldrb	w23, [x4, -241]
	eor	w26, w22, w26
	ldrb	w28, [x2, 31]
	fmov	d4, x18
	ldrb	w22, [x5]
	fmov	w18, s3
	and	x25, x25, 255
	add	w1, w1, w21
	and	x26, x26, 255
	ldrb	w21, [x2, 32]
	eor	w27, w24, w27
	fmov	d3, x25
	addv	b6, v6.8b
	fmov	w25, s7
	and	x27, x27, 255
	eor	w28, w23, w28
	fmov	d7, x26
	cnt	v4.8b, v4.8b
	fmov	w26, s2
	fmov	d2, x27
	ldrb	w24, [x5, 1]
	fmov	w27, s1
	addv	b5, v5.8b
	add	w1, w1, w30
	and	x28, x28, 255
	ldrb	w30, [x2, 33]
	eor	w21, w22, w21
	fmov	d1, x28
	cnt	v3.8b, v3.8b
	fmov	w28, s0
	and	x21, x21, 255
	cnt	v7.8b, v7.8b
	fmov	d0, x21
	cnt	v2.8b, v2.8b
	ldrb	w23, [x5, 2]
	add	w1, w1, w18
	eor	w30, w24, w30
	ldrb	w18, [x2, 34]
	cnt	v1.8b, v1.8b
	fmov	w21, s6
	addv	b4, v4.8b
	add	w1, w1, w25
	and	x30, x30, 255
	cnt	v0.8b, v0.8b
	ldrb	w22, [x5, 3]
	addv	b3, v3.8b
	ldrb	w25, [x2, 35]
	add	w1, w1, w26
	eor	w18, w23, w18
	fmov	d6, x30
	fmov	w30, s5
	ldrb	w24, [x5, 4]
	ldrb	w23, [x5, 5]
	addv	b7, v7.8b
	ldrb	w26, [x2, 36]
	addv	b2, v2.8b
	add	w1, w1, w27
	and	x18, x18, 255
	ldrb	w27, [x2, 37]
	fmov	d5, x18
	addv	b1, v1.8b
	eor	w25, w22, w25
	add	w1, w1, w28
	ldrb	w22, [x5, 6]
	ldrb	w28, [x2, 38]
	cnt	v6.8b, v6.8b
	fmov	w18, s4
	addv	b0, v0.8b
	and	x25, x25, 255
	eor	w26, w24, w26
	add	w1, w1, w21
	ldrb	w24, [x5, 7]
	ldrb	w21, [x2, 39]
	eor	w27, w23, w27
	fmov	d4, x25
	cnt	v5.8b, v5.8b
	ldrb	w23, [x5, 8]
	fmov	w25, s3
	and	x26, x26, 255
	add	w1, w1, w30
	and	x27, x27, 255
	ldrb	w30, [x2, 40]
	eor	w28, w22, w28
	fmov	d3, x26
	and	x28, x28, 255
	fmov	w26, s7
	eor	w21, w24, w21
	fmov	d7, x27
	cnt	v4.8b, v4.8b
	fmov	w27, s2
	fmov	d2, x28
	addv	b6, v6.8b
	fmov	w28, s1
	and	x21, x21, 255
	eor	w30, w23, w30
	fmov	d1, x21
	cnt	v3.8b, v3.8b
	ldrb	w22, [x5, 9]
	fmov	w21, s0
	addv	b5, v5.8b
	add	w1, w1, w18
	and	x30, x30, 255
	ldrb	w18, [x2, 41]
	fmov	d0, x30
	cnt	v2.8b, v2.8b
	cnt	v1.8b, v1.8b
	ldrb	w24, [x5, 10]
	addv	b4, v4.8b
	add	w1, w1, w25
	eor	w18, w22, w18
	ldrb	w25, [x2, 42]
	cnt	v7.8b, v7.8b
	cnt	v0.8b, v0.8b
	ldrb	w23, [x5, 11]
	fmov	w30, s6
	addv	b3, v3.8b
	add	w1, w1, w26
	and	x18, x18, 255
	ldrb	w26, [x2, 43]
	addv	b2, v2.8b
	ldrb	w22, [x5, 12]
	add	w1, w1, w27
	eor	w25, w24, w25
	ldrb	w27, [x2, 44]
	fmov	d6, x18
	fmov	w18, s5
	ldrb	w24, [x5, 13]
	addv	b1, v1.8b
	add	w1, w1, w28
	and	x25, x25, 255
	ldrb	w28, [x2, 45]
	eor	w26, w23, w26
	fmov	d5, x25
	ldrb	w23, [x5, 14]
	fmov	w25, s4
	addv	b0, v0.8b
	add	w1, w1, w21
	and	x26, x26, 255
	ldrb	w21, [x2, 46]
	eor	w27, w22, w27
	fmov	d4, x26
	cnt	v6.8b, v6.8b
	addv	b7, v7.8b
	ldrb	w22, [x5, 15]
	fmov	w26, s3
	add	w1, w1, w30
	and	x27, x27, 255
	ldrb	w30, [x2, 47]
	fmov	d3, x27
	cnt	v5.8b, v5.8b
	eor	w28, w24, w28
	add	w1, w1, w18
	and	x24, x28, 255
	fmov	w18, s2
	eor	w23, w23, w21
	fmov	d2, x24
	cnt	v4.8b, v4.8b
	fmov	w21, s1
	and	x23, x23, 255
	cnt	v3.8b, v3.8b
	fmov	d1, x23
	eor	w22, w22, w30
	fmov	w23, s0
	and	x22, x22, 255
	fmov	w27, s7
	fmov	d0, x22
	addv	b6, v6.8b
	cnt	v2.8b, v2.8b
	addv	b5, v5.8b
	cnt	v1.8b, v1.8b
	addv	b4, v4.8b
	cnt	v0.8b, v0.8b
	add	w1, w1, w25
	addv	b3, v3.8b
	add	w1, w1, w26
	fmov	w22, s6
	addv	b2, v2.8b
	add	w1, w1, w27
	add	w1, w1, w18
	fmov	w24, s5
	addv	b1, v1.8b
	fmov	w18, s4
	add	w1, w1, w21
	addv	b0, v0.8b
	add	w1, w1, w23
	fmov	w23, s3
	add	w1, w1, w22
	fmov	w22, s2
	fmov	w21, s1
	add	w1, w1, w24
	add	w1, w1, w18
	fmov	w18, s0
	add	w1, w1, w23
	add	x5, x5, 256
	add	w1, w1, w22
	add	x2, x2, 48
	add	w1, w1, w21
	add	w1, w1, w18
	cmp	w10, 3
	bne	.L15
	sub	w1, w14, w1
	add	x6, x6, 144
	add	x7, x7, 2
	sbfiz	w1, w1, 1, 15
	cmp	w1, w9
	cinc	w0, w0, ne
	cmp	x19, x6
	bne	.L16
	add	x11, x11, 16
	add	x13, x13, 16
	add	x12, x12, 16
	add	x17, x17, 128
	cmp	x8, x11
	bne	.L19
	add	w16, w16, 1
	add	x8, x8, 256
	add	x15, x15, 1792
	cmp	w16, 14
	bne	.L14
	cbz	w0, .L10
	sxtw	x1, w0
	strb	wzr, [x1]
.L10:
	ldp	x19, x20, [sp, 16]
	ldp	x21, x22, [sp, 32]
	ldp	x23, x24, [sp, 48]
	ldp	x25, x26, [sp, 64]
	ldp	x27, x28, [sp, 80]
	ldp	x29, x30, [sp], 112
	ret
	.size	main, .-main
	.section	.rodata.cst16,"aM",@progbits,16
	.align	4
.LC0:
	.hword	1152
	.hword	1152
	.hword	1152
	.hword	1152
	.hword	1152
	.hword	1152
	.hword	1152
	.hword	1152
	.data
	.align	2
	.set	.LANCHOR0,. + 0
	.type	random.0, %object
	.size	random.0, 4
random.0:
	.word	-1831433054
	.bss
	.align	4
	.type	scores, %object
	.size	scores, 25088
scores:
	.zero	25088
	.type	weights, %object
	.size	weights, 9216
weights:
	.zero	9216
	.type	pixels, %object
	.size	pixels, 4096
pixels:
	.zero	4096
	.ident	"GCC: (Debian 12.2.0-14) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
