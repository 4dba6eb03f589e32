#include "tests/simulation/world/world.hpp"

#include <algorithm>
#include <map>

#include "tests/simulation/world/chance.hpp"
#include "tests/simulation/world/meetings.hpp"
#include "tests/simulation/world/rules.hpp"

namespace fristvakt::tests::simulation {

using model::Day;
using model::kDay;
using model::kHour;
using model::Second;

namespace {

constexpr int kDaysOfTrouble = 110;
constexpr int kEvents = 325;
constexpr int kEventsAtMeetings = 70;
constexpr int kFaultsPerWorld = 12;
/// One slot a week to one address, and a long queue.
constexpr int kDaysToSettle = 500;

Second some_time(Chance& chance, Day begin) {
    const Day day = begin + static_cast<Day>(chance.number(0, kDaysOfTrouble - 1));
    // Most of what people do they do in working hours; some of it on the hour.
    const Second of_day =
        chance.once_in(4) ? chance.number(0, kDay - 1) : chance.number(7 * kHour, 17 * kHour);
    return model::instant(day, chance.once_in(5) ? of_day / kHour * kHour : of_day);
}

Happening fault(Chance& chance, Day begin) {
    static const std::vector<Fault> kFaults{
        Fault::StoreFails,       Fault::StoreFails,         Fault::StoreStalls,
        Fault::DiskFull,         Fault::CrashBeforeCommit,  Fault::CrashBeforeCommit,
        Fault::CrashAfterCommit, Fault::CrashAfterCommit,   Fault::CrashBetween,
        Fault::CrashBetween,     Fault::CrashBeforeSending, Fault::CrashAfterSending,
        Fault::ServerBusy,       Fault::ServerBusy,         Fault::ServerRefuses,
        Fault::AddressRefused,   Fault::AddressRefused,     Fault::TimesOut,
        Fault::AnswersTooLate,   Fault::CannotWrite,        Fault::SenderSlow,
        Fault::SenderSlow,       Fault::ClockForward,       Fault::ClockBack};
    Happening made;
    made.kind = Happening::Kind::Fault;
    made.at = some_time(chance, begin);
    made.fault = chance.one_of(kFaults);
    // Which of the next calls, commits or messages it hits is chance too.
    const bool often = made.fault == Fault::StoreFails || made.fault == Fault::StoreStalls;
    made.pick = static_cast<std::uint64_t>(often ? chance.number(0, 25) : chance.number(0, 3));
    switch (made.fault) {
        case Fault::StoreFails:
            made.amount = chance.number(1, 12);
            break;
        case Fault::StoreStalls:
        case Fault::SenderSlow:
            made.amount = chance.number(10, 4 * kHour);
            break;
        case Fault::DiskFull:
            made.amount = chance.number(1, 30) * kHour;
            break;
        case Fault::CrashBetween:
            made.amount = chance.once_in(3) ? chance.number(1, 9) * kDay : chance.number(0, 600);
            break;
        case Fault::ClockForward:
            made.amount = chance.once_in(2) ? chance.number(1, 6) * kDay : kHour;
            break;
        case Fault::ClockBack:
            made.amount = chance.once_in(2) ? kHour : chance.number(1, 3 * kHour);
            break;
        case Fault::CrashBeforeCommit:
        case Fault::CrashAfterCommit:
        case Fault::CrashBeforeSending:
        case Fault::CrashAfterSending:
            made.amount = chance.once_in(3) ? chance.number(0, 2) * kDay : chance.number(0, 60);
            break;
        case Fault::ServerBusy:
        case Fault::TimesOut:
            made.amount = chance.number(1, 4);  // Times in a row.
            break;
        case Fault::ServerRefuses:
        case Fault::AddressRefused:
        case Fault::AnswersTooLate:
        case Fault::CannotWrite:
            made.amount = 1;
            break;
    }
    return made;
}

void add_people_s_doings(World& world, Chance& chance, Day begin) {
    for (int left = kEvents; left > 0; --left) {
        Happening made;
        made.at = some_time(chance, begin);
        made.pick = chance.next();
        world.happenings.push_back(std::move(made));
    }
    for (auto left = chance.number(0, 2); left > 0; --left) {
        Happening hold;
        hold.kind = Happening::Kind::Hold;
        hold.at = some_time(chance, begin);
        Happening release = hold;
        release.kind = Happening::Kind::Release;
        release.at += chance.number(60, 4 * kDay);
        world.happenings.push_back(std::move(hold));
        world.happenings.push_back(std::move(release));
    }
    for (auto left = chance.number(1, 4); left > 0; --left) {
        Happening made;
        made.kind = chance.once_in(2) ? Happening::Kind::Release : Happening::Kind::Retry;
        made.at = some_time(chance, begin);
        made.pick = chance.next();
        world.happenings.push_back(std::move(made));
    }
}

void add_doings_at_meetings(World& world, Chance& chance, Day begin) {
    for (int left = kEventsAtMeetings; left > 0; --left) {
        Happening made;
        made.at = some_time(chance, begin);
        made.about_meetings = true;
        made.pick = chance.next();
        world.happenings.push_back(std::move(made));
    }
}

/// Some change anything, some meetings alone.
void add_reloads(World& world, Chance& chance, Chance& of_meetings, Day begin) {
    std::vector<std::pair<Second, bool>> times;
    for (auto left = chance.number(1, 4); left > 0; --left) {
        times.emplace_back(some_time(chance, begin), true);
    }
    for (auto left = of_meetings.number(2, 8); left > 0; --left) {
        times.emplace_back(some_time(of_meetings, begin), false);
    }
    std::sort(times.begin(), times.end());
    for (const auto& [at, changes_all] : times) {
        const int count = static_cast<int>(world.rules.size());
        const Day today = model::day_at(at);
        world.rules.push_back(changes_all ? edited(world.rules.back(), chance, today, count)
                                          : world.rules.back());
        world.rules.back().name = std::to_string(count);
        edit_meetings(world.rules.back(), of_meetings, today);
        Happening made;
        made.kind = Happening::Kind::Reload;
        made.at = at;
        made.rules = world.rules.size() - 1;
        world.happenings.push_back(std::move(made));
    }
}

}  // namespace

World world_of(std::uint64_t seed) {
    Chance chance{seed};
    World world;
    world.seed = seed;
    // Any season; the nights on which the clock changes are among the days of most worlds.
    const Day begin = model::day_of({2021, 1, 1}) + static_cast<Day>(chance.number(0, 2500));
    world.rules.push_back(random_rules(chance, begin));
    constexpr std::uint64_t kOfMeetings = 0x6D65657469;
    Chance of_meetings{seed ^ kOfMeetings};
    add_meetings(world.rules.front(), of_meetings, begin);
    if (chance.once_in(8)) {
        for (const model::Contact& one : world.rules.front().contacts) {
            if (!chance.once_in(3)) {
                world.rules.front().allowed.push_back(one.address);
            }
        }
    }
    world.starts_at = model::instant(begin, chance.number(0, kDay - 1));
    add_people_s_doings(world, chance, begin);
    add_doings_at_meetings(world, of_meetings, begin);
    add_reloads(world, chance, of_meetings, begin);
    for (int left = kFaultsPerWorld; left > 0; --left) {
        world.happenings.push_back(fault(chance, begin));
    }
    std::erase_if(world.happenings,
                  [&](const Happening& one) { return one.at <= world.starts_at; });
    std::stable_sort(world.happenings.begin(), world.happenings.end(),
                     [](const Happening& a, const Happening& b) { return a.at < b.at; });
    world.healed_at = model::instant(begin + kDaysOfTrouble + 10);
    world.ends_at = world.healed_at + kDaysToSettle * kDay;
    return world;
}

std::string name_of(Fault fault) {
    switch (fault) {
        case Fault::StoreFails:
            return "the store fails";
        case Fault::StoreStalls:
            return "the store stalls";
        case Fault::DiskFull:
            return "the disk is full";
        case Fault::CrashBeforeCommit:
            return "crash before a commit";
        case Fault::CrashAfterCommit:
            return "crash after a commit";
        case Fault::CrashBetween:
            return "crash between steps";
        case Fault::CrashBeforeSending:
            return "crash before sending";
        case Fault::CrashAfterSending:
            return "crash after sending";
        case Fault::ServerBusy:
            return "the server is busy";
        case Fault::ServerRefuses:
            return "the server refuses the message";
        case Fault::AddressRefused:
            return "the server knows no such address";
        case Fault::TimesOut:
            return "the server times out";
        case Fault::AnswersTooLate:
            return "the server takes the message and does not answer";
        case Fault::CannotWrite:
            return "a message cannot be written";
        case Fault::SenderSlow:
            return "a sender is slow";
        case Fault::ClockForward:
            return "the clock jumps forward";
        case Fault::ClockBack:
            return "the clock jumps back";
    }
    return {};
}

std::string text_of(const Happening& happening, const World& world) {
    std::string text = model::time_text(happening.at) + "  ";
    switch (happening.kind) {
        case Happening::Kind::Event: {
            static const std::map<model::By, std::string> kBy{{model::By::Debtor, "debtor"},
                                                              {model::By::Creditor, "creditor"},
                                                              {model::By::Operator, "operator"},
                                                              {model::By::Attendee, "attendee"}};
            text += happening.event.case_id + " " + happening.event.name + " by " +
                    kBy.at(happening.event.by);
            for (const auto& [name, value] : happening.event.fields) {
                text += " " + name + "=" + value;
            }
            return text;
        }
        case Happening::Kind::Reload:
            return text + "configuration " + world.rules[happening.rules].name;
        case Happening::Kind::Hold:
            return text + "sending is put on hold";
        case Happening::Kind::Release:
            return text + "all is released";
        case Happening::Kind::Retry:
            return text + "a failed message is tried again";
        case Happening::Kind::Fault:
            return text + name_of(happening.fault) + " (" + std::to_string(happening.amount) + ")";
    }
    return text;
}

}  // namespace fristvakt::tests::simulation
