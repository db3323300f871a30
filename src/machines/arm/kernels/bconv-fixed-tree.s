// Binary convolution with what follows it in fixed-point data flow: bconv_tree_fixed. The loop is that of bconv-direct.s:
// counts of 8 channels are added in a tree of addp, sums are in 16 bits from three steps on.
//
// Parameters: bconv-fixed.inc. Weights are those of bconv-direct.s: [panel][row of the window][16, 8 or 4 bytes of depth][8
// channels], and 32 bytes behind them.
//
// v0-v3 pixels; v4-v7 weights; v8, v9, v14, v15 counts that wait for others; v10-v13 and v16-v19 sums in byte lanes; v20-v23
// sums; v24-v31 differing bits; at the output, v0-v3 bases, v4-v7 shortcut.

        .include "bconv-fixed.inc"
        .include "bconv-direct-steps.inc"
        .include "bconv-direct-tile.inc"

        .macro  tree_fixed_tile
        tree_tile fixed
        flush   ahead
        load_ahead
        .endm
        .macro  tree_fixed_aside
        tree_aside fixed
        .endm

        .text
        .global bconv_tree_fixed
bconv_tree_fixed:
        bconv_fixed tree_fixed, "20, 21, 22, 23"
        masks
