#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrations/memory/memory_store.hpp"
#include "tests/worlds/office.hpp"
#include "tests/worlds/random_world.hpp"
#include "workflows/decision/recipients.hpp"

/// What holds of every installation, whatever happens to it.
namespace fristvakt::tests {
namespace {

using workflows::Instant;
using workflows::NoticeKind;
using Lines = std::vector<std::string>;

std::string utc(Instant when) {
    return workflows::iso_utc(when);
}

/// Runs the world to its end: events at their times, and a step or a crash at each of its moments.
enum class Between { Nothing, Steps, Crashes };

void live(Office& office, const RandomWorld& world, Between between) {
    RC_ASSERT(office.start(utc(world.from)).ok());
    auto moment = world.moments.begin();
    const auto disturb = [&](Instant until) {
        for (; between != Between::Nothing && moment != world.moments.end() && *moment < until;
             ++moment) {
            office.run(*moment);
            const bool done =
                between == Between::Steps ? office.step(*moment).ok() : office.crash(*moment).ok();
            RC_ASSERT(done);
        }
    };
    for (const RandomEvent& event : world.events) {
        disturb(event.at);
        (void)office.raise(utc(event.at), event.case_id, event.event, event.by, event.fields);
    }
    disturb(world.until);
    office.run(world.until);
    RC_ASSERT(office.watch().problems().empty());
}

/// Who was sent what, by message: a resend counts once.
Lines what_was_sent(const Office& office) {
    std::map<std::string, std::string> by_message;
    Lines order;
    for (const auto& one : office.handed_over) {
        if (by_message.emplace(one.envelope.message_id, in_words(one.snapshot)).second) {
            order.push_back(line_of(one.snapshot));
        }
    }
    return order;
}

/// The same in any order; which of a slot's messages carries a copy is left open.
Lines in_any_order(const Office& office) {
    Lines lines;
    for (std::string line : office.sent()) {
        for (auto plus = line.rfind(" +"); plus != std::string::npos; plus = line.rfind(" +")) {
            lines.push_back(line.substr(0, 16) + line.substr(plus));
            line.erase(plus);
        }
        lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// Checks one message against the rules that hold for each by itself.
void check_message(Office& office, const RandomWorld& world,
                   const workflows::MessageSnapshot& snapshot) {
    const auto& installation = world.definitions->installation;
    std::set<std::string> addresses{snapshot.to.address};
    for (const auto& copy : snapshot.copies) {
        RC_ASSERT(addresses.insert(copy.address).second);
    }
    if (snapshot.kind == NoticeKind::Answer) {
        return;
    }
    RC_ASSERT(workflows::is_open(installation.send_window, snapshot.at, oslo()));
    if (snapshot.kind == NoticeKind::Change) {
        return;
    }
    for (const auto& item : snapshot.items) {
        const workflows::Case of = office.find_case(item.case_id);
        const auto context = workflows::context_of(of, *world.definitions);
        RC_ASSERT(!of.final);
        RC_ASSERT(!of.paused);
        RC_ASSERT(!of.held);
        RC_ASSERT(of.children_open_pausing == 0);
        RC_ASSERT(context.state != nullptr && context.ladder != nullptr);
        if (snapshot.organisation == of.debtor) {
            RC_ASSERT(context.state->waits_for == workflows::Party::Debtor);
        }
        RC_ASSERT(item.softened ==
                  (of.softened && context.state->waits_for == workflows::Party::Debtor));
        if (item.softened) {
            RC_ASSERT(snapshot.copies.empty());
            RC_ASSERT(snapshot.organisation == of.debtor);
        }
    }
}

/// Checks what holds of all messages together.
void check_messages(const Office& office, const RandomWorld& world) {
    std::map<std::pair<std::string, workflows::Date>, std::set<Instant>> slots_by_day;
    std::map<std::pair<std::string, workflows::Date>, std::set<Instant>> slots_by_week;
    std::map<std::pair<std::string, Instant>, int> copies;
    std::map<std::string, int> said;
    for (const auto& one : office.handed_over) {
        const auto& snapshot = one.snapshot;
        if (snapshot.kind != NoticeKind::Reminder) {
            continue;
        }
        const auto day = oslo().date_of(snapshot.at);
        const auto monday = day - (workflows::cal::weekday{day} - workflows::cal::Monday);
        slots_by_day[{snapshot.to.address, day}].insert(snapshot.at);
        slots_by_week[{snapshot.to.address, monday}].insert(snapshot.at);
        for (const auto& copy : snapshot.copies) {
            ++copies[{copy.address, snapshot.at}];
        }
    }
    for (const auto& [key, slots] : slots_by_day) {
        RC_ASSERT(slots.size() == 1U);
    }
    const auto budget = static_cast<std::size_t>(world.definitions->installation.nag_budget);
    for (const auto& [key, slots] : slots_by_week) {
        RC_ASSERT(slots.size() <= budget);
    }
    for (const auto& [key, count] : copies) {
        RC_ASSERT(count == 1);
    }
}

RC_GTEST_PROP(Installation, KeepsItsRulesWhateverHappens, ()) {
    const RandomWorld world = random_world();
    RC_LOG() << world;
    Office office{world.definitions};
    office.before_hand_over = [&](const workflows::MessageSnapshot& snapshot) {
        check_message(office, world, snapshot);
        return false;
    };
    live(office, world, Between::Steps);
    check_messages(office, world);
    const auto books = office.books();
    RC_ASSERT(books.balance());
    RC_ASSERT(books.waiting == 0);
    std::int64_t items = 0;
    for (const auto& one : office.handed_over) {
        items += one.snapshot.kind == NoticeKind::Reminder
                     ? static_cast<std::int64_t>(one.snapshot.items.size())
                     : 0;
    }
    RC_ASSERT(items == books.sent);
}

RC_GTEST_PROP(Installation, SaysTheSameSteppedOrCrashedInBetween, ()) {
    const RandomWorld world = random_world();
    RC_LOG() << world;
    Office undisturbed{world.definitions};
    Office stepped{world.definitions};
    Office crashed{world.definitions};
    live(undisturbed, world, Between::Nothing);
    live(stepped, world, Between::Steps);
    live(crashed, world, Between::Crashes);
    RC_ASSERT(stepped.sent() == undisturbed.sent());
    RC_ASSERT(crashed.sent() == undisturbed.sent());
    RC_ASSERT(stepped.books() == undisturbed.books());
    RC_ASSERT(crashed.books() == undisturbed.books());
}

RC_GTEST_PROP(Installation, LosesAndDoublesNothingInACrashWhileSending, ()) {
    const RandomWorld world = random_world();
    const auto before = *rc::gen::container<std::set<int>>(rc::gen::inRange(0, 60));
    const auto after = *rc::gen::container<std::set<int>>(rc::gen::inRange(0, 60));
    RC_LOG() << world;
    Office undisturbed{world.definitions};
    live(undisturbed, world, Between::Nothing);
    Office crashed{world.definitions};
    int handed = 0;
    crashed.before_hand_over = [&](const workflows::MessageSnapshot&) {
        return before.contains(++handed);
    };
    int over = 0;
    crashed.after_hand_over = [&](const workflows::MessageSnapshot&) {
        return after.contains(++over);
    };
    live(crashed, world, Between::Nothing);
    Lines expected = what_was_sent(undisturbed);
    Lines sent = what_was_sent(crashed);
    std::sort(expected.begin(), expected.end());
    std::sort(sent.begin(), sent.end());
    RC_ASSERT(sent == expected);
    RC_ASSERT(crashed.books() == undisturbed.books());
    // What went twice went as it was.
    std::map<std::string, std::string> bytes;
    for (const auto& one : crashed.handed_over) {
        const auto [known, is_new] = bytes.emplace(one.envelope.message_id, one.envelope.bytes);
        RC_ASSERT(is_new || known->second == one.envelope.bytes);
    }
}

RC_GTEST_PROP(Installation, KeepsItsRulesWithServersThatRefuseAndDelay, ()) {
    const RandomWorld world = random_world(true);
    const auto seed = *rc::gen::inRange(1, 1'000'000);
    RC_LOG() << world;
    Office office{world.definitions};
    office.before_hand_over = [&](const workflows::MessageSnapshot& snapshot) {
        check_message(office, world, snapshot);
        return false;
    };
    std::uint64_t state = static_cast<std::uint64_t>(seed);
    office.transport = [&](const workflows::Envelope&) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto chance = (state >> 33) % 10;
        workflows::DeliveryReport report;
        report.verdict = chance < 6   ? workflows::Verdict::Delivered
                         : chance < 9 ? workflows::Verdict::RetryLater
                                      : workflows::Verdict::Refused;
        report.uncertain = chance == 8;
        report.recipient_refused = chance == 9;
        return report;
    };
    live(office, world, Between::Crashes);
    const auto books = office.books();
    RC_ASSERT(books.balance());
    RC_ASSERT(books.waiting == 0);
}

RC_GTEST_PROP(Installation, EndsTheSameWithAStoreThatFailsAtRandom, ()) {
    const RandomWorld world = random_world();
    const auto seed = *rc::gen::inRange(1, 1'000'000);
    RC_LOG() << world;
    Office undisturbed{world.definitions};
    live(undisturbed, world, Between::Nothing);
    integrations::MemoryStore memory;
    std::uint64_t state = static_cast<std::uint64_t>(seed);
    FailingStore failing{memory, [&] {
                             state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                             return (state >> 33) % 8 == 0;
                         }};
    Office office{world.definitions, &failing};
    office.patience = 1000;
    live(office, world, Between::Nothing);
    RC_ASSERT(in_any_order(office) == in_any_order(undisturbed));
    RC_ASSERT(office.engine().ledger().books == undisturbed.books());
}

}  // namespace
}  // namespace fristvakt::tests
