#include "daemon/engine/prework.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "daemon/engine/invitations.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/recipients.hpp"
#include "workflows/definition/meetings.hpp"
#include "workflows/definition/periods.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::CaseFile;
using workflows::Invitation;
using workflows::Language;
using workflows::Message;
using workflows::Party;
using workflows::Requirement;
using workflows::Result;
using workflows::Status;

namespace {

/// In `Message::Told::fields`: the SEQUENCE of what its person had been told of the meeting.
constexpr const char* kMeetingSequence = "meeting_sequence";

/// An invitation, and what it is to; null: there is none.
struct Beside {
    const Case* meeting{nullptr};
    const Invitation* invitation{nullptr};
};

bool waits_for_debtor(const Case& item, const workflows::Definitions& definitions) {
    const auto context = workflows::context_of(item, definitions);
    return context.state != nullptr && context.state->waits_for == Party::Debtor;
}

bool is_contact_of(Transaction& transaction, const std::string& organisation,
                   const std::string& person) {
    return std::ranges::any_of(transaction.world().definitions.contacts_of(organisation),
                               [&](const workflows::Contact* contact) {
                                   return transaction.world().persons.of(contact->email) == person;
                               });
}

/// Whether the configuration withdrew it while it waited for whoever owes it.
bool has_lapsed(const Case& item, const workflows::Definitions& definitions) {
    const auto* const workflow = definitions.find_workflow(item.workflow, item.workflow_version);
    if (!item.final || !item.undo || !item.undo->by_configuration || workflow == nullptr) {
        return false;
    }
    const auto* const before = workflow->find_state(item.undo->state);
    return before != nullptr && before->waits_for == Party::Debtor;
}

/// To the meeting that the case is pre-work of, where it goes by mail to one of those who owe it.
Result<Beside> invitation_beside(Transaction& transaction, const std::string& case_id,
                                 const std::string& person) {
    const auto& definitions = transaction.world().definitions;
    const CaseFile* const owed = transaction.find_case(case_id);
    if (owed == nullptr || workflows::uses_calendar_service(definitions.installation)) {
        return Beside{};
    }
    const auto context = workflows::context_of(owed->item, definitions);
    if (context.requirement == nullptr || context.cohort == nullptr ||
        context.requirement->origin != Requirement::Origin::Prework) {
        return Beside{};
    }
    const std::string id = workflows::meeting_case_of(*context.cohort, *context.requirement);
    if (const Status loaded = transaction.load_cases({id}); !loaded.ok()) {
        return loaded.error();
    }
    const CaseFile* const meeting = transaction.find_case(id);
    const Invitation* const invitation =
        meeting == nullptr ? nullptr : workflows::find_invitation(meeting->invitations, person);
    return invitation != nullptr && is_contact_of(transaction, owed->item.debtor, person)
               ? Beside{&meeting->item, invitation}
               : Beside{};
}

}  // namespace

Result<std::string> prework_in_words(Transaction& transaction, const Case& meeting,
                                     const std::string& person, Language language) {
    const auto& definitions = transaction.world().definitions;
    const auto* const cohort = definitions.find_cohort(meeting.cohort);
    std::string text;
    if (cohort == nullptr) {
        return text;
    }
    std::unique_ptr<workflows::Snapshot> snapshot;
    for (const Requirement& one : cohort->requirements) {
        if (one.origin != Requirement::Origin::Prework ||
            workflows::meeting_case_of(*cohort, one) != meeting.id) {
            continue;
        }
        for (const std::string& debtor : workflows::debtors_of(*cohort, one)) {
            if (!is_contact_of(transaction, debtor, person)) {
                continue;
            }
            if (!snapshot) {
                snapshot = transaction.snapshot();
            }
            const auto owed = snapshot->find_case(workflows::case_name(*cohort, one, {}, debtor));
            if (!owed.ok()) {
                return owed.error();
            }
            if (owed.value() && owed.value()->due && waits_for_debtor(*owed.value(), definitions)) {
                text += (text.empty() ? "" : "; ") + one.title.in(language) +
                        (language == Language::Nb ? ", innen " : ", innan ") +
                        workflows::long_date(owed.value()->due->date, language);
            }
        }
    }
    return text;
}

Result<bool> prework_has_lapsed(Transaction& transaction, const Case& meeting,
                                const std::string& person) {
    const auto& definitions = transaction.world().definitions;
    const auto* const cohort = definitions.find_cohort(meeting.cohort);
    const std::string before = meeting.id + "/";
    for (const auto& participant :
         cohort == nullptr ? std::vector<workflows::Participant>{} : cohort->participants) {
        const std::string& debtor = participant.organisation;
        if (!is_contact_of(transaction, debtor, person)) {
            continue;
        }
        // Whatever called for them is gone from the configuration; their names are as they were.
        workflows::CaseFilter filter;
        filter.cohort = cohort->id;
        filter.debtor = debtor;
        filter.final = true;
        filter.count_max = std::numeric_limits<std::int32_t>::max();
        const auto over = transaction.snapshot()->cases(filter);
        if (!over.ok()) {
            return over.error();
        }
        const auto is_of_meeting = [&](const Case& item) {
            return item.id.starts_with(before) && item.id.ends_with("/" + debtor) &&
                   std::count(item.id.begin() + static_cast<std::ptrdiff_t>(before.size()),
                              item.id.end(), '/') == 1 &&
                   has_lapsed(item, definitions);
        };
        if (std::ranges::any_of(over.value(), is_of_meeting)) {
            return true;
        }
    }
    return false;
}

std::string meeting_of_prework(const Case& prework, const workflows::Definitions& definitions,
                               Language language) {
    const auto context = workflows::context_of(prework, definitions);
    if (context.requirement == nullptr || context.cohort == nullptr ||
        context.requirement->origin != Requirement::Origin::Prework) {
        return {};
    }
    const auto* const meeting = context.cohort->find_meeting(context.requirement->meeting);
    const std::string id = workflows::meeting_case_of(*context.cohort, *context.requirement);
    if (meeting == nullptr) {
        return {};
    }
    const auto date = std::ranges::find_if(meeting->dates, [&](const auto& one) {
        const std::string period = one.period.empty() ? "" : "/" + one.period;
        return !one.requirement.empty() &&
               context.cohort->id + "/" + one.requirement + period == id;
    });
    return date == meeting->dates.end()
               ? std::string{}
               : meeting->title.in(language) + ", " +
                     workflows::time_in_words({.start = date->start, .end = date->end, .place = {}},
                                              language);
}

Status note_meeting_known(Transaction& transaction, Message& message) {
    for (Message::Told& told : message.told) {
        const auto beside = invitation_beside(transaction, told.case_id, message.person);
        if (!beside.ok()) {
            return beside.error();
        }
        if (const Invitation* const invitation = beside.value().invitation) {
            told.fields[kMeetingSequence] = std::to_string(invitation->sequence);
        }
    }
    return workflows::Done{};
}

Result<bool> is_told_by_invitation(Transaction& transaction, const Message& message,
                                   const Message::Told& told) {
    const auto known = told.fields.find(kMeetingSequence);
    if (known == told.fields.end()) {
        return false;
    }
    const auto beside = invitation_beside(transaction, told.case_id, message.person);
    if (!beside.ok()) {
        return beside.error();
    }
    const auto& [meeting, invitation] = beside.value();
    return invitation != nullptr &&
           hears_since(std::stoi(known->second), transaction, *meeting, *invitation);
}

}  // namespace fristvakt::daemon
