#include "tests/model/judge.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

/// The judge, shown what a program does: it must see what is wrong, and that alone.
namespace fristvakt::tests::model {
namespace {

const std::string kCase{"p/r/k"};
const std::string kKari{"kari@k.example"};
const Day kFirst = *parse_date("2021-03-01");

/// One case that is opened on `kFirst` in a state whose own deadline is Friday of that week. Kari
/// is reminded on Thursday.
Rules rules() {
    Rules made;
    made.organisations = {{"k", Language::Nb, ""}, {"sf", Language::Nb, ""}};
    made.contacts = {{"k", kKari, {"ressursperson"}, {}, {}, {}}};
    Step before;
    before.id = "s0";
    before.offset = {-1, Unit::Days};
    before.to = {{false, "ressursperson"}};
    before.notice = "reminder";
    made.ladders = {{"l", {before}, ""}};
    State claimed;
    claimed.id = "claimed";
    claimed.waits_for = Side::Debtor;
    claimed.deadline = State::Deadline::Own;
    claimed.own = {4, Unit::Days};
    claimed.ladder = "l";
    made.workflows = {{"w", "claimed", {claimed}}};
    Requirement owed;
    owed.id = "r";
    owed.workflow = "w";
    owed.ladder = "l";
    owed.opens = kFirst;
    owed.due = kFirst + 60;
    owed.creditor = "sf";
    made.requirements = {owed};
    made.participants = {"k"};
    made.notices["reminder"] = {};
    made.from = kFirst;
    made.to = kFirst + 300;
    return made;
}

/// Up to Thursday's reminder, which waits for room.
void begin(Judge& judge) {
    const Second start = instant(kFirst);
    judge.starts(start);
    judge.takes_up(rules(), start);
    judge.written({EventSeen{kCase, "opened", "configuration", start}}, start);
    judge.took_up(start);
    judge.looked(start);
    ReminderSeen waits;
    waits.at = waits.step_at = waits.claimed_at =
        instant(kFirst + 3, judge.town().rules().window.opens);
    waits.case_id = kCase;
    waits.version = "claimed.1";
    waits.step = "s0";
    waits.address = kKari;
    waits.notice = "reminder";
    waits.before = true;
    waits.reason = "due";
    BooksSeen books;
    books.planned = books.accounts[Account::Waiting] = 1;
    judge.written({waits, books}, waits.at);
    judge.looked(waits.at);
    ASSERT_EQ(judge.broken(), std::vector<std::string>{});
}

void refuse_to_stop(Judge& judge, Second now) {
    judge.asks({kCase, "reminder_stopped", By::Operator, {{"reason", "fordi"}}}, 1, now);
    judge.answered(false, false, "not found", now);
}

TEST(Judge, SeesThatAWaitingReminderCouldHaveBeenStopped) {
    Judge judge;
    begin(judge);
    refuse_to_stop(judge, instant(kFirst + 3, 12 * kHour));
    EXPECT_EQ(judge.broken(),
              (std::vector<std::string>{"2021-03-04 12:00:00 p/r/k reminder_stopped was refused as "
                                        "not found; it is taken"}));
}

TEST(Judge, KnowsThatTheDeadlineOfAStateEndsWhatWaitedBeforeIt) {
    Judge judge;
    begin(judge);
    refuse_to_stop(judge, instant(kFirst + 6));
    EXPECT_EQ(judge.broken(), std::vector<std::string>{});
}

}  // namespace
}  // namespace fristvakt::tests::model
