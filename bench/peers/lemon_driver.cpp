// Solves a DIMACS minimum-cost flow file with LEMON and prints one line of JSON a solve:
// cost, wall-clock milliseconds of build and solve, and the memory above the input that both took at their peak.
//   lemon_driver simplex|scaling FILE.min REPEAT
// "build" is everything from the parsed columns to the algorithm object, "solve" is run(): the same split as `dispatch flow`.
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <malloc.h>
#include <time.h>

namespace {

using Graph = lemon::SmartDigraph;
using Wide = __int128;

struct Columns {
    int nodes = 0;
    std::vector<int> tail, head;
    std::vector<int64_t> supply, low, cap, cost;
};

// Reads integers from a line; the file has been validated by our own reader, so trust is enough here.
int64_t next_integer(const char *&p) {
    while (*p == ' ' || *p == '\t') ++p;
    char *end = nullptr;
    const int64_t value = std::strtoll(p, &end, 10);
    p = end;
    return value;
}

Columns read_columns(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::string("cannot open ") + path;
    Columns c;
    for (std::string line; std::getline(file, line);) {
        const char *p = line.c_str() + 1;
        if (line[0] == 'p') {
            p = std::strstr(line.c_str(), "min") + 3;
            c.nodes = static_cast<int>(next_integer(p));
            c.supply.assign(c.nodes, 0);
            const int64_t arcs = next_integer(p);
            c.tail.reserve(arcs), c.head.reserve(arcs), c.low.reserve(arcs), c.cap.reserve(arcs), c.cost.reserve(arcs);
        } else if (line[0] == 'n') {
            const int64_t node = next_integer(p);
            c.supply[node - 1] = next_integer(p);
        } else if (line[0] == 'a') {
            c.tail.push_back(static_cast<int>(next_integer(p)) - 1);
            c.head.push_back(static_cast<int>(next_integer(p)) - 1);
            c.low.push_back(next_integer(p));
            c.cap.push_back(next_integer(p));
            c.cost.push_back(next_integer(p));
        }
    }
    return c;
}

double now_ms() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

// Resident kilobytes: VmRSS now, VmHWM at the highest since the mark was reset (proc(5)).
long resident_kb(const char *field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.compare(0, std::strlen(field), field) == 0) return std::atol(line.c_str() + std::strlen(field) + 1);
    return 0;
}

// Gives freed memory back, so that a later solve cannot use it unseen, and resets the mark.
long mark_memory() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";
    return resident_kb("VmRSS:");
}

std::string digits(Wide value) {
    if (value < 0) return "-" + digits(-value);
    std::string rest = value >= 10 ? digits(value / 10) : "";
    return rest + static_cast<char>('0' + static_cast<int>(value % 10));
}

template <class Algorithm>
bool solve_once(const Columns &c) {
    const long mark = mark_memory();
    const double start = now_ms();
    Graph graph;
    graph.reserveNode(c.nodes);
    graph.reserveArc(static_cast<int>(c.tail.size()));
    for (int v = 0; v < c.nodes; ++v) graph.addNode();
    for (size_t e = 0; e < c.tail.size(); ++e) graph.addArc(graph.nodeFromId(c.tail[e]), graph.nodeFromId(c.head[e]));
    Graph::ArcMap<int64_t> low(graph), cap(graph), cost(graph);
    Graph::NodeMap<int64_t> supply(graph);
    bool bounded_below = false;
    for (size_t e = 0; e < c.tail.size(); ++e) {
        const Graph::Arc arc = graph.arcFromId(static_cast<int>(e));
        low[arc] = c.low[e], cap[arc] = c.cap[e], cost[arc] = c.cost[e];
        bounded_below |= c.low[e] != 0;
    }
    for (int v = 0; v < c.nodes; ++v) supply[graph.nodeFromId(v)] = c.supply[v];
    Algorithm algorithm(graph);
    if (bounded_below) algorithm.lowerMap(low);
    algorithm.upperMap(cap).costMap(cost).supplyMap(supply);
    const double built = now_ms();
    const bool optimal = algorithm.run() == Algorithm::OPTIMAL;
    const double solved = now_ms();
    Wide total = 0;
    for (size_t e = 0; optimal && e < c.tail.size(); ++e)
        total += static_cast<Wide>(algorithm.flow(graph.arcFromId(static_cast<int>(e)))) * c.cost[e];
    std::printf("{\"objective\":%s,\"build_ms\":%.3f,\"solve_ms\":%.3f,\"solve_peak_mb\":%.1f}\n", optimal ? digits(total).c_str() : "null",
                built - start, solved - built, std::max(0L, resident_kb("VmHWM:") - mark) / 1024.0);
    return optimal;
}

template <class Algorithm>
int run(const Columns &c, int repeat) {
    for (int i = 0; i < repeat; ++i)
        if (!solve_once<Algorithm>(c)) return 3;
    return 0;
}

}  // namespace

int main(int count, char **words) {
    if (count != 4) {
        std::fprintf(stderr, "usage: lemon_driver simplex|scaling FILE.min REPEAT\n");
        return 2;
    }
    try {
        const Columns columns = read_columns(words[2]);
        const int repeat = std::max(1, std::atoi(words[3]));
        if (!std::strcmp(words[1], "simplex")) return run<lemon::NetworkSimplex<Graph, int64_t, int64_t>>(columns, repeat);
        if (!std::strcmp(words[1], "scaling")) return run<lemon::CostScaling<Graph, int64_t, int64_t>>(columns, repeat);
    } catch (const std::string &fault) {
        std::fprintf(stderr, "%s\n", fault.c_str());
    }
    return 2;
}
