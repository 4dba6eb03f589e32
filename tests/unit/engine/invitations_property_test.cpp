#include <map>
#include <optional>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/engine/exchange.hpp"

/// Whatever is done to a meeting, in whatever order, and whatever goes wrong on the way: in the end
/// every calendar shows what is so, and nobody was told anything twice.
namespace fristvakt::tests {
namespace {

/// What one person's calendar makes of the mails, as RFC 5546 section 2.1.5 wants it.
struct Calendar {
    std::optional<std::string> entry;  ///< Start, end and place.
    int sequence{-1};
    std::string last;  ///< The last message, but for its time.

    void take(const workflows::MessageSnapshot& snapshot) {
        const auto& meeting = snapshot.meeting.value();
        const std::string said = words_of(snapshot).substr(12) + workflows::written(meeting.end);
        if (said == last) {
            return;  // The same once more: nobody knew whether it had arrived.
        }
        RC_ASSERT(meeting.sequence > sequence);
        RC_ASSERT(entry.has_value() || !meeting.is_cancel);
        const auto shown = meeting.is_cancel
                               ? std::nullopt
                               : std::optional{workflows::written(meeting.start) +
                                               workflows::written(meeting.end) + meeting.place};
        RC_ASSERT(shown != entry);
        RC_ASSERT(oslo().to_instant(meeting.end) > snapshot.at);
        entry = shown;
        sequence = meeting.sequence;
        last = said;
    }
};

std::string stamp(workflows::Instant at) {
    return clock(at).substr(5, 5) + "T" + clock(at).substr(11, 5);
}

std::string any_step() {
    return *rc::gen::weightedElement<std::string>({
        {6, "invite"},
        {2, "agenda"},
        {3, "move 03-24T09:00"},
        {3, "move 03-30T10:00"},
        {3, "move 03-23T09:00"},
        {2, "place Lampeland"},
        {2, "place Teams"},
        {3, "cancel"},
        {4, "uncancel"},
        {2, "take-away"},
        {2, "add nora vik"},
        {2, "remove nora"},
        {2, "remove kari"},
        {3, "add kari by"},
        {2, "lose"},
        {2, "delay"},
        {1, "crash-before"},
        {1, "crash-after"},
        {1, "hold"},
        {3, "release"},
    });
}

RC_GTEST_PROP(Invitations, LeaveEveryCalendarAsItIs, ()) {
    Exchange exchange;
    exchange.is_forgiving = true;
    workflows::Instant at_time = at("2021-02-02T08:30");
    const int steps = *rc::gen::inRange(1, 14);
    for (int step = 0; step < steps; ++step) {
        const std::string verb = any_step();
        RC_LOG() << stamp(at_time) << " " << verb << "\n";
        exchange.take(stamp(at_time) + " " + verb);
        at_time += std::chrono::minutes{*rc::gen::inRange(1, 1800)};
    }
    exchange.take(stamp(at_time) + " release");
    Office& office = exchange.office();
    office.transport = nullptr;
    office.before_hand_over = nullptr;
    office.after_hand_over = nullptr;
    office.run("2021-03-12");

    std::map<std::string, Calendar> calendars;
    for (const auto& one : office.handed_over) {
        if (one.snapshot.meeting) {
            calendars[one.snapshot.to.address].take(one.snapshot);
        }
    }
    const auto item = office.find_case(kMeeting);
    const bool stands = item.state == "invited" || item.state == "ready";
    const Plan& plan = exchange.plan();
    std::set<std::string> called;
    for (const auto& [name, organisation] : plan.people) {
        called.insert(name + "@" + organisation + ".example");
        if (stands) {
            const auto& entry = calendars[name + "@" + organisation + ".example"].entry;
            RC_ASSERT(entry == plan.start + plan.end + plan.place);
        }
    }
    for (const auto& [address, calendar] : calendars) {
        RC_ASSERT(!calendar.entry || (stands && called.contains(address)));
    }
    RC_ASSERT(office.books().balance());
}

}  // namespace
}  // namespace fristvakt::tests
