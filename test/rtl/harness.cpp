// Drives all designs of the generated `top` side by side: loads their memories, then in each round offers input
// words and accepts output words as patterns say, and prints every word that leaves with its cycle.
//
// stdin, blank-separated, words as hexadecimal 32-bit lanes, lane 0 first:
//   designs lanesIn lanesOut lanesLoad
//   loads, each:   w unit pe address lanes...   |   t unit pe address level   ; `.` ends them
//   rounds, and for each round and design:
//     offered accepted   patterns of 0 and 1 over cycle mod length
//     words lanes...     number of input words, then all their lanes
//     cycles             to run at most (the largest of a round counts)
// stdout, one line a word:   round design cycle lanes...
#include "Vtop.h"
#include "verilated.h"
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

struct Side {
  std::string offered, accepted;
  std::vector<uint32_t> in;
  size_t words = 0, next = 0;
  bool held = false; // a word once offered stays until it is taken
};

static bool at(const std::string& pattern, uint64_t cycle) { return pattern[cycle % pattern.size()] == '1'; }

int main() {
  size_t designs, lanesIn, lanesOut, lanesLoad;
  std::cin >> std::dec >> designs >> lanesIn >> lanesOut >> lanesLoad;
  auto top = std::make_unique<Vtop>();
  auto tick = [&] { top->clk = 1; top->eval(); top->clk = 0; top->eval(); };
  auto lanes = [&](auto& port, size_t count) { for (size_t i = 0; i < count; i++) std::cin >> std::hex >> port[i]; };

  top->clk = 0; top->rst = 1; top->i_v = 0; top->o_r = 0; top->w_we = 0; top->t_we = 0;
  for (int i = 0; i < 4; i++) tick();
  for (std::string kind; std::cin >> kind && kind != ".";) {
    uint32_t unit, pe, address;
    std::cin >> std::dec >> unit >> pe >> address;
    top->l_unit = unit; top->l_pe = pe; top->l_addr = address;
    top->w_we = kind == "w"; top->t_we = kind == "t";
    if (kind == "w") lanes(top->l_w, lanesLoad);
    else { uint32_t level; std::cin >> std::dec >> level; top->l_t = level; }
    tick();
  }
  top->w_we = 0; top->t_we = 0;

  size_t rounds;
  std::cin >> std::dec >> rounds;
  for (size_t round = 0; round < rounds; round++) {
    std::vector<Side> sides(designs);
    uint64_t cycles = 0;
    for (auto& side : sides) {
      uint64_t most;
      std::cin >> side.offered >> side.accepted >> std::dec >> side.words;
      side.in.resize(side.words * lanesIn);
      for (auto& lane : side.in) std::cin >> std::hex >> lane;
      std::cin >> std::dec >> most;
      cycles = std::max(cycles, most);
    }
    top->rst = 1; top->i_v = 0; top->o_r = 0;
    for (int i = 0; i < 4; i++) tick();
    top->rst = 0;
    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
      uint64_t valid = 0, accept = 0;
      for (size_t d = 0; d < designs; d++) {
        auto& side = sides[d];
        side.held = side.next < side.words && (side.held || at(side.offered, cycle));
        if (side.held) {
          valid |= uint64_t(1) << d;
          for (size_t i = 0; i < lanesIn; i++) top->i_d[d * lanesIn + i] = side.in[side.next * lanesIn + i];
        }
        if (at(side.accepted, cycle)) accept |= uint64_t(1) << d;
      }
      top->i_v = valid; top->o_r = accept;
      top->eval();
      const uint64_t leaves = top->o_v & accept, taken = top->i_r & valid;
      for (size_t d = 0; d < designs; d++) {
        if (leaves >> d & 1) {
          std::cout << std::dec << round << ' ' << d << ' ' << cycle << std::hex;
          for (size_t i = 0; i < lanesOut; i++) std::cout << ' ' << top->o_d[d * lanesOut + i];
          std::cout << '\n';
        }
        if (taken >> d & 1) { sides[d].next++; sides[d].held = false; }
      }
      tick();
    }
  }
}
