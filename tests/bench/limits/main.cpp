#include <algorithm>
#include <map>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "tests/bench/limits/limits.hpp"

namespace fristvakt::bench {

double percentile(std::vector<double>& values, double part) {
    std::sort(values.begin(), values.end());
    const auto index = static_cast<std::size_t>(part * static_cast<double>(values.size()));
    return values.empty() ? 0 : values[std::min(index, values.size() - 1)];
}

namespace {

double fsyncs_per_second(const std::string& folder) {
    const std::string file = folder + "/probe";
    const int descriptor = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (descriptor < 0) {
        die(file + ": cannot be written");
    }
    const std::string page(4096, 'x');
    const auto begin = Machine::now();
    int count = 0;
    for (; seconds_since(begin) < 0.5; ++count) {
        if (write(descriptor, page.data(), page.size()) < 0 || fdatasync(descriptor) != 0) {
            die(file + ": cannot be synced");
        }
    }
    const double rate = count / seconds_since(begin);
    close(descriptor);
    unlink(file.c_str());
    return rate;
}

double cpu_seconds_of_thread() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// The part of all cores that threads which want them all get.
double free_share() {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    std::vector<double> shares(cores);
    std::vector<std::thread> threads;
    for (double& share : shares) {
        threads.emplace_back([&share] {
            const double cpu = cpu_seconds_of_thread();
            const auto begin = Machine::now();
            while (seconds_since(begin) < 0.3) {
            }
            share = (cpu_seconds_of_thread() - cpu) / seconds_since(begin);
        });
    }
    double sum = 0;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        threads[i].join();
        sum += shares[i];
    }
    return sum / cores;
}

}  // namespace

void probe(const Arguments& arguments) {
    print("fsync_per_second", fsyncs_per_second(arguments.at(0)));
    print("free_share", free_share());
}

}  // namespace fristvakt::bench

int main(int count, char** arguments) {
    using fristvakt::bench::Arguments;
    const std::map<std::string, std::pair<std::size_t, void (*)(const Arguments&)>> commands{
        {"probe", {1, fristvakt::bench::probe}},   {"rows", {3, fristvakt::bench::rows}},
        {"timers", {3, fristvakt::bench::timers}}, {"smtp", {4, fristvakt::bench::smtp}},
        {"feed", {1, fristvakt::bench::feed}},
    };
    const auto command = count > 1 ? commands.find(arguments[1]) : commands.end();
    const Arguments rest(arguments + std::min(count, 2), arguments + count);
    if (command == commands.end() || rest.size() != command->second.first) {
        fristvakt::bench::die("usage: bench_limits probe|rows|timers|smtp|feed ARGUMENT …");
    }
    command->second.second(rest);
    return 0;
}
