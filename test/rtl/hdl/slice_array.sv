// Array of ROWS kernels x COLS windows that share the results of 2-D slices of TAPS bits. A block is LANES input
// channels: V convolvers a lane compute what each distinct slice of the lane's channel gives in every column, then
// the adders of each row sum what its kernel picks, in folds of ROWS kernels. Both phases overlap over two halves of
// a result buffer. What a layer takes of it is loaded: blocks and folds, and how many pixel groups in a row share pool
// windows, of which o_d shows the OR so far.
// Input: { active[COLS], LANES*TAPS window bits of column COLS-1, ..., of column 0 }, a word for each block of each pixel
// group. Output is taken whenever o_v is 1.
module slice_array #(
  parameter integer ROWS = 4, parameter integer COLS = 4, parameter integer TAPS = 9, parameter integer LANES = 2,
  parameter integer V = 4,
  // The most that a layer may take: blocks, folds, their product, pixel groups a pool window; convolver cycles of all
  // blocks, and of one block.
  parameter integer BLOCKS = 8, parameter integer NF = 4, parameter integer PICKS = 32, parameter integer POOL = 1,
  parameter integer CYCLES = 16, parameter integer DEPTH = 2,
  parameter integer LD = (V*TAPS > 32*LANES) ? V*TAPS : 32*LANES
)(
  input wire clk, input wire rst,
  input wire i_v, output wire i_r, input wire [COLS*(LANES*TAPS+1)-1:0] i_d,
  output reg o_v, output reg [ROWS*COLS-1:0] o_d,
  // loading, by kind: 0 V slices of lane l_row in convolver cycle l_addr; 1 last convolver cycle of block l_addr;
  // 2 what row l_row picks in fold f of block b, l_addr = b * folds + f, 32 bits a lane:
  // { present[25], inverse[24], convolver[23:12], cycle[11:0] }; 3 fold l_addr of row l_row: { used[31], level[30:0] };
  // 4 layer: { last of pool[31:24], last fold[23:12], last block[11:0] }
  input wire l_we, input wire [2:0] l_kind, input wire [12:0] l_row, input wire [31:0] l_addr, input wire [LD-1:0] l_d
);
  localparam integer W = LANES*TAPS, RW = $clog2(TAPS+1), SW = $clog2(W+1), AW = $clog2(BLOCKS*W+2) + 1;
  localparam integer BW = BLOCKS > 1 ? $clog2(BLOCKS) : 1, KW = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam integer CW = CYCLES > 1 ? $clog2(CYCLES) : 1, FW = NF > 1 ? $clog2(NF) : 1;
  localparam integer IW = PICKS > 1 ? $clog2(PICKS) : 1, QW = POOL > 1 ? $clog2(POOL) : 1;
  localparam integer VW = V > 1 ? $clog2(V) : 1, PW = 2 + VW + KW;
  genvar r, c, l, n;

  // ---- layer -----------------------------------------------------------------------------------------------------
  reg [BW-1:0] last_block; reg [FW-1:0] last_fold; reg [QW-1:0] last_turn;
  always @(posedge clk) if (l_we && l_kind == 4) begin
    last_block <= l_d[BW-1:0]; last_fold <= l_d[12 +: FW]; last_turn <= l_d[24 +: QW];
  end

  // ---- window buffer, two halves ----------------------------------------------------------------------------------
  reg wh, rh; reg [BW-1:0] wn; reg [1:0] full; reg [COLS-1:0] active_of [0:1];
  assign i_r = !full[wh];
  wire take = i_v && i_r, fills = take && wn == last_block, ends;
  always @(posedge clk) if (rst) begin wh <= 0; rh <= 0; wn <= 0; full <= 0; end
    else begin
      if (take) wn <= fills ? 0 : wn + 1'b1;
      wh <= wh ^ fills; rh <= rh ^ ends;
      full <= (full & ~{ends && rh, ends && !rh}) | {fills && wh, fills && !wh};
    end
  always @(posedge clk) if (take) active_of[wh] <= i_d[COLS*W +: COLS];

  // ---- convolver phase: may be two blocks ahead of the adders -------------------------------------------------------
  reg [KW-1:0] last_of [0:BLOCKS-1];
  always @(posedge clk) if (l_we && l_kind == 1) last_of[l_addr[BW-1:0]] <= l_d[KW-1:0];
  reg [1:0] convolved, ready, added;                     // blocks that were issued, modulo 4; ready: a cycle later
  wire [1:0] ahead = convolved - added;
  reg [BW-1:0] block; reg [KW-1:0] k; reg [CW-1:0] at;
  wire go = full[rh] && ahead != 2;
  wire closes = go && k == last_of[block];
  assign ends = closes && block == last_block;
  always @(posedge clk) if (rst) begin block <= 0; k <= 0; at <= 0; convolved <= 0; ready <= 0; end
    else begin
      if (go) k <= closes ? 0 : k + 1'b1;
      if (go) at <= ends ? 0 : at + 1'b1;
      if (closes) block <= ends ? 0 : block + 1'b1;
      convolved <= convolved + closes; ready <= convolved;
    end
  reg v1, v2, half1, part1, part2; reg [BW-1:0] block1; reg [KW-1:0] k1, k2; reg [COLS-1:0] active2;
  reg [COLS-1:0] active_in [0:1];                        // of the blocks in the result buffer
  always @(posedge clk) begin
    v1 <= go && !rst; v2 <= v1 && !rst;
    half1 <= rh; block1 <= block; k1 <= k; part1 <= convolved[0];
    k2 <= k1; part2 <= part1; active2 <= active_of[half1];
    if (v2) active_in[part2] <= active2;
  end

  // ---- add phase ----------------------------------------------------------------------------------------------------
  reg [BW-1:0] ablock; reg [FW-1:0] f; reg [IW-1:0] pick; reg [QW-1:0] turn;
  wire add = ready != added;
  wire fold_last = f == last_fold, block_last = ablock == last_block;
  always @(posedge clk) if (rst) begin ablock <= 0; f <= 0; pick <= 0; added <= 0; turn <= 0; end
    else if (add) begin
      f <= fold_last ? 0 : f + 1'b1;
      pick <= fold_last && block_last ? 0 : pick + 1'b1;
      if (fold_last) begin added <= added + 1'b1; ablock <= block_last ? 0 : ablock + 1'b1; end
      if (fold_last && block_last) turn <= turn == last_turn ? 0 : turn + 1'b1;
    end
  reg apart1; reg [3:1] av, afirst, alast, fresh; reg [FW-1:0] f1, f2, f3; reg [COLS-1:0] aactive2, aactive3;
  always @(posedge clk) begin
    av <= rst ? 0 : {av[2:1], add}; afirst <= {afirst[2:1], ablock == 0}; alast <= {alast[2:1], block_last};
    fresh <= {fresh[2:1], turn == 0};
    apart1 <= added[0]; f1 <= f; f2 <= f1; f3 <= f2;
    aactive2 <= active_in[apart1]; aactive3 <= aactive2;
  end

  // ---- lanes: result[l*COLS + c] reads the result buffers for each row -----------------------------------------------
  wire [LANES*PW-1:0] picked [0:ROWS-1];
  wire [RW-1:0] result [0:ROWS*LANES*COLS-1];
  generate for (l = 0; l < LANES; l = l+1) begin : g_lane
    reg [V*TAPS-1:0] slices [0:CYCLES-1]; reg [V*TAPS-1:0] slice1;
    always @(posedge clk) begin
      if (l_we && l_kind == 0 && l_row == l) slices[l_addr[CW-1:0]] <= l_d[V*TAPS-1:0];
      slice1 <= slices[at];
    end
    for (c = 0; c < COLS; c = c+1) begin : g_column
      (* ram_style = "distributed" *) reg [TAPS-1:0] win [0:2*BLOCKS-1];
      always @(posedge clk) if (take) win[wh*BLOCKS + wn] <= i_d[c*W + l*TAPS +: TAPS];
      wire [TAPS-1:0] a = win[half1*BLOCKS + block1];
      wire [V*RW-1:0] counts;
      for (n = 0; n < V; n = n+1) begin : g_convolver
        xnor_popcount #(.N(TAPS), .STYLE(0)) u_pc (.clk(clk), .en(1'b1), .w(slice1[n*TAPS +: TAPS]), .a(a), .cnt(counts[n*RW +: RW]));
      end
      (* ram_style = "distributed" *) reg [V*RW-1:0] results [0:2*DEPTH-1];
      always @(posedge clk) if (v2) results[part2*DEPTH + k2] <= counts;
      for (r = 0; r < ROWS; r = r+1) begin : g_read
        wire [PW-1:0] p = picked[r][l*PW +: PW];
        wire [V*RW-1:0] word = results[apart1*DEPTH + p[KW-1:0]];
        wire [RW-1:0] res = word[p[KW +: VW]*RW +: RW];
        assign result[(r*LANES + l)*COLS + c] = !p[PW-1] ? 0 : p[PW-2] ? TAPS - res : res;
      end
    end
  end endgenerate

  // ---- adders of each row ---------------------------------------------------------------------------------------------
  wire [ROWS*COLS-1:0] bits;
  wire emit = av[3] && alast[3];
  always @(posedge clk) begin o_v <= emit && !rst; o_d <= bits; end
  generate for (r = 0; r < ROWS; r = r+1) begin : g_row
    (* ram_style = "block" *) reg [LANES*PW-1:0] picks [0:PICKS-1];
    reg [LANES*PW-1:0] pick1; assign picked[r] = pick1;
    reg [AW:0] levels [0:NF-1]; reg signed [AW-1:0] level; reg used;
    wire [LANES*PW-1:0] load;
    for (l = 0; l < LANES; l = l+1) begin : g_load
      assign load[l*PW +: PW] = {l_d[32*l+24 +: 2], l_d[32*l+12 +: VW], l_d[32*l +: KW]};
    end
    always @(posedge clk) begin
      if (l_we && l_kind == 2 && l_row == r) picks[l_addr[IW-1:0]] <= load;
      if (l_we && l_kind == 3 && l_row == r) levels[l_addr[FW-1:0]] <= {l_d[31], l_d[AW-1:0]};
      pick1 <= picks[pick]; {used, level} <= levels[f2];
    end
    for (c = 0; c < COLS; c = c+1) begin : g_pe
      reg [SW-1:0] s, sum2; integer i;
      always @* begin s = 0; for (i = 0; i < LANES; i = i+1) s = s + result[(r*LANES + i)*COLS + c]; end
      (* ram_style = "distributed" *) reg [AW-2:0] partials [0:NF-1];
      reg [AW-2:0] acc;
      wire [AW-2:0] total = (afirst[2] ? 0 : partials[f2]) + sum2;
      always @(posedge clk) begin
        sum2 <= s;
        if (av[2]) partials[f2] <= total;
        acc <= total;
      end
      wire pooled;
      if (POOL > 1) begin : g_pool
        (* ram_style = "distributed" *) reg pools [0:NF-1];
        assign pooled = !fresh[3] && pools[f3];
        always @(posedge clk) if (emit) pools[f3] <= pooled || bits[r*COLS + c];
      end else assign pooled = 0;
      assign bits[r*COLS + c] = used && aactive3[c] && ($signed({1'b0, acc}) > level || pooled);
    end
  end endgenerate
endmodule
