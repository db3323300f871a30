// Max pool over bits: OR of P x P windows side by side, one word a pixel, IFM a multiple of P. One partial
// result a column of windows; a window's result leaves through a register, and the unit freezes while it waits.
module or_pool #(
  parameter integer WD = 64, parameter integer IFM = 28, parameter integer P = 2, parameter integer OFM = IFM/P
)(
  input wire clk, input wire rst,
  input wire i_v, output wire i_r, input wire [WD-1:0] i_d,
  output wire o_v, input wire o_r, output wire [WD-1:0] o_d
);
  localparam integer CW = 16;
  reg [WD-1:0] part [0:OFM-1];
  reg [CW-1:0] px, py, ox; reg ov; reg [WD-1:0] q;                 // place in the window, window of the row
  wire en = !(ov && !o_r); wire wr = i_v && i_r;
  wire px_l = (px == P-1), py_l = (py == P-1), ox_l = (ox == OFM-1);
  wire first = (px == 0) && (py == 0);
  wire [WD-1:0] sum = (first ? {WD{1'b0}} : part[ox]) | i_d;
  always @(posedge clk) begin
    if (wr) part[ox] <= sum;
    if (wr) q <= sum;
    if (rst) begin px <= 0; py <= 0; ox <= 0; ov <= 0; end
    else if (en) begin
      ov <= wr && px_l && py_l;
      if (wr) begin
        px <= px_l ? 0 : px + 1'b1;
        if (px_l) begin ox <= ox_l ? 0 : ox + 1'b1; if (ox_l) py <= py_l ? 0 : py + 1'b1; end
      end
    end
  end
  assign i_r = en; assign o_v = ov; assign o_d = q;
endmodule
