// Width converter: joins OUT/IN words into one, or cuts one word into IN/OUT, first bits first; with equal
// widths a register stage. Outputs come from a register; the unit freezes while one waits.
module width_converter #(
  parameter integer IN = 8, parameter integer OUT = 64,
  parameter integer J = OUT > IN ? OUT/IN : 1, parameter integer C = IN > OUT ? IN/OUT : 1
)(
  input wire clk, input wire rst,
  input wire i_v, output wire i_r, input wire [IN-1:0] i_d,
  output wire o_v, input wire o_r, output wire [OUT-1:0] o_d
);
  generate if (J > 1) begin : g_join
    localparam integer JW = $clog2(J);
    reg [JW-1:0] n; reg ov; reg [OUT-1:0] part, q;
    wire en = !(ov && !o_r); wire wr = i_v && i_r; wire last = (n == J-1);
    always @(posedge clk) begin
      if (wr) part[n*IN +: IN] <= i_d;
      if (wr && last) begin q <= part; q[(J-1)*IN +: IN] <= i_d; end
      if (rst) begin n <= 0; ov <= 0; end
      else if (en) begin ov <= wr && last; if (wr) n <= last ? 0 : n + 1'b1; end
    end
    assign i_r = en; assign o_v = ov; assign o_d = q;
  end else begin : g_cut
    localparam integer NW = $clog2(C+1);
    reg [NW-1:0] n; reg [IN-1:0] q;                                // n: words left in q
    wire rd = o_v && o_r; wire wr = i_v && i_r;
    always @(posedge clk) begin
      if (wr) q <= i_d; else if (rd) q <= q >> OUT;
      if (rst) n <= 0; else if (wr) n <= C; else if (rd) n <= n - 1'b1;
    end
    assign i_r = (n == 0) || (n == 1 && o_r); assign o_v = (n != 0); assign o_d = q[OUT-1:0];
  end endgenerate
endmodule
