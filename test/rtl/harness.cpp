// Drives the designs of the generated `top` one after another, each by a clock of its own: in each run loads a design's
// memories, then offers input words and accepts output words as patterns say, and prints every word that leaves with
// its cycle.
//
// stdin, blank-separated, words as hexadecimal 32-bit lanes, lane 0 first:
//   lanesIn lanesOut lanesLoad   of the ports that designs share
//   runs, each:
//     design
//     loads, each:   w unit pe address count lanes...   |   t unit pe address level   ; `.` ends them
//     offered accepted       patterns of 0 and 1 over cycle mod length
//     words count lanes...   number of input words, lanes of each, then all of them
//     cycles                 to run
// stdout, one line a word:   run cycle lanes...
#include "Vtop.h"
#include "verilated.h"
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

static bool at(const std::string& pattern, uint64_t cycle) { return pattern[cycle % pattern.size()] == '1'; }

int main() {
  std::ios::sync_with_stdio(false);
  size_t lanesIn, lanesOut, lanesLoad, design;
  std::cin >> std::dec >> lanesIn >> lanesOut >> lanesLoad;
  auto top = std::make_unique<Vtop>();
  // With the inputs as they are: `eval` settles what follows from them, `edge` is the end of the cycle.
  auto edge = [&] { top->clk = uint64_t(1) << design; top->eval(); top->clk = 0; };

  top->clk = 0; top->rst = 1; top->i_v = 0; top->o_r = 0; top->w_we = 0; top->t_we = 0;
  for (size_t run = 0; std::cin >> std::dec >> design; run++) {
    top->rst = 1; top->i_v = 0; top->o_r = 0;
    for (int i = 0; i < 4; i++) { top->eval(); edge(); }
    for (std::string kind; std::cin >> kind && kind != ".";) {
      uint32_t unit, pe, address, level;
      std::cin >> std::dec >> unit >> pe >> address;
      top->l_unit = unit; top->l_pe = pe; top->l_addr = address;
      top->w_we = kind == "w"; top->t_we = kind == "t";
      if (kind == "w") {
        size_t count;
        std::cin >> count >> std::hex;
        for (size_t i = 0; i < lanesLoad; i++) if (i < count) std::cin >> top->l_w[i]; else top->l_w[i] = 0;
      } else { std::cin >> level; top->l_t = level; }
      top->eval(); edge();
    }
    top->w_we = 0; top->t_we = 0;

    std::string offered, accepted;
    size_t words, count;
    uint64_t cycles;
    std::cin >> offered >> accepted >> std::dec >> words >> count >> std::hex;
    std::vector<uint32_t> in(words * count);
    for (auto& lane : in) std::cin >> lane;
    std::cin >> std::dec >> cycles;
    const uint64_t mine = uint64_t(1) << design;
    bool held = false; // a word once offered stays until it is taken
    size_t next = 0;
    top->rst = 0;
    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
      held = next < words && (held || at(offered, cycle));
      if (held) for (size_t i = 0; i < count; i++) top->i_d[design * lanesIn + i] = in[next * count + i];
      top->i_v = held ? mine : 0;
      top->o_r = at(accepted, cycle) ? mine : 0;
      top->eval();
      if (top->o_v & top->o_r & mine) {
        std::cout << std::dec << run << ' ' << cycle << std::hex;
        for (size_t i = 0; i < lanesOut; i++) std::cout << ' ' << top->o_d[design * lanesOut + i];
        std::cout << '\n';
      }
      if (held && (top->i_r & mine)) { next++; held = false; }
      edge();
    }
  }
}
