#include "workflows/decision/grouping.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/world.hpp"

namespace fristvakt::tests {
namespace {

using workflows::Claim;
using workflows::Message;
using workflows::PersonIds;
using workflows::SlotBook;

struct Row {
    std::string name;
    std::vector<std::string> known;
    std::string earliest;
    std::string expected;
    int budget{2};
};

TEST(Slots, AreOneADayWithinTheWindowAndTheBudget) {
    for (const Row& row : {
             Row{"free", {}, "2021-01-11T08:00", "2021-01-11 08:00"},
             Row{"at_once_in_the_window", {}, "2021-01-11T13:37", "2021-01-11 13:37"},
             Row{"before_the_window", {}, "2021-01-11T06:00", "2021-01-11 08:00"},
             Row{"the_end_of_the_window_is_shut", {}, "2021-01-11T16:00", "2021-01-12 08:00"},
             Row{"weekend", {}, "2021-01-16T10:00", "2021-01-18 08:00"},
             Row{"romjul", {}, "2020-12-23T17:00", "2021-01-04 08:00"},
             Row{"fellesferie", {}, "2021-07-10T10:00", "2021-08-02 08:00"},
             Row{"easter", {}, "2021-03-31T17:00", "2021-04-06 08:00"},
             Row{"the_day_is_taken", {"2021-01-11T08:00"}, "2021-01-11T09:00", "2021-01-12 08:00"},
             Row{"one_still_ahead_is_joined",
                 {"2021-01-11T12:00"},
                 "2021-01-11T09:00",
                 "2021-01-11 12:00"},
             Row{"one_of_this_instant_is_joined",
                 {"2021-01-11T09:00"},
                 "2021-01-11T09:00",
                 "2021-01-11 09:00"},
             Row{"one_of_tomorrow_is_left_alone",
                 {"2021-01-12T08:00"},
                 "2021-01-11T09:00",
                 "2021-01-11 09:00"},
             Row{"friday_taken", {"2021-01-15T08:00"}, "2021-01-15T09:00", "2021-01-18 08:00"},
             Row{"the_week_is_full",
                 {"2021-01-11T08:00", "2021-01-12T08:00"},
                 "2021-01-13T09:00",
                 "2021-01-18 08:00"},
             Row{"a_slot_later_in_the_week_counts",
                 {"2021-01-11T08:00", "2021-01-15T08:00"},
                 "2021-01-12T09:00",
                 "2021-01-18 08:00"},
             Row{"a_full_week_then_a_slot_to_join",
                 {"2021-01-11T08:00", "2021-01-12T08:00", "2021-01-18T08:00", "2021-01-19T08:00"},
                 "2021-01-13T09:00",
                 "2021-01-18 08:00"},
             Row{"a_bigger_budget",
                 {"2021-01-11T08:00", "2021-01-12T08:00"},
                 "2021-01-13T09:00",
                 "2021-01-13 09:00",
                 3},
             Row{"budget_of_one", {"2021-01-11T08:00"}, "2021-01-12T08:00", "2021-01-18 08:00", 1},
             // Week 53 of 2020 runs to Sunday 3 January 2021: romjul is over on the 2nd.
             Row{"week_53_over_new_year",
                 {"2020-12-28T08:00", "2020-12-29T08:00"},
                 "2021-01-01T09:00",
                 "2021-01-04 08:00"},
         }) {
        SCOPED_TRACE(row.name);
        World world;
        world.nag_budget = row.budget;
        const auto definitions = world.load();
        SlotBook slots{*definitions};
        for (const std::string& known : row.known) {
            slots.know({"kari", "email", at(known)});
        }
        slots.know({"per", "email", at("2021-01-11T08:00")});
        slots.know({"kari", "teams", at("2021-01-11T08:00")});
        const auto placed = slots.place("kari", "email", at(row.earliest));
        ASSERT_TRUE(placed.has_value());
        EXPECT_EQ(clock(*placed), row.expected);
    }
}

TEST(Slots, OverNewYearTheWeekIsTheIsoWeek) {
    World world;
    world.window = R"({days: all, hours: "08:00-16:00"})";
    const auto definitions = world.load();
    SlotBook slots{*definitions};
    slots.know({"kari", "email", at("2020-12-28T08:00")});
    slots.know({"kari", "email", at("2021-01-02T08:00")});
    EXPECT_EQ(clock(*slots.place("kari", "email", at("2021-01-03T08:00"))), "2021-01-04 08:00");
    SlotBook others{*definitions};
    others.know({"kari", "email", at("2021-01-02T08:00")});
    EXPECT_EQ(clock(*others.place("kari", "email", at("2021-01-03T08:00"))), "2021-01-03 08:00");
}

Claim claim(PersonIds& persons, const std::string& case_id, const std::string& person,
            const std::vector<std::string>& copies, workflows::Language language,
            const std::string& step_at = "2021-01-11T08:00") {
    Claim made;
    made.to.address = person + "@by.example";
    made.to.language = language;
    made.to.organisation = "by";
    made.reminder.case_id = case_id;
    made.reminder.step = "due-14d";
    made.reminder.person = persons.of(made.to.address);
    made.reminder.step_at = at(step_at);
    for (const std::string& copy : copies) {
        workflows::Recipient other;
        other.address = copy + "@by.example";
        made.copy.push_back(other);
        made.reminder.copies.push_back(persons.of(other.address));
    }
    std::sort(made.reminder.copies.begin(), made.reminder.copies.end());
    return made;
}

std::vector<std::size_t> sizes(const workflows::Grouping& grouping) {
    std::map<std::int64_t, std::size_t> carried;
    for (const auto& reminder : grouping.carried) {
        ++carried[reminder.message];
    }
    std::vector<std::size_t> all;
    for (const auto& [number, count] : carried) {
        all.push_back(count);
    }
    return all;
}

TEST(Groups, AreByAddressLanguageSlotAndCopies) {
    const auto definitions = World{}.load();
    PersonIds persons{"salt"};
    constexpr auto kNb = workflows::Language::Nb;
    constexpr auto kNn = workflows::Language::Nn;
    const auto now = at("2021-01-11T08:00");
    const auto group = [&](std::vector<Claim> claims, std::vector<Message> waiting = {}) {
        SlotBook slots{*definitions};
        for (const Message& message : waiting) {
            slots.know({message.person, message.channel, message.slot_at});
        }
        std::int64_t last = 10;
        return workflows::group(std::move(claims), waiting, slots, last, false, now, persons);
    };
    EXPECT_EQ(sizes(group({claim(persons, "p/a", "kari", {}, kNb),
                           claim(persons, "p/b", "kari", {}, kNb)})),
              (std::vector<std::size_t>{2}));
    EXPECT_EQ(sizes(group(
                  {claim(persons, "p/a", "kari", {}, kNb), claim(persons, "p/b", "per", {}, kNb)})),
              (std::vector<std::size_t>{1, 1}));
    EXPECT_EQ(sizes(group({claim(persons, "p/a", "kari", {}, kNb),
                           claim(persons, "p/b", "kari", {}, kNn)})),
              (std::vector<std::size_t>{1, 1}));
    EXPECT_EQ(sizes(group({claim(persons, "p/a", "kari", {"per"}, kNb),
                           claim(persons, "p/b", "kari", {}, kNb)})),
              (std::vector<std::size_t>{1, 1}));
    EXPECT_EQ(sizes(group({claim(persons, "p/a", "kari", {"per", "ola"}, kNb),
                           claim(persons, "p/b", "kari", {"ola", "per"}, kNb)})),
              (std::vector<std::size_t>{2}));
    Message waiting;
    waiting.number = 7;
    waiting.person = persons.of("kari@by.example");
    waiting.slot_at = now;
    const auto joined = group({claim(persons, "p/a", "kari", {}, kNb)}, {waiting});
    EXPECT_TRUE(joined.made.empty());
    EXPECT_EQ(joined.carried.front().message, 7);
}

TEST(Groups, WhatGoesByHandDrawsNobodyAlongOutsideTheWindow) {
    const auto definitions = World{}.load();
    PersonIds persons{"salt"};
    SlotBook slots{*definitions};
    std::int64_t last = 0;
    Claim by_hand = claim(persons, "p/a", "kari", {}, workflows::Language::Nb, "2021-01-11T06:00");
    by_hand.at_once = true;
    const auto made =
        workflows::group({by_hand, claim(persons, "p/b", "kari", {}, workflows::Language::Nb,
                                         "2021-01-11T06:00")},
                         {}, slots, last, false, at("2021-01-11T06:00"), persons)
            .made;
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(clock(made.front().slot_at), "2021-01-11 08:00");
    EXPECT_EQ(clock(made.back().slot_at), "2021-01-11 06:00");
}

TEST(Groups, KnowWhatIsLate) {
    const auto definitions = World{}.load();
    PersonIds persons{"salt"};
    const auto now = at("2021-01-11T12:00");
    const auto is_late = [&](const std::string& step_at, bool catch_up) {
        SlotBook slots{*definitions};
        std::int64_t last = 0;
        return workflows::group(
                   {claim(persons, "p/a", "kari", {}, workflows::Language::Nb, step_at)}, {}, slots,
                   last, catch_up, now, persons)
            .made.front()
            .catch_up;
    };
    EXPECT_FALSE(is_late("2021-01-11T12:00", false));
    EXPECT_FALSE(is_late("2021-01-11T11:00", false));
    EXPECT_TRUE(is_late("2021-01-11T10:59", false));
    EXPECT_TRUE(is_late("2021-01-11T12:00", true));
}

}  // namespace
}  // namespace fristvakt::tests
