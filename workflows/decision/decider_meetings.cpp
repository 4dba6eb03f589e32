#include <algorithm>
#include <utility>

#include "workflows/decision/case_decider.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {

const MeetingDate* CaseDecider::configured_date() const {
    const CaseContext at = context();
    return is_configured_meeting(item_, at) ? at.cohort->find_date(*at.requirement, item_.period)
                                            : nullptr;
}

void CaseDecider::follow_meeting(Instant now) {
    if (item_.final) {
        return;
    }
    const CaseContext at = context();
    if (at.state == nullptr || !is_configured_meeting(item_, at)) {
        return;
    }
    const MeetingDate* date = at.cohort->find_date(*at.requirement, item_.period);
    const auto known = meeting_time(item_);
    Event event;
    event.case_id = item_.id;
    event.by = Actor::Configuration;
    if (date == nullptr) {
        if (!known) {
            return;
        }
        event.name = kUndated;
    } else if (!date->cancelled.empty()) {
        event.name = kCancelled;
        event.fields = {{"reason", date->cancelled}};
    } else {
        const MeetingTime wanted = time_of(*date);
        if (known == wanted) {
            return;
        }
        event.name = known ? kMoved : kDated;
        event.fields = fields_of(wanted);
    }
    for (const Transition& transition : at.state->on) {
        if (transition.event != event.name) {
            continue;
        }
        // What the organiser is reminded of now has not been missed before it could be known.
        item_.held = false;
        if (event.name != kMoved) {
            item_.fields.erase(std::string{kJoinUrl});  // Called anew, it is another one.
        }
        const std::size_t first = decision_.entries.size();
        follow(transition, event, now);
        remember_ended(first);
        return;
    }
}

void CaseDecider::note_agenda(Instant now) {
    const CaseContext at = context();
    const MeetingDate* date = configured_date();
    if (date == nullptr || at.state == nullptr || !at.state->invites) {
        return;
    }
    const auto sent = std::ranges::find(at.state->on, kAgendaSent, &Transition::event);
    if (sent == at.state->on.end()) {
        return;
    }
    // It is in the invitation; whoever has that already is told of another one.
    const std::string mark =
        date->agenda.nb.empty() ? std::string{} : sha256_hex(date->agenda.nb + date->agenda.nn);
    const auto known = item_.fields.try_emplace(std::string{kAgendaMark}, mark).first;
    const bool is_new = known->second != mark;
    known->second = mark;
    if (mark.empty() || (!is_new && sent->to == item_.state)) {
        return;
    }
    if (is_new) {
        item_.fields.erase(std::string{kAgenda});  // Written by hand before it.
    }
    Event event;
    event.case_id = item_.id;
    event.name = kAgendaSent;
    event.by = Actor::Configuration;
    // It follows from what a person did, and goes when that is undone.
    auto undo = item_.undo;
    const std::string from = decision_.from;
    follow(*sent, event, now);
    const bool has_been_told = std::ranges::any_of(
        file_.invitations, [](const Invitation& one) { return !one.told.empty(); });
    if (is_new && has_been_told) {
        share(std::string{kAgenda}, {}, now);
    }
    item_.undo = std::move(undo);
    if (!from.empty()) {
        decision_.from = from;
    }
}

Result<Done> CaseDecider::note_online(const Event& event, Instant now) {
    if (!meeting_time(item_)) {
        return Error{ErrorKind::Conflict, item_.id + " is no meeting with a date", "no-meeting"};
    }
    const std::string name{kJoinUrl};
    const auto given = event.fields.find(name);
    // What stands there becomes a link for people to follow.
    constexpr std::size_t kLengthMax{2048};
    const bool is_address = given != event.fields.end() && given->second.starts_with("https://") &&
                            given->second.size() <= kLengthMax &&
                            std::ranges::all_of(given->second, [](char letter) {
                                return letter > ' ' && letter < '\x7f';
                            });
    if (!is_address) {
        return Error{ErrorKind::InvalidInput,
                     "online needs the field join_url, an address that begins with https://",
                     "missing:join_url"};
    }
    add_event_entry(event, now);
    item_.fields[name] = given->second;
    return Done{};
}

}  // namespace fristvakt::workflows
