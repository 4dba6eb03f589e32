#include "tests/model/judge.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

/// The judge, shown what a program does: it must see what is wrong, and that alone.
namespace fristvakt::tests::model {
namespace {

using Lines = std::vector<std::string>;

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

const Second kThursday = instant(kFirst + 3, 8 * kHour);

ReminderSeen thursdays(Account account, const std::string& reason) {
    ReminderSeen made;
    made.at = made.step_at = made.claimed_at = kThursday;
    made.case_id = kCase;
    made.version = "claimed.1";
    made.step = "s0";
    made.address = kKari;
    made.notice = "reminder";
    made.before = true;
    made.account = account;
    made.reason = reason;
    return made;
}

BooksSeen one_in(Account account) {
    BooksSeen books;
    books.planned = books.accounts[account] = 1;
    return books;
}

void open(Judge& judge) {
    const Second start = instant(kFirst);
    judge.starts(start);
    judge.takes_up(rules(), start);
    judge.written({EventSeen{kCase, "opened", "configuration", start}}, start);
    judge.took_up(start);
    judge.looked(start);
    ASSERT_EQ(judge.broken(), Lines{});
}

/// Up to Thursday's reminder, which waits for room.
void begin(Judge& judge) {
    open(judge);
    judge.written({thursdays(Account::Waiting, "due"), one_in(Account::Waiting)}, kThursday);
    judge.looked(kThursday);
    ASSERT_EQ(judge.broken(), Lines{});
}

/// At noon on Thursday, after nobody had looked since the opening.
void move_the_other_deadline(Judge& judge, const std::vector<Seen>& with_it) {
    const Second noon = kThursday + 4 * kHour;
    Rules moved = rules();
    moved.name = "moved";
    moved.requirements.front().due += 7;
    judge.takes_up(moved, noon);
    std::vector<Seen> batch{EventSeen{kCase, "deadline_moved", "configuration", noon}};
    MessageSeen told;
    told.number = 1;
    told.kind = Kind::Answer;
    told.address = kKari;
    told.slot_at = told.made_at = noon;
    told.told = {{kCase, "new-deadline", 2}};
    batch.emplace_back(told);
    batch.insert(batch.end(), with_it.begin(), with_it.end());
    judge.written(batch, noon);
    judge.took_up(noon);
}

void refuse_to_stop(Judge& judge, Second now) {
    judge.asks({kCase, "reminder_stopped", By::Operator, {{"reason", "fordi"}}}, 1, now);
    judge.answered(false, false, "not found", now);
}

TEST(Judge, SeesThatAWaitingReminderCouldHaveBeenStopped) {
    Judge judge;
    begin(judge);
    refuse_to_stop(judge, instant(kFirst + 3, 12 * kHour));
    EXPECT_EQ(judge.broken(), (Lines{"2021-03-04 12:00:00 p/r/k reminder_stopped was refused as "
                                     "not found; it is taken"}));
}

TEST(Judge, KnowsThatTheDeadlineOfAStateEndsWhatWaitedBeforeIt) {
    Judge judge;
    begin(judge);
    refuse_to_stop(judge, instant(kFirst + 6));
    EXPECT_EQ(judge.broken(), Lines{});
}

TEST(Judge, SeesThatAStateIsRemindedThoughTheOtherDeadlineMoves) {
    Judge judge;
    open(judge);
    move_the_other_deadline(judge,
                            {thursdays(Account::Superseded, "before the deadline began to count"),
                             one_in(Account::Superseded)});
    EXPECT_EQ(
        judge.broken(),
        (Lines{"2021-03-04 12:00:00 p/r/k claimed.1 s0 to kari@k.example is in an account for "
               "\"before the deadline began to count\", but the case does not bear that "
               "out"}));
}

TEST(Judge, SeesThatAStateIsRemindedAfterTheOtherDeadlineMoved) {
    Judge judge;
    open(judge);
    move_the_other_deadline(judge, {});
    EXPECT_EQ(judge.broken(), Lines{});
    judge.looked(kThursday + 4 * kHour);
    EXPECT_EQ(judge.broken(),
              (Lines{"2021-03-04 12:00:00 p/r/k claimed.1 s0 of 2021-03-04 08:00:00 "
                     "was never planned for kari@k.example"}));
}

TEST(Judge, KnowsThatAStepThatFailedHasBeenDealtWith) {
    Judge judge;
    open(judge);
    const Second tuesday = instant(kFirst + 1, 10 * kHour);
    judge.asks({kCase, "sent_now", By::Creditor, {}}, 1, tuesday);
    ReminderSeen early = thursdays(Account::Waiting, "due");
    early.at = early.step_at = early.claimed_at = tuesday;
    early.message = 1;
    MessageSeen message;
    message.number = 1;
    message.address = kKari;
    message.slot_at = message.made_at = tuesday;
    message.at_once = true;
    judge.written({EventSeen{kCase, "sent_now", "creditor", tuesday, "s0"}, early, message,
                   one_in(Account::Waiting)},
                  tuesday);
    judge.answered(true, false, "", tuesday);
    judge.cannot_be_written(1);
    early.account = Account::Failed;
    early.reason = message.reason = "bad address";
    message.stage = Stage::Failed;
    judge.written({early, message, one_in(Account::Failed)}, tuesday);
    judge.asks({kCase, "sent_now", By::Creditor, {{"step", "s0"}}}, 2, tuesday);
    judge.answered(false, false, "conflict", tuesday);
    EXPECT_EQ(judge.broken(), Lines{});
}

/// What the judge finds missing when a meeting that a configuration had taken out stands in the
/// next one on `day`, and nothing happens.
Lines missing_when_called_again(Day day) {
    State dated;
    dated.id = "dated";
    Rules with = rules();
    with.from = kFirst - 30;
    with.workflows.push_back({"meeting", "dated", {dated}});
    Meeting meeting;
    meeting.id = "m";
    meeting.dates = {{.id = "",
                      .when = {(kFirst + 20) * kDay, (kFirst + 21) * kDay, "Teams"},
                      .also = {},
                      .cancelled = "",
                      .prework = {}}};
    with.meetings = {meeting};
    Judge judge;
    const Second start = instant(kFirst);
    judge.starts(start);
    judge.takes_up(with, start);
    judge.written({EventSeen{kCase, "opened", "configuration", start},
                   EventSeen{"p/m", "opened", "configuration", start}},
                  start);
    judge.took_up(start);
    Rules without = with;
    without.meetings.clear();
    judge.takes_up(without, start + kHour);
    judge.written({EventSeen{"p/m", "withdrawn", "configuration", start + kHour}}, start + kHour);
    judge.took_up(start + kHour);
    EXPECT_EQ(judge.broken(), Lines{});
    with.meetings.front().dates.front().when = {day * kDay, (day + 1) * kDay, "Teams"};
    judge.takes_up(with, start + 2 * kHour);
    judge.took_up(start + 2 * kHour);
    return judge.broken();
}

TEST(Judge, SeesThatWhatIsCalledForAgainOpensAgain) {
    EXPECT_EQ(missing_when_called_again(kFirst + 30),
              (Lines{"2021-03-01 02:00:00 p/m is called for again and did not open again"}));
}

TEST(Judge, KnowsThatAMeetingBeforeTheFirstStartIsNotCalledForAgain) {
    EXPECT_EQ(missing_when_called_again(kFirst - 10), Lines{});
}

}  // namespace
}  // namespace fristvakt::tests::model
