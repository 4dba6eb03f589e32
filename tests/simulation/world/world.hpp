#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/model/town.hpp"

/// What one seed makes: an installation, what happens to it, and what goes wrong.
namespace fristvakt::tests::simulation {

enum class Fault {
    StoreFails,          ///< Some calls, from one of the next on.
    StoreStalls,         ///< A call takes minutes.
    DiskFull,            ///< Nothing is written for hours.
    CrashBeforeCommit,   ///< The transaction is gone.
    CrashAfterCommit,    ///< It is there, and nobody was told.
    CrashBetween,        ///< Between two steps; the program is down for a while.
    CrashBeforeSending,  ///< Marked, not handed over.
    CrashAfterSending,   ///< Handed over, not recorded.
    ServerBusy,          ///< 4xx.
    ServerRefuses,       ///< 5xx for the message.
    AddressRefused,      ///< 5xx for the recipient.
    TimesOut,            ///< Not delivered, and nobody knows.
    AnswersTooLate,      ///< Delivered, and nobody knows.
    CannotWrite,         ///< The renderer fails.
    SenderSlow,          ///< Hours between writing, marking, sending and reporting.
    ClockForward,
    ClockBack,
};
[[nodiscard]] std::string name_of(Fault fault);

struct Happening {
    enum class Kind { Event, Reload, Hold, Release, Retry, Fault };
    model::Second at{0};
    Kind kind{Kind::Event};
    model::Event event;          ///< Of kind Event; without a name: chosen when its time comes.
    bool about_meetings{false};  ///< Of those alone is chosen.
    std::uint64_t pick{0};       ///< Chance for what is chosen then.
    std::size_t rules{0};        ///< Of kind Reload: index in World::rules.
    Fault fault{Fault::StoreFails};
    std::int64_t amount{0};  ///< Calls, or seconds.
};

struct World {
    std::uint64_t seed{0};
    std::vector<model::Rules> rules;    ///< The first is in force at the start.
    std::vector<Happening> happenings;  ///< By time.
    model::Second starts_at{0};
    model::Second healed_at{0};  ///< From here on nothing goes wrong.
    model::Second ends_at{0};    ///< By then all has settled.
};

/// REQUIRES nothing; every seed makes a world.
[[nodiscard]] World world_of(std::uint64_t seed);

[[nodiscard]] std::string text_of(const Happening& happening, const World& world);

}  // namespace fristvakt::tests::simulation
