#include "tests/simulation/world/meetings.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/meeting.hpp"

namespace fristvakt::tests::simulation {

using model::Case;
using model::Day;
using model::Event;
using model::kDay;
using model::kHour;
using model::Ladder;
using model::Meeting;
using model::MeetingDate;
using model::Occasion;
using model::Rules;
using model::Second;
using model::Side;
using model::State;
using model::Step;
using model::Transition;
using model::Unit;

namespace {

// --- workflow and ladders
// -------------------------------------------------------------------------

Transition raised(std::string event, std::string to) {
    Transition made;
    made.event = std::move(event);
    made.by_creditor = true;
    made.to = std::move(to);
    return made;
}

Transition by_either(std::string event, std::string to) {
    Transition made = raised(std::move(event), std::move(to));
    made.by_debtor = true;
    return made;
}

Transition dating(std::string event, std::string to) {
    Transition made = by_either(std::move(event), std::move(to));
    made.sets_date = true;
    return made;
}

Transition cancelling() {
    Transition made = raised("cancelled", "cancelled");
    made.needs = {"reason"};
    return made;
}

Transition giving_time() {
    Transition made = raised("more_time_given", "undated");
    made.sets_due = true;
    made.notice = "new-deadline";
    return made;
}

State waiting(std::string id, std::string ladder, State::From from, int working_days) {
    State made;
    made.id = std::move(id);
    made.waits_for = Side::Creditor;
    made.deadline = State::Deadline::Own;
    made.from = from;
    made.own = {working_days, Unit::WorkingDays};
    made.ladder = std::move(ladder);
    return made;
}

State final_state(std::string id) {
    State made;
    made.id = std::move(id);
    made.final = true;
    return made;
}

/// config/workflows/meeting.yaml.
model::Workflow meeting() {
    State undated;
    undated.id = "undated";
    undated.waits_for = Side::Debtor;
    undated.deadline = State::Deadline::Due;
    undated.ladder = "requirement";
    undated.on = {dating("dated", "dated"), cancelling(), giving_time()};
    State dated = waiting("dated", "meeting-invite", State::From::Start, -15);
    dated.on = {by_either("invited", "invited"), by_either("agenda_sent", "ready"),
                dating("moved", "dated"),        by_either("undated", "undated"),
                raised("held", "held"),          cancelling()};
    State invited = waiting("invited", "meeting-agenda", State::From::Start, -5);
    invited.on = {by_either("agenda_sent", "ready"), dating("moved", "invited"),
                  by_either("undated", "undated"), raised("held", "held"), cancelling()};
    State ready = waiting("ready", "meeting-held", State::From::End, 3);
    ready.on = {dating("moved", "ready"), by_either("undated", "undated"), raised("held", "held"),
                cancelling()};
    State held = waiting("held", "meeting-minutes", State::From::Entered, 10);
    held.on = {raised("minutes_sent", "closed"), raised("without_minutes", "closed")};
    State closed = final_state("closed");
    for (State* const one : {&invited, &ready, &held, &closed}) {
        one->invites = true;
    }
    return {"meeting",
            "undated",
            {std::move(undated), std::move(dated), std::move(invited), std::move(ready),
             std::move(held), std::move(closed), final_state("cancelled")}};
}

Step step(std::string id, int working_days, model::Role to, std::string notice) {
    Step made;
    made.id = std::move(id);
    made.offset = {working_days, Unit::WorkingDays};
    made.to = {std::move(to)};
    made.notice = std::move(notice);
    return made;
}

Step to_officer(Chance& chance, std::string id, int from, int to) {
    return step(std::move(id), static_cast<int>(chance.number(from, to)), {true, "saksbehandler"},
                "nudge-creditor");
}

void add_ladders(Rules& rules, Chance& chance) {
    const auto lacking = [&](const std::string& id) {
        return Ladder{id,
                      {to_officer(chance, "before", -6, 0), to_officer(chance, "after", 1, 4)},
                      "postmottak"};
    };
    for (const std::string id : {"meeting-date", "meeting-invite", "meeting-minutes"}) {
        rules.ladders.push_back(lacking(id));
    }
    Ladder agenda = lacking("meeting-agenda");
    const auto asked = static_cast<int>(chance.number(-8, 0));
    agenda.steps.insert(agenda.steps.begin(),
                        step("answer", asked, {false, "unanswered"}, "reminder"));
    Ladder held = lacking("meeting-held");
    const auto soon = static_cast<int>(chance.number(-9, -3));
    held.steps.insert(held.steps.begin(), step("soon", soon, {false, "attendees"}, "reminder"));
    rules.ladders.push_back(std::move(agenda));
    rules.ladders.push_back(std::move(held));
}

// --- meetings
// -------------------------------------------------------------------------------------

Occasion some_occasion(Chance& chance, const Rules& rules, Day first, Day last, bool whole_days) {
    const Day day =
        std::clamp(first + static_cast<Day>(chance.number(0, last - first)), rules.from, rules.to);
    Occasion made;
    made.start = day * kDay;
    made.place = chance.one_of<std::string>({"Teams", "Kongsberg", "Lampeland"});
    if (whole_days || chance.once_in(6)) {
        made.end = made.start + chance.number(1, 2) * kDay;
    } else {
        made.start += chance.number(8, 15) * kHour;
        made.end = made.start + chance.number(1, 4) * kHour;
    }
    return made;
}

std::vector<model::Prework> some_prework(Chance& chance) {
    if (chance.once_in(2)) {
        return {};
    }
    return {{.id = "notat",
             .workflow = chance.once_in(2) ? "delivery" : "question",
             .ladder = chance.once_in(2) ? "standard" : "gentle",
             .days_before = static_cast<int>(chance.number(1, 14))}};
}

MeetingDate some_date(Chance& chance, const Rules& rules, Day first, Day last, bool whole_days) {
    MeetingDate made;
    made.when = some_occasion(chance, rules, first, last, whole_days);
    if (chance.once_in(3)) {
        made.also = {"skoleeier"};
    }
    made.prework = some_prework(chance);
    return made;
}

void give_date(Meeting& meeting, Chance& chance, const Rules& rules, Day first, Day last) {
    meeting.dates.push_back(some_date(chance, rules, first, last, !meeting.set_by));
}

void move(MeetingDate& date, const Meeting& of, Chance& chance, const Rules& rules, Day today) {
    const bool whole_days = !of.set_by || !date.id.empty();
    const std::string place = date.when.place;
    constexpr Day kSoon = 5;
    // Most are moved to some day ahead; a few into the past.
    const Day first = chance.once_in(10) ? today - kSoon : today + kSoon;
    date.when = some_occasion(chance, rules, first, today + 60, whole_days);
    if (chance.once_in(2)) {
        date.when.place = place;
    }
}

void edit_people(Meeting& meeting, MeetingDate& date, Rules& rules, Chance& chance, Day today) {
    if (chance.once_in(3)) {
        date.also =
            date.also.empty() ? std::vector<std::string>{"skoleeier"} : std::vector<std::string>{};
    } else if (chance.once_in(4)) {
        meeting.audience = {chance.once_in(2) ? "ressursperson" : "skoleeier"};
    } else if (chance.once_in(2) && !rules.contacts.empty()) {
        const auto gone = chance.number(0, std::ssize(rules.contacts) - 1);
        rules.contacts.erase(rules.contacts.begin() + gone);
    } else if (!rules.participants.empty()) {
        model::Contact made;
        made.organisation = chance.one_of(rules.participants);
        made.address =
            "m" + std::to_string(chance.number(1, 9999)) + "@" + made.organisation + ".example";
        made.roles = {chance.once_in(3) ? "skoleeier" : "ressursperson"};
        if (chance.once_in(4)) {
            made.to = today + static_cast<Day>(chance.number(0, 60));
        }
        rules.contacts.push_back(std::move(made));
    }
}

void edit(Meeting& meeting, Rules& rules, Chance& chance, Day today) {
    if (meeting.dates.empty()) {
        give_date(meeting, chance, rules, today + 2, today + 70);
        return;
    }
    const auto index = static_cast<std::size_t>(chance.number(0, std::ssize(meeting.dates) - 1));
    MeetingDate& date = meeting.dates[index];
    switch (chance.number(0, 9)) {
        case 0:
        case 1:
        case 2:
            move(date, meeting, chance, rules, today);
            break;
        case 3:
            date.when.place =
                chance.one_of<std::string>({"Teams", "Kongsberg", "Lampeland", "Nore"});
            break;
        case 4:
        case 5:
            date.cancelled = date.cancelled.empty() ? "sykdom" : "";
            break;
        case 6:
            meeting.dates.erase(meeting.dates.begin() + static_cast<std::ptrdiff_t>(index));
            break;
        case 7:
            date.prework = some_prework(chance);
            break;
        default:
            edit_people(meeting, date, rules, chance, today);
    }
}

}  // namespace

void add_meetings(Rules& rules, Chance& chance, Day begin) {
    rules.workflows.push_back(meeting());
    add_ladders(rules, chance);
    for (const char* notice :
         {"invitation", "invitation-moved", "invitation-cancelled", "invitation-withdrawn"}) {
        rules.notices[notice] = {model::Kind::Invitation, !chance.once_in(8)};
    }
    Meeting network;
    network.id = "nettverk";
    network.set_by = begin + static_cast<Day>(chance.number(-3, 40));
    network.audience = {"ressursperson"};
    network.ladder = "meeting-date";
    if (!chance.once_in(3)) {
        give_date(network, chance, rules, begin + 5, begin + 90);
    }
    Meeting gathering;
    gathering.id = "samling";
    gathering.audience = {chance.once_in(2) ? "skoleeier" : "ressursperson"};
    gathering.ladder = "meeting-date";
    give_date(gathering, chance, rules, begin + 5, begin + 150);
    if (chance.once_in(2)) {
        give_date(gathering, chance, rules, begin + 20, begin + 150);
        gathering.dates.back().id = "til";
    }
    rules.meetings = {std::move(network), std::move(gathering)};
}

void edit_meetings(Rules& rules, Chance& chance, Day today) {
    for (auto left = chance.number(1, 2); left > 0; --left) {
        const auto last = std::ssize(rules.meetings) - 1;
        Meeting& one = rules.meetings[static_cast<std::size_t>(chance.number(0, last))];
        edit(one, rules, chance, today);
    }
}

// --- events
// ---------------------------------------------------------------------------------------

namespace {

Event some_reply(const Case& item, Chance& chance, Second now) {
    static const std::vector<std::string> kReplies{"accepted", "accepted",  "declined",
                                                   "declined", "tentative", "delegated"};
    const auto last = std::ssize(item.guests) - 1;
    const auto& [address, guest] = *std::next(item.guests.begin(), chance.number(0, last));
    Event made;
    made.name = model::kResponded;
    made.by = chance.once_in(5) ? model::By::Creditor : model::By::Attendee;
    made.fields["attendee"] = chance.once_in(30) ? "fremmed@k1.example" : address;
    made.fields["answer"] = chance.once_in(30) ? "kanskje" : chance.one_of(kReplies);
    if (chance.once_in(2)) {
        const auto behind = chance.once_in(3) ? chance.number(0, 2) : 0;
        const auto sequence = chance.once_in(20) ? guest.sequence + 1 : guest.sequence - behind;
        made.fields["sequence"] = std::to_string(std::max<std::int64_t>(sequence, 0));
    }
    if (chance.once_in(2)) {
        // Answers come in another order than they were given in; some clocks are ahead.
        made.fields["stamped_at"] = model::utc_text(now - chance.number(-kHour, kDay));
    }
    return made;
}

/// How far its preparation has come, if the organiser goes on with it now.
std::string next_of(const Case& item, Chance& chance, Second now) {
    const bool has_begun = item.date && model::instant_of(item.date->start) <= now;
    const bool may_be_held = has_begun || chance.once_in(30);
    if (item.state == "dated") {
        return may_be_held && chance.once_in(2) ? "held" : "invited";
    }
    if (item.state == "invited" && chance.once_in(4)) {
        return may_be_held ? "held" : "agenda_sent";
    }
    if (item.state == "ready" && may_be_held) {
        return "held";
    }
    if (item.state == "held" && chance.once_in(3)) {
        return chance.once_in(4) ? "without_minutes" : "minutes_sent";
    }
    return {};
}

}  // namespace

Event choose_at_meeting(const model::Town& town, std::uint64_t pick, Second now) {
    Chance chance{pick};
    std::vector<const Case*> meetings;
    for (const auto& [id, item] : town.cases) {
        if (item.workflow == "meeting") {
            meetings.push_back(&item);
        }
    }
    if (meetings.empty()) {
        return {};
    }
    const Case& item = *chance.one_of(meetings);
    const std::string next = next_of(item, chance, now);
    Event made;
    if (!next.empty() && (item.guests.empty() || chance.once_in(2))) {
        made.name = next;
        made.by = chance.once_in(4) ? model::By::Operator : model::By::Creditor;
    } else if (!item.guests.empty()) {
        made = some_reply(item, chance, now);
    } else {
        made.name = chance.once_in(4) ? "moved" : "noted";
        made.by = chance.once_in(4) ? model::By::Attendee : model::By::Creditor;
    }
    made.case_id = item.id;
    return made;
}

}  // namespace fristvakt::tests::simulation
