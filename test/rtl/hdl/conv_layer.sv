// SWU -> 2-deep FIFO -> MVU. K==0 selects a fully connected layer (no SWU).
module conv_layer #(
  parameter integer K = 3, parameter integer IFM = 12, parameter integer IC = 64, parameter integer OC = 64, parameter integer S = 1,
  parameter integer PE = 16, parameter integer SIMD = 32, parameter integer STYLE = 1, parameter integer REGEVERY = 2, parameter integer FD = 2, parameter integer RB = K+S,
  parameter integer MW = (K == 0) ? IC : K*K*IC, parameter integer MH = OC,
  parameter integer TW = (MH/PE*(MW/SIMD)) > 1 ? $clog2(MH/PE*(MW/SIMD)) : 1, parameter integer PW = PE > 1 ? $clog2(PE) : 1, parameter integer AW = $clog2(MW+2)
)(
  input wire clk, input wire rst,
  input wire i_v, output wire i_r, input wire [SIMD-1:0] i_d,
  output wire o_v, input wire o_r, output wire [PE-1:0] o_d,
  input wire w_we, input wire t_we, input wire [PW-1:0] l_pe, input wire [TW-1:0] l_addr, input wire [SIMD-1:0] l_w, input wire [AW-1:0] l_t
);
  wire sv, sr, fv, fr; wire [SIMD-1:0] sd, fd;
  generate if (K == 0) begin : g_fc assign sv = i_v; assign i_r = sr; assign sd = i_d; end
  else begin : g_conv
    swu #(.K(K), .IFM(IFM), .CF(IC/SIMD), .WD(SIMD), .S(S), .RB(RB)) u_swu (.clk(clk), .rst(rst), .i_v(i_v), .i_r(i_r), .i_d(i_d), .o_v(sv), .o_r(sr), .o_d(sd));
  end endgenerate
  fifo #(.W(SIMD), .D(FD)) u_f (.clk(clk), .rst(rst), .i_v(sv), .i_r(sr), .i_d(sd), .o_v(fv), .o_r(fr), .o_d(fd));
  xnor_mvu #(.PE(PE), .SIMD(SIMD), .MW(MW), .MH(MH), .STYLE(STYLE), .REGEVERY(REGEVERY)) u_mvu (.clk(clk), .rst(rst), .i_v(fv), .i_r(fr), .i_d(fd), .o_v(o_v), .o_r(o_r), .o_d(o_d),
    .w_we(w_we), .t_we(t_we), .l_pe(l_pe), .l_addr(l_addr), .l_w(l_w), .l_t(l_t));
endmodule
