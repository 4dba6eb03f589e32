#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

#include <unistd.h>

#include "tests/simulation/world/run.hpp"
#include "tests/simulation/world/shrink.hpp"
#include "tests/temporary_folder.hpp"

/// Lives through random worlds in which everything goes wrong, and says which promise was broken.
namespace {

using namespace fristvakt::tests::simulation;

constexpr int kLivesToShrink = 600;
constexpr std::size_t kShownMax = 40;
constexpr const char* kUsage =
    "usage: simulate-faults [--seeds N] [--from S | --fresh] [--quick] [--on-disk]\n"
    "       simulate-faults --seed S\n"
    "  --seeds N   as many worlds, 1000 if not said\n"
    "  --from S    the first one's seed, 1 if not said; --fresh: a new one each time\n"
    "  --on-disk   on the production store, whose file is proved and folded anew in the end\n"
    "  --quick     ends at the first broken promise and does not shrink it\n"
    "  --seed S    that world alone, with all that happens in it\n";

struct Options {
    std::uint64_t seeds{1000};
    std::uint64_t from{1};
    bool quick{false};
    bool on_disk{false};
    bool replay{false};
};

std::uint64_t volatile current_seed = 0;

/// A broken invariant ends the program; the seed is told first. Only what may be called here is.
extern "C" void say_seed(int) {
    char text[] = "aborted; replay: script/simulate-faults --seed                      \n";
    std::uint64_t left = current_seed;
    for (std::size_t place = sizeof text - 3; left > 0; --place, left /= 10) {
        text[place] = static_cast<char>('0' + left % 10);
    }
    (void)!write(STDOUT_FILENO, text, sizeof text - 1);
}

bool read_number(const char* text, std::uint64_t& number) {
    char* end = nullptr;
    number = text == nullptr ? 0 : std::strtoull(text, &end, 10);
    return text != nullptr && *text >= '0' && *text <= '9' && *end == '\0';
}

bool read(int count, char** words, Options& options) {
    for (int index = 1; index < count; ++index) {
        const std::string_view word = words[index];
        const char* value = index + 1 < count ? words[index + 1] : nullptr;
        if (word == "--on-disk") {
            options.on_disk = true;
        } else if (word == "--quick") {
            options.quick = true;
        } else if (word == "--fresh") {
            options.from = std::random_device{}();
        } else if (word == "--seeds" && read_number(value, options.seeds) && options.seeds > 0) {
            ++index;
        } else if (word == "--from" && read_number(value, options.from)) {
            ++index;
        } else if (word == "--seed" && read_number(value, options.from)) {
            options.replay = true;
            options.seeds = 1;
            ++index;
        } else {
            return false;
        }
    }
    return true;
}

void show(World& world, const Outcome& outcome, bool quick) {
    std::cout << "seed " << world.seed << " breaks a promise:\n";
    for (const std::string& line : outcome.broken) {
        std::cout << "  " << line << '\n';
    }
    std::cout << "replay: script/simulate-faults --seed " << world.seed << std::endl;
    if (quick) {
        return;
    }
    World small = shrunk(world, kLivesToShrink);
    const Outcome again = live(small);
    std::cout << "shrunk to " << small.happenings.size() << " happenings, "
              << small.rules.front().participants.size() << " participants:\n";
    for (std::size_t index = 0; index < small.happenings.size() && index < kShownMax; ++index) {
        std::cout << "  " << text_of(small.happenings[index], small) << '\n';
    }
    for (const std::string& line : again.broken) {
        std::cout << "  => " << line << '\n';
    }
    std::cout.flush();
}

}  // namespace

int main(int count, char** words) {
    Options options;
    if (!read(count, words, options)) {
        std::cerr << kUsage;
        return 2;
    }
    if (std::signal(SIGABRT, say_seed) == SIG_ERR) {
        return 2;
    }
    if (!options.replay) {
        std::cout << "worlds from seed " << options.from << std::endl;
    }
    const fristvakt::tests::TemporaryFolder scratch;
    const std::filesystem::path file = scratch / "state.db";
    Outcome all;
    std::uint64_t lived = 0;
    std::size_t broken = 0;
    while (lived < options.seeds && !(options.quick && broken > 0)) {
        current_seed = options.from + lived++;
        World world = world_of(current_seed);
        std::ostream* const told = options.replay ? &std::cout : nullptr;
        const Outcome one = options.on_disk ? live_on_disk(world, file, told) : live(world, told);
        all.organisations += one.organisations;
        all.events += one.events;
        all.messages += one.messages;
        all.faults += one.faults;
        broken += one.broken.size();
        if (!one.broken.empty()) {
            show(world, one, options.quick);
        }
    }
    std::cout << "seeds " << lived << ", organisations " << all.organisations << ", events "
              << all.events << ", messages " << all.messages << ", faults injected " << all.faults
              << ", promises broken " << broken << std::endl;
    return broken == 0 ? 0 : 1;
}
