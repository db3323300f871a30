;; Binary matrix product. Linear memory holds, one after the other and each row
;; `bytes` long (a multiple of 16):
;;
;;   weights  rows x bytes      rows a multiple of 4
;;   columns  pixels x bytes    one gathered window per output pixel
;;   out      pixels x rows     32-bit integers
;;
;; out[p][o] = base - (popcount(columns[p] ^ weights[o]) << shift)
;;
;; Four weight rows meet one column at a time. Byte lanes count up to 8 a step, so
;; they are widened and emptied after 31 steps (248 < 256).
(module
  (memory (export "memory") 1)

  (func (export "product")
    (param $weights i32) (param $columns i32) (param $out i32)
    (param $rows i32) (param $pixels i32) (param $bytes i32)
    (param $base i32) (param $shift i32)
    (local $row i32) (local $pixel i32)
    (local $w0 i32) (local $w1 i32) (local $w2 i32) (local $w3 i32)
    (local $x i32) (local $i i32) (local $stop i32) (local $to i32)
    (local $column v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)

    (local.set $w0 (local.get $weights))
    (loop $next_rows
      (local.set $w1 (i32.add (local.get $w0) (local.get $bytes)))
      (local.set $w2 (i32.add (local.get $w1) (local.get $bytes)))
      (local.set $w3 (i32.add (local.get $w2) (local.get $bytes)))
      (local.set $x (local.get $columns))
      (local.set $to (i32.add (local.get $out) (i32.shl (local.get $row) (i32.const 2))))
      (local.set $pixel (i32.const 0))

      (loop $next_pixel
        (local.set $s0 (v128.const i32x4 0 0 0 0))
        (local.set $s1 (v128.const i32x4 0 0 0 0))
        (local.set $s2 (v128.const i32x4 0 0 0 0))
        (local.set $s3 (v128.const i32x4 0 0 0 0))
        (local.set $i (i32.const 0))

        (loop $next_chunk
          (local.set $stop (i32.add (local.get $i) (i32.const 496)))
          (if (i32.gt_u (local.get $stop) (local.get $bytes))
            (then (local.set $stop (local.get $bytes))))
          (local.set $b0 (v128.const i32x4 0 0 0 0))
          (local.set $b1 (v128.const i32x4 0 0 0 0))
          (local.set $b2 (v128.const i32x4 0 0 0 0))
          (local.set $b3 (v128.const i32x4 0 0 0 0))

          (loop $next_step
            (local.set $column (v128.load (i32.add (local.get $x) (local.get $i))))
            (local.set $b0 (i8x16.add (local.get $b0) (i8x16.popcnt
              (v128.xor (local.get $column) (v128.load (i32.add (local.get $w0) (local.get $i)))))))
            (local.set $b1 (i8x16.add (local.get $b1) (i8x16.popcnt
              (v128.xor (local.get $column) (v128.load (i32.add (local.get $w1) (local.get $i)))))))
            (local.set $b2 (i8x16.add (local.get $b2) (i8x16.popcnt
              (v128.xor (local.get $column) (v128.load (i32.add (local.get $w2) (local.get $i)))))))
            (local.set $b3 (i8x16.add (local.get $b3) (i8x16.popcnt
              (v128.xor (local.get $column) (v128.load (i32.add (local.get $w3) (local.get $i)))))))
            (local.set $i (i32.add (local.get $i) (i32.const 16)))
            (br_if $next_step (i32.lt_u (local.get $i) (local.get $stop))))

          (local.set $s0 (i32x4.add (local.get $s0)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $b0)))))
          (local.set $s1 (i32x4.add (local.get $s1)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $b1)))))
          (local.set $s2 (i32x4.add (local.get $s2)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $b2)))))
          (local.set $s3 (i32x4.add (local.get $s3)
            (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $b3)))))
          (br_if $next_chunk (i32.lt_u (local.get $i) (local.get $bytes))))

        ;; Lane sums of s0..s3 become the lanes of one vector.
        (local.set $s0 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1))))
        (local.set $s2 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3))))
        (v128.store (local.get $to) (i32x4.sub
          (i32x4.splat (local.get $base))
          (i32x4.shl
            (i32x4.add
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $s0) (local.get $s2))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $s0) (local.get $s2)))
            (local.get $shift))))

        (local.set $x (i32.add (local.get $x) (local.get $bytes)))
        (local.set $to (i32.add (local.get $to) (i32.shl (local.get $rows) (i32.const 2))))
        (local.set $pixel (i32.add (local.get $pixel) (i32.const 1)))
        (br_if $next_pixel (i32.lt_u (local.get $pixel) (local.get $pixels))))

      (local.set $w0 (i32.add (local.get $w3) (local.get $bytes)))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br_if $next_rows (i32.lt_u (local.get $row) (local.get $rows))))))
