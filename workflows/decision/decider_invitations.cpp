#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>
#include <utility>

#include "workflows/decision/case_decider.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

Error not_invited(const std::string& case_id) {
    return {ErrorKind::NotFound, "nobody by that name is called to " + case_id, "not-invited"};
}

std::string field_of(const Event& event, const char* name) {
    const auto found = event.fields.find(name);
    return found == event.fields.end() ? std::string{} : found->second;
}

}  // namespace

void CaseDecider::follow_invitations(Instant now) {
    const CaseContext at = context();
    const Whereabouts wanted = announced(item_, at);
    if (wanted.empty() && file_.invitations.empty()) {
        return;
    }
    std::vector<Invitation> changed;
    std::set<std::string> called;
    if (!wanted.empty()) {
        for (const Recipient& attendee : attendees_of(item_, at, world_.definitions)) {
            const std::string& person = world_.persons.of(attendee.address);
            called.insert(person);
            if (!may_write_to(world_.definitions.installation, attendee.address) ||
                world_.refused.contains(lower_case(attendee.address))) {
                continue;
            }
            call(person, attendee, wanted, now, changed);
        }
    }
    if (!wanted.empty() && is_open_to_others(item_, at)) {
        for (Invitation& known : file_.invitations) {
            if (known.role != kSignedUpRole || !called.insert(known.person).second ||
                known.message != 0 || !is_news(known, wanted, now, zone_)) {
                continue;
            }
            const auto fresh = signed_up_.find(known.person);
            tell(known, wanted,
                 fresh == signed_up_.end() ? std::nullopt : std::optional{fresh->second}, changed);
        }
    }
    for (Invitation& known : file_.invitations) {
        if (!called.contains(known.person) && known.message == 0 &&
            is_news(known, {}, now, zone_)) {
            tell(known, {}, std::nullopt, changed);
        }
    }
    if (changed.empty()) {
        return;
    }
    LogEntry& entry = add_entry("summoned", now);
    entry.data["people"] = std::to_string(changed.size());
    entry.change.invitations = std::move(changed);
    item_.invited_count = static_cast<int>(file_.invitations.size());
}

void CaseDecider::call(const std::string& person, const Recipient& attendee,
                       const Whereabouts& wanted, Instant now, std::vector<Invitation>& changed) {
    Invitation* known = find_invitation(file_.invitations, person);
    if (known == nullptr) {
        Invitation fresh;
        fresh.case_id = item_.id;
        fresh.person = person;
        if (!is_news(fresh, wanted, now, zone_)) {
            return;
        }
        file_.invitations.push_back(std::move(fresh));
        known = &file_.invitations.back();
    } else if (known->message != 0 || !is_news(*known, wanted, now, zone_)) {
        return;  // What is under way says what is so when it goes.
    }
    if (known->role != kSignedUpRole) {  // Who signed up stays so, whatever they hold beside it.
        known->organisation = attendee.organisation;
        known->role = attendee.role;
    }
    known->language = attendee.language;
    tell(*known, wanted, attendee, changed);
}

void CaseDecider::tell(Invitation& known, const Whereabouts& wanted,
                       const std::optional<Recipient>& to, std::vector<Invitation>& changed) {
    if (!uses_calendar_service(world_.definitions.installation)) {
        changed.push_back(known);
        decision_.summoned.push_back({.invitation = known, .to = to});
        return;
    }
    // What is wanted is as good as told: the calendar is brought to it, however long that takes.
    known.told = wanted;
    known.refused.clear();
    ++known.sequence;
    changed.push_back(known);
    if (to) {
        decision_.introduced.push_back(
            {.id = known.person, .address = to->address, .name = to->name});
    }
}

Result<Done> CaseDecider::answer_invitation(const Event& event, Instant now) {
    std::string person = field_of(event, "attendee");
    if (person.find('@') != std::string::npos) {
        person = world_.persons.of(person);
    }
    Invitation* known = find_invitation(file_.invitations, person);
    if (known == nullptr) {
        return not_invited(item_.id);
    }
    const auto response = parse_response(field_of(event, "answer"));
    if (!response || *response == Response::None) {
        return Error{ErrorKind::InvalidInput,
                     "answer: write accepted, tentative, declined or delegated", "no-answer"};
    }
    const auto time = meeting_time(item_);
    const bool is_called = !known->told.empty() || known->message != 0;
    if (item_.final || !is_called || !time || zone_.to_instant(time->end) <= now) {
        return Error{ErrorKind::Conflict,
                     item_.id + " is over, or is not held, or they are not called any more",
                     "closed"};
    }
    const std::string sequence = field_of(event, "sequence");
    int answered = std::max(known->sequence, 0);
    if (!sequence.empty() &&
        std::from_chars(sequence.data(), sequence.data() + sequence.size(), answered).ec !=
            std::errc{}) {
        return Error{ErrorKind::InvalidInput, "sequence: write a number", "no-number:sequence"};
    }
    const std::string stamp = field_of(event, "stamped_at");
    const auto stamped = parse_instant(stamp.empty() ? iso_utc(now) : stamp, zone_);
    if (!stamped.ok()) {
        return stamped.error();
    }
    const Instant at = std::min(stamped.value(), now);  // A clock ahead of ours shuts nobody out.
    // RFC 5546 section 2.1.5: by SEQUENCE, then by DTSTAMP; what is older says nothing of now.
    const bool is_older =
        answered < known->sequence ||
        (answered == known->response_sequence && known->responded_at && at < *known->responded_at);
    if (is_older) {
        return Error{
            ErrorKind::Conflict,
            "the answer is to an earlier invitation to " + item_.id + ", or not the newest",
            "old-answer"};
    }
    if (answered > std::max(known->sequence, 0)) {
        return Error{ErrorKind::InvalidInput,
                     "no invitation to " + item_.id + " has the number " + sequence, "no-answer"};
    }
    if (known->response == *response && known->response_sequence == answered &&
        field_of(event, "note").empty()) {
        return Done{};  // Said before.
    }
    known->response = *response;
    known->response_sequence = answered;
    known->responded_at = at;
    const std::string by = field_of(event, "via");
    known->response_by = by.empty() ? "hand" : by;
    LogEntry& entry = add_note_entry(event, now);
    for (const char* name : {"attendee", "answer", "sequence", "stamped_at", "via"}) {
        entry.aside.erase(name);
        entry.data.erase(name);
    }
    entry.data["person"] = person;
    entry.data["answer"] = to_string(*response);
    entry.data["via"] = known->response_by;
    for (const Recipient& attendee : attendees_of(item_, context(), world_.definitions)) {
        if (world_.persons.of(attendee.address) == person) {
            entry.aside["attendee"] = attendee.name.empty() ? attendee.address : attendee.name;
        }
    }
    entry.change.invitations.push_back(*known);
    settle_overtaken(now);
    return Done{};
}

Result<Done> CaseDecider::sign_up(const Event& event, Instant now) {
    const std::string address = field_of(event, "address");
    const std::string name = field_of(event, "name");
    if (auto formed = check_sign_up(name, address); !formed.ok()) {
        return formed;
    }
    // The same for who is called already: nobody learns here who is.
    if (auto open = may_sign_up(item_, context(), file_.invitations, now, zone_); !open.ok()) {
        return open;
    }
    const std::string& person = world_.persons.of(address);
    Invitation* known = find_invitation(file_.invitations, person);
    if (known != nullptr && (!known->told.empty() || known->message != 0)) {
        return Done{};  // Once is enough, and what they have answered is theirs to change.
    }
    add_note_entry(event, now);
    if (known == nullptr) {
        known = &file_.invitations.emplace_back();
        known->case_id = item_.id;
        known->person = person;
        known->language = world_.definitions.installation.default_language;
    }
    known->organisation = item_.creditor;
    known->role = kSignedUpRole;
    known->refused.clear();
    decision_.entries.back().change.invitations.push_back(*known);
    signed_up_.insert_or_assign(person, Recipient{.address = address,
                                                  .name = name,
                                                  .phone = {},
                                                  .organisation = known->organisation,
                                                  .role = known->role,
                                                  .language = known->language});
    return Done{};
}

Result<Done> CaseDecider::register_attendance(const Event& event, Instant now) {
    const auto time = meeting_time(item_);
    if (!time || zone_.to_instant(time->start) > now) {
        return Error{ErrorKind::Conflict, item_.id + " has not begun", "not-begun"};
    }
    std::set<std::string> present;
    std::istringstream words{field_of(event, "present")};
    for (std::string word; words >> word;) {
        const std::string person =
            word.find('@') == std::string::npos ? word : world_.persons.of(word);
        if (find_invitation(file_.invitations, person) == nullptr) {
            return not_invited(item_.id);
        }
        present.insert(person);
    }
    LogEntry& entry = add_event_entry(event, now);
    entry.aside.erase("present");
    entry.data["present"] = std::to_string(present.size());
    for (Invitation& known : file_.invitations) {
        const bool came = present.contains(known.person);
        if (known.told.empty() && !came) {
            continue;  // Not called in the end.
        }
        const Attendance attendance = came ? Attendance::Came : Attendance::Absent;
        if (std::exchange(known.attendance, attendance) != attendance) {
            entry.change.invitations.push_back(known);
        }
    }
    item_.fields["attended"] = std::to_string(present.size());
    return Done{};
}

}  // namespace fristvakt::workflows
