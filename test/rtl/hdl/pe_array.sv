// Array of ROWS kernels x COLS windows, W bits a PE and step, under one sequencer. For each pixel group it goes
// through folds, in each of which a row works on one kernel: dense, or as a delta to an earlier kernel of the
// row. A fold whose PEs are all decided ends early; its result leaves E cycles after the step that decides it.
// What a layer takes of it is loaded: bits and words of a window, folds and their steps, and how many pixel groups in a
// row share pool windows, of which o_d shows the OR so far.
// Input: { active[COLS], window word of column COLS-1, ..., of column 0 }, all words of a window for each pixel group.
// Output is taken whenever o_v is 1.
module pe_array #(
  parameter integer ROWS = 4, parameter integer COLS = 4, parameter integer W = 32, parameter integer L = 1,
  // The most that a layer may take: bits of a window (16383 at the most), folds, their steps together, pixel groups a
  // pool window.
  parameter integer N = 576, parameter integer FOLDS = 8, parameter integer STEPS = 144, parameter integer POOL = 1,
  parameter integer REGEVERY = 2,
  parameter integer LS = 2*W+16, LG = 16*L, LM = LS > LG ? LS : LG, LD = LM > 64 ? LM : 64
)(
  input wire clk, input wire rst,
  input wire i_v, output wire i_r, input wire [COLS*(W+1)-1:0] i_d,
  output reg o_v, output reg [ROWS*COLS-1:0] o_d,
  // loading, by kind: 0 step l_addr of row l_row: { terms left[16], mask[W], weights[W] }; 1 fold l_addr of row l_row:
  // { level[63:48], distance[47:32], parent[23:8], pool, bound, decision, keep, stop, inverse, delta, used };
  // 2 last step of fold l_addr; 3 groups that the lanes gather in step l_addr, 16 bits each;
  // 4 layer: { last of pool[63:48], last fold[47:32], last word[31:16], bits of a window[15:0] }
  input wire l_we, input wire [2:0] l_kind, input wire [12:0] l_row, input wire [31:0] l_addr, input wire [LD-1:0] l_d
);
  localparam integer T3 = (W+2)/3;
  localparam integer LV = (T3 <= 1) ? 0 : $clog2(T3);
  localparam integer PLAT = (LV == 0) ? 1 : ((LV-1)/REGEVERY) + 1; // registers inside xnor_popcount
  localparam integer D = PLAT + 3;                       // stage k is valid k cycles after issue; accumulators in D
  localparam integer E = D + 1;
  localparam integer NW = (N+W-1)/W, G = W/L;
  localparam integer GW = NW*L > 1 ? $clog2(NW*L) : 1, WW = NW > 1 ? $clog2(NW) : 1;
  localparam integer FW = FOLDS > 1 ? $clog2(FOLDS) : 1, SW = STEPS > 1 ? $clog2(STEPS) : 1;
  localparam integer EW = $clog2(E+1), QW = POOL > 1 ? $clog2(POOL) : 1;
  localparam integer CW = $clog2(W+1), NB = $clog2(N+1), AW = $clog2(2*N+2) + 1; // accumulators: -N to 2N
  genvar r, c, l;

  // ---- layer -----------------------------------------------------------------------------------------------------
  reg [NB-1:0] bits_of; reg [WW-1:0] last_word; reg [FW-1:0] last_fold; reg [QW-1:0] last_turn;
  always @(posedge clk) if (l_we && l_kind == 4) begin
    bits_of <= l_d[NB-1:0]; last_word <= l_d[16 +: WW]; last_fold <= l_d[32 +: FW]; last_turn <= l_d[48 +: QW];
  end

  // ---- sequencer: `fold`, `step` and so on would be issued, were it not for a cut -------------------------------
  reg [SW-1:0] last_of [0:FOLDS-1];
  always @(posedge clk) if (l_we && l_kind == 2) last_of[l_addr[FW-1:0]] <= l_d[SW-1:0];
  reg [FW-1:0] fold; reg [SW-1:0] step; reg [EW-1:0] age; // age: steps issued of this fold, up to E
  reg rh; reg [1:0] full; reg [QW-1:0] turn;             // half that is read, place in the pool window
  reg decided;                                           // by the step that was issued E cycles ago
  wire cut = decided && age == E;                        // and which is of this fold, as a fold has no bubbles
  wire leaves = cut && fold == last_fold;                  // the cut ends the pixel group
  wire [FW-1:0] f = !cut ? fold : leaves ? 0 : fold + 1'b1;
  wire [SW-1:0] at = !cut ? step : leaves ? 0 : last_of[fold] + 1'b1;
  wire half = rh ^ leaves;
  wire [QW-1:0] q = !leaves ? turn : turn == last_turn ? 0 : turn + 1'b1;
  wire opens = cut || age == 0, closes = at == last_of[f];
  wire go = full[half];                                  // stays 1 until the group ends
  wire ends = go && closes && f == last_fold;
  always @(posedge clk) if (rst) begin fold <= 0; step <= 0; age <= 0; rh <= 0; turn <= 0; end
    else begin
      fold <= ends ? 0 : go && closes ? f + 1'b1 : f;
      step <= ends ? 0 : go ? at + 1'b1 : at;
      age <= go && closes ? 0 : opens ? go : age == E ? E : age + 1'b1;
      rh <= half ^ ends;
      turn <= !ends ? q : q == last_turn ? 0 : q + 1'b1;
    end

  // ---- window buffer: two halves; one that a cut leaves may be written in the same cycle --------------------------
  reg wh; reg [WW-1:0] wn; reg [COLS-1:0] active_of [0:1];
  assign i_r = !full[wh] || (leaves && wh == rh);
  wire take = i_v && i_r, fills = take && wn == last_word;
  wire [1:0] filled = {fills && wh, fills && !wh};
  wire [1:0] freed = {leaves && rh, leaves && !rh} | {ends && half, ends && !half};
  always @(posedge clk) if (rst) begin wh <= 0; wn <= 0; full <= 0; end
    else begin
      if (take) wn <= fills ? 0 : wn + 1'b1;
      wh <= wh ^ fills;
      full <= (full & ~freed) | filled;
    end
  always @(posedge clk) if (take) active_of[wh] <= i_d[COLS*W +: COLS];

  // ---- what goes along with a step --------------------------------------------------------------------------------
  reg [D:1] v, first, last, fresh; reg half1;
  reg [FW-1:0] foldp [1:D]; reg [SW-1:0] stepp [1:D-1]; reg [COLS-1:0] activep [2:D]; integer k;
  always @(posedge clk) begin
    v <= rst ? 0 : {v[D-1:1], go};
    first <= {first[D-1:1], opens}; last <= {last[D-1:1], closes}; fresh <= {fresh[D-1:1], q == 0};
    foldp[1] <= f; stepp[1] <= at; half1 <= half; activep[2] <= active_of[half1];
    for (k = 2; k <= D; k = k+1) foldp[k] <= foldp[k-1];
    for (k = 2; k < D; k = k+1) stepp[k] <= stepp[k-1];
    for (k = 3; k <= D; k = k+1) activep[k] <= activep[k-1];
  end

  // ---- stages 1 and 2: L groups of each column's window ---------------------------------------------------------
  wire [GW-1:0] group [0:L-1];
  generate for (l = 0; l < L; l = l+1) begin : g_lane
    reg [GW-1:0] gather [0:STEPS-1]; reg [GW-1:0] gq;
    always @(posedge clk) begin
      if (l_we && l_kind == 3) gather[l_addr[SW-1:0]] <= l_d[16*l +: GW];
      gq <= gather[at];
    end
    assign group[l] = gq;
  end endgenerate
  wire [W-1:0] a2 [0:COLS-1];
  generate for (c = 0; c < COLS; c = c+1) begin : g_column
    (* ram_style = "distributed" *) reg [W-1:0] win [0:2*NW-1];
    always @(posedge clk) if (take) win[wh*NW + wn] <= i_d[c*W +: W];
    reg [W-1:0] a; assign a2[c] = a;
    for (l = 0; l < L; l = l+1) begin : g_gathered
      wire [W-1:0] word = win[half1*NW + group[l]/L];
      always @(posedge clk) a[l*G +: G] <= word[(group[l]%L)*G +: G];
    end
  end endgenerate

  // ---- PEs: stage D-1 adds, stage D decides -----------------------------------------------------------------------
  wire [ROWS*COLS-1:0] done, bits;
  reg emitted;
  wire all = &done;
  wire emit = v[D] && (first[D] || !emitted) && (all || last[D]);
  always @(posedge clk) begin
    if (v[D]) emitted <= emit || (emitted && !first[D]);
    o_v <= emit && !rst; decided <= emit && all && !rst; o_d <= bits;
  end
  generate for (r = 0; r < ROWS; r = r+1) begin : g_row
    localparam integer KW = 8 + FW + NB + AW;
    (* ram_style = "block" *) reg [2*W-1:0] steps [0:STEPS-1];
    reg [NB-1:0] lefts [0:STEPS-1]; reg [KW-1:0] kernels [0:FOLDS-1];
    reg [2*W-1:0] s1, s2; reg [NB-1:0] left; reg [KW-1:0] kq;
    wire mine = l_we && l_row == r;
    always @(posedge clk) begin
      if (mine && l_kind == 0) steps[l_addr[SW-1:0]] <= l_d[2*W-1:0];
      if (mine && l_kind == 0) lefts[l_addr[SW-1:0]] <= l_d[2*W +: NB];
      if (mine && l_kind == 1) kernels[l_addr[FW-1:0]] <= {l_d[48 +: AW], l_d[32 +: NB], l_d[8 +: FW], l_d[7:0]};
      s1 <= steps[at]; s2 <= s1;
      kq <= kernels[foldp[D-2]]; left <= lefts[stepp[D-1]];
    end
    // stage D-1
    wire delta = kq[1], inverse = kq[2];
    wire [FW-1:0] parent = kq[8 +: FW];
    wire signed [AW-1:0] distance = $signed({1'b0, kq[8+FW +: NB]});
    // stage D
    reg used, deltad, stop, keep, decision, bound, pool; reg signed [AW-1:0] level;
    always @(posedge clk) begin
      {pool, bound, decision, keep, stop} <= kq[7:3]; {deltad, used} <= kq[1:0]; level <= kq[8+FW+NB +: AW];
    end
    wire signed [AW-1:0] gain = deltad ? $signed({1'b0, left, 1'b0}) : $signed({1'b0, left});
    wire stores = v[D] && last[D] && keep;
    for (c = 0; c < COLS; c = c+1) begin : g_pe
      wire [CW-1:0] cnt;
      xnor_popcount #(.N(W), .STYLE(1), .REGEVERY(REGEVERY)) u_pc (.clk(clk), .en(1'b1), .w(s2[W-1:0]),
        .a((a2[c] & s2[2*W-1:W]) | ~(s2[W-1:0] | s2[2*W-1:W])), .cnt(cnt)); // masked bits do not match
      reg signed [AW-1:0] acc, least, most;              // least, most: what a delta can come to, known from its parent
      (* ram_style = "distributed" *) reg [NB-1:0] sums [0:FOLDS-1];
      wire [NB-1:0] sum = stores && foldp[D] == parent ? acc[NB-1:0] : sums[parent];
      wire signed [AW-1:0] base = $signed({1'b0, inverse ? bits_of - sum : sum});
      wire signed [AW-1:0] start = delta ? base - distance : 0;
      wire signed [AW-1:0] plus = delta ? $signed({1'b0, cnt, 1'b0}) : $signed({1'b0, cnt});
      always @(posedge clk) begin
        if (v[D-1]) acc <= (first[D-1] ? start : acc) + plus;
        if (v[D-1] && first[D-1]) begin least <= start; most <= base + distance; end
        if (stores) sums[foldp[D]] <= acc[NB-1:0];
      end
      wire pooled;
      if (POOL > 1) begin : g_pool
        // Read and written in the same stage: right also where the same fold comes again in the next cycle.
        (* ram_style = "distributed" *) reg pools [0:FOLDS-1];
        assign pooled = !fresh[D] && pools[foldp[D]];
        always @(posedge clk) if (emit) pools[foldp[D]] <= pooled || bits[r*COLS + c];
      end else assign pooled = 0;
      // acc never falls and acc + gain never rises: what is decided stays so.
      wire one = acc > level, zero = acc + gain <= level;
      assign done[r*COLS + c] = !used || !activep[D][c] || (stop && ((decision && (one || zero))
        || (bound && deltad && (least > level || most <= level)) || (pool && pooled)));
      assign bits[r*COLS + c] = used && activep[D][c] && (one || pooled);
    end
  end endgenerate
endmodule
