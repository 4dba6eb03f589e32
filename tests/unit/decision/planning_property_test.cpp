#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/decision/desk.hpp"
#include "tests/worlds/random_world.hpp"

/// What holds of every ladder, deadline and history of one case.
namespace fristvakt::tests {
namespace {

using Lines = std::vector<std::string>;

/// Opens the case on its day and goes through the events; steps at `moments` too.
void live(Desk& desk, const RandomWorld& world, const std::vector<workflows::Instant>& moments) {
    const auto stamp = [](workflows::Instant when) { return workflows::iso_utc(when); };
    auto next = moments.begin();
    for (const RandomEvent& event : world.events) {
        for (; next != moments.end() && *next < event.at; ++next) {
            if (*next > desk.item().opened_at) {
                (void)desk.advance(stamp(*next));
            }
        }
        if (event.case_id == desk.item().id && event.at > desk.item().opened_at) {
            (void)desk.raise(stamp(event.at), event.event, event.by, event.fields);
        }
    }
    for (; next != moments.end(); ++next) {
        if (*next > desk.item().opened_at) {
            (void)desk.advance(stamp(*next));
        }
    }
    (void)desk.advance(stamp(world.until));
}

void open_on_its_day(Desk& desk, const RandomWorld& world) {
    const auto& requirement = world.definitions->cohorts.front().requirements.front();
    const auto opens = std::get<workflows::Date>(requirement.opens->expression->anchor);
    (void)desk.open(workflows::iso_date(opens));
}

RC_GTEST_PROP(Planning, InOneJumpOrInManyClaimsTheSameKeys, ()) {
    const RandomWorld world = random_world();
    Desk one{world.definitions};
    Desk many{world.definitions};
    open_on_its_day(one, world);
    open_on_its_day(many, world);
    live(one, world, {});
    live(many, world, world.moments);
    RC_LOG() << world;
    RC_ASSERT(one.keys() == many.keys());
    RC_ASSERT(one.item().state == many.item().state);
    RC_ASSERT(one.item().due_versions == many.item().due_versions);
    RC_ASSERT(one.item().softened == many.item().softened);
}

RC_GTEST_PROP(Planning, EachKeyOnce, ()) {
    const RandomWorld world = random_world();
    Desk desk{world.definitions};
    open_on_its_day(desk, world);
    live(desk, world, world.moments);
    const auto keys = desk.keys();
    RC_LOG() << world;
    RC_ASSERT(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

RC_GTEST_PROP(Planning, AtMostOneReminderOfACaseWaitsForAPerson, ()) {
    const RandomWorld world = random_world();
    Desk desk{world.definitions};
    open_on_its_day(desk, world);
    live(desk, world, world.moments);
    std::vector<std::string> waiting;
    for (const auto& reminder : desk.file.reminders) {
        if (reminder.account == workflows::Account::Waiting) {
            waiting.push_back(reminder.person);
        }
    }
    std::sort(waiting.begin(), waiting.end());
    RC_LOG() << world;
    RC_ASSERT(std::adjacent_find(waiting.begin(), waiting.end()) == waiting.end());
}

RC_GTEST_PROP(Planning, MovingADeadlineThereAndBackEndsWhereItBegan, ()) {
    RandomWorld world = random_world();
    world.events.clear();
    Desk stays{world.definitions};
    Desk moves{world.definitions};
    open_on_its_day(stays, world);
    open_on_its_day(moves, world);
    // At night, when no step falls due.
    const auto opened = oslo().date_of(moves.item().opened_at);
    const int days = static_cast<int>((moves.item().due->date - opened).count());
    RC_PRE(days > 0);
    const auto day = opened + workflows::cal::days{*rc::gen::inRange(0, days)};
    const auto now = workflows::iso_utc(oslo().to_instant(day + std::chrono::hours{3}));
    const auto back = workflows::iso_date(moves.item().due->date);
    const auto there = workflows::iso_date(moves.item().due->date +
                                           workflows::cal::days{*rc::gen::inRange(1, 40)});
    RC_PRE(at("2021-01-01") < moves.item().opened_at);
    RC_ASSERT(
        moves.raise(now, "more_time_given", workflows::Actor::Creditor, {{"until", there}}).ok());
    RC_ASSERT(
        moves.raise(now, "more_time_given", workflows::Actor::Creditor, {{"until", back}}).ok());
    (void)stays.advance(workflows::iso_utc(world.until));
    (void)moves.advance(workflows::iso_utc(world.until));
    Lines first;
    for (const std::string& key : moves.keys()) {
        if (key.starts_with("v1 ")) {
            first.push_back(key);
        }
    }
    RC_LOG() << world << " moved at " << now << " to " << there;
    RC_ASSERT(first == stays.keys());
    RC_ASSERT(moves.item().due->ends_at == stays.item().due->ends_at);
    RC_ASSERT(moves.item().due_version == stays.item().due_version);
}

}  // namespace
}  // namespace fristvakt::tests
