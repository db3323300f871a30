// Matrix-vector-threshold unit: PE processing elements, SIMD synapses each, NF*SF schedule,
// AXI-stream handshakes, run-time loadable weights in block RAM, thresholds in LUTRAM,
// input vector buffered once (no double buffering: next vector is read while nf==0 only).
module xnor_mvu #(
  parameter integer PE = 16, parameter integer SIMD = 32, parameter integer MW = 576, parameter integer MH = 64,
  parameter integer STYLE = 1, parameter integer REGEVERY = 2,
  parameter integer SF = MW/SIMD, parameter integer NF = MH/PE,
  parameter integer AW = $clog2(MW+2), parameter integer TW = (NF*SF) > 1 ? $clog2(NF*SF) : 1,
  parameter integer SW = SF > 1 ? $clog2(SF) : 1, parameter integer NW = NF > 1 ? $clog2(NF) : 1,
  parameter integer PW = PE > 1 ? $clog2(PE) : 1
)(
  input  wire clk, input wire rst,
  input  wire i_v, output wire i_r, input wire [SIMD-1:0] i_d,
  output wire o_v, input wire o_r, output wire [PE-1:0] o_d,
  // parameter loading
  input  wire w_we, input wire t_we, input wire [PW-1:0] l_pe, input wire [TW-1:0] l_addr, input wire [SIMD-1:0] l_w, input wire [AW-1:0] l_t
);
  localparam integer W  = $clog2(SIMD+1);
  localparam integer T3 = (SIMD+2)/3;
  localparam integer LV = (T3 <= 1) ? 0 : $clog2(T3);
  localparam integer PLAT = (STYLE == 0 || LV == 0) ? 1 : ((LV-1)/REGEVERY) + 1; // registers inside xnor_popcount
  // ---- stage 0: schedule -------------------------------------------------------------------
  reg [SW-1:0] sf; reg [NW-1:0] nf; reg [TW-1:0] tile;
  wire en;
  wire need = (nf == 0);
  wire go = need ? i_v : 1'b1;
  assign i_r = need & en;
  wire sf_last = (sf == SF-1), nf_last = (nf == NF-1);
  always @(posedge clk) if (rst) begin sf <= 0; nf <= 0; tile <= 0; end
    else if (en && go) begin
      sf <= sf_last ? 0 : sf + 1'b1;
      if (sf_last) nf <= nf_last ? 0 : nf + 1'b1;
      tile <= (sf_last && nf_last) ? 0 : tile + 1'b1;
    end
  // input vector buffer (LUTRAM)
  reg [SIMD-1:0] ibuf [0:SF-1];
  always @(posedge clk) if (en && go && need) ibuf[sf] <= i_d;
  // ---- stage 1: weight BRAM read + activation register --------------------------------------
  reg [SIMD-1:0] act1; reg v1, f1, l1; reg [NW-1:0] n1;
  always @(posedge clk) if (rst) v1 <= 0; else if (en) v1 <= go;
  always @(posedge clk) if (en) begin act1 <= need ? i_d : ibuf[sf]; f1 <= (sf == 0); l1 <= sf_last; n1 <= nf; end
  // flag pipeline through popcount
  reg [PLAT:0] vp, fp, lp; reg [NW-1:0] np [0:PLAT]; integer k;
  always @(posedge clk) if (rst) vp <= 0; else if (en) vp <= {vp[PLAT-1:0], v1};
  always @(posedge clk) if (en) begin fp <= {fp[PLAT-1:0], f1}; lp <= {lp[PLAT-1:0], l1}; np[0] <= n1; for (k = 1; k <= PLAT; k = k+1) np[k] <= np[k-1]; end
  wire vq = (PLAT==0) ? v1 : vp[PLAT-1], fq = vq ? fp[PLAT-1] : 1'b0, lq = lp[PLAT-1];
  // accumulate stage valid, compare stage valid
  reg va; reg [NW-1:0] na; reg vo;
  always @(posedge clk) if (rst) begin va <= 0; vo <= 0; end else if (en) begin va <= vq & lq; vo <= va; end
  always @(posedge clk) if (en) na <= np[PLAT-1];
  genvar p;
  generate for (p = 0; p < PE; p = p + 1) begin : g_pe
    (* ram_style = "block" *) reg [SIMD-1:0] wmem [0:NF*SF-1];
    reg [SIMD-1:0] wq;
    always @(posedge clk) begin
      if (w_we && l_pe == p) wmem[l_addr] <= l_w;
      if (en) wq <= wmem[tile];
    end
    wire [W-1:0] c;
    xnor_popcount #(.N(SIMD), .STYLE(STYLE), .REGEVERY(REGEVERY)) u_pc (.clk(clk), .en(en), .w(wq), .a(act1), .cnt(c));
    reg [AW-1:0] acc; always @(posedge clk) if (en && vq) acc <= (fq ? {AW{1'b0}} : acc) + c;
    (* ram_style = "distributed" *) reg [AW-1:0] tmem [0:NF-1];
    always @(posedge clk) if (t_we && l_pe == p) tmem[l_addr[NW-1:0]] <= l_t;
    reg o; always @(posedge clk) if (en) o <= (acc >= tmem[na]);
    assign o_d[p] = o;
  end endgenerate
  // output: whole pipeline freezes only when a result is waiting and not accepted
  assign o_v = vo; assign en = !(vo && !o_r);
endmodule
