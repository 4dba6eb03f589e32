#include "workflows/decision/recipients.hpp"

#include <algorithm>
#include <array>

#include "workflows/definition/meetings.hpp"
#include "workflows/definition/roles.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {

namespace {

constexpr std::string_view kCaseOfficer = "saksbehandler";
constexpr std::string_view kPostmottak = "postmottak";

/// Språklova § 15: the state writes to a kommune in the language that the kommune has decided on;
/// only towards a neutral one the contact's own wish counts.
Language language_of(const Organisation& organisation, const Contact* contact,
                     const Installation& installation) {
    if (organisation.language) {
        return *organisation.language;
    }
    if (contact != nullptr && contact->language) {
        return *contact->language;
    }
    return installation.default_language;
}

std::string role_name(const RoleReference& role) {
    return role.party == Party::Creditor ? "creditor." + role.role : role.role;
}

std::string responsible_for(const Case& item, const CaseContext& context) {
    if (context.cohort == nullptr) {
        return {};
    }
    const Participant* participant = context.cohort->find_participant(item.debtor);
    if (participant != nullptr && !participant->responsible.empty()) {
        return participant->responsible;
    }
    if (context.requirement != nullptr && !context.requirement->responsible.empty()) {
        return context.requirement->responsible;
    }
    return context.cohort->responsible;
}

void add_unless_known(std::vector<Recipient>& list, Recipient recipient) {
    const bool known = std::any_of(list.begin(), list.end(), [&](const Recipient& other) {
        return lower_case(other.address) == lower_case(recipient.address);
    });
    if (!known) {
        list.push_back(std::move(recipient));
    }
}

/// The holders of `role`, else those of the ladder's fallback at the same party.
std::vector<Recipient> holders_or_fallback(const RoleReference& role, const Ladder* ladder,
                                           const Case& item, const CaseContext& context,
                                           const Definitions& definitions, Date day,
                                           const RefusedAddresses& refused) {
    if (role.party == Party::Debtor && (role.role == kAttendees || role.role == kUnanswered)) {
        auto called = attendees_of(item, context, definitions);
        std::erase_if(called, [&](const Recipient& attendee) {
            return refused.contains(lower_case(attendee.address));
        });
        return called;  // Nobody stands in for who is called.
    }
    auto found = holders(role, item, context, definitions, day, refused);
    if (found.empty() && ladder != nullptr && !ladder->fallback.empty()) {
        found = holders({role.party, ladder->fallback}, item, context, definitions, day, refused);
    }
    return found;
}

const Ladder* requirement_ladder(const CaseContext& context, const Definitions& definitions) {
    return context.requirement == nullptr ? nullptr
                                          : definitions.find_ladder(context.requirement->ladder);
}

}  // namespace

bool may_write_to(const Installation& installation, std::string_view address) {
    if (installation.sending != SendingMode::Allowlist) {
        return true;
    }
    const std::string whole = lower_case(address);
    const std::string domain = whole.substr(whole.rfind('@') + 1);
    return std::ranges::any_of(installation.allowlist, [&](const std::string& allowed) {
        return allowed == whole || allowed == domain;
    });
}

std::vector<Recipient> attendees_of(const Case& item, const CaseContext& context,
                                    const Definitions& definitions) {
    const MeetingDate* date = context.requirement == nullptr || context.cohort == nullptr
                                  ? nullptr
                                  : context.cohort->find_date(*context.requirement, item.period);
    if (date == nullptr) {
        return {};
    }
    const Meeting& meeting = *context.cohort->find_meeting(context.requirement->meeting);
    std::vector<Recipient> attendees;
    for (const Contact* contact : called_to(*context.cohort, meeting, *date, definitions)) {
        const Organisation* organisation = definitions.find_organisation(contact->organisation);
        if (organisation != nullptr) {
            attendees.push_back(
                {.address = contact->email,
                 .name = contact->name,
                 .phone = contact->phone,
                 .organisation = contact->organisation,
                 .role = calling_role(meeting, *date, *contact),
                 .language = language_of(*organisation, contact, definitions.installation)});
        }
    }
    return attendees;
}

std::vector<RoleReference> first_roles(const Ladder& ladder) {
    for (const LadderStep& step : ladder.steps) {
        std::vector<RoleReference> roles;
        std::copy_if(step.to.begin(), step.to.end(), std::back_inserter(roles),
                     [](const RoleReference& role) { return role.party == Party::Debtor; });
        if (!roles.empty()) {
            return roles;
        }
    }
    return {};
}

CaseContext context_of(const Case& item, const Definitions& definitions) {
    CaseContext context;
    context.cohort = definitions.find_cohort(item.cohort);
    if (context.cohort != nullptr) {
        context.requirement = context.cohort->find_requirement(item.requirement);
    }
    context.workflow = definitions.find_workflow(item.workflow, item.workflow_version);
    if (context.workflow == nullptr && item.final) {
        context.workflow = definitions.find_workflow(item.workflow);  // Closed: for its words.
    }
    if (context.workflow != nullptr) {
        context.state = context.workflow->find_state(item.state);
    }
    if (context.state != nullptr && !context.state->ladder.empty()) {
        context.ladder = context.state->ladder == "requirement"
                             ? requirement_ladder(context, definitions)
                             : definitions.find_ladder(context.state->ladder);
    }
    return context;
}

std::string person_id(std::string_view salt, std::string_view address) {
    // The length in front keeps salt and address apart; 80 bits keep any two addresses apart.
    const std::string hash =
        sha256_hex(std::to_string(salt.size()) + ":" + std::string{salt} + lower_case(address));
    return "p" + hash.substr(0, 20);
}

const std::string& PersonIds::of(const std::string& address) {
    const auto found = ids_.find(address);
    if (found != ids_.end()) {
        return found->second;
    }
    const std::string& id = ids_.emplace(address, person_id(salt_, address)).first->second;
    addresses_.emplace(id, address);
    return id;
}

const std::string* PersonIds::address_of(const std::string& id) const {
    const auto found = addresses_.find(id);
    return found == addresses_.end() ? nullptr : &found->second;
}

std::vector<Recipient> holders(const RoleReference& role, const Case& item,
                               const CaseContext& context, const Definitions& definitions, Date day,
                               const RefusedAddresses& refused) {
    const std::string& id = role.party == Party::Debtor ? item.debtor : item.creditor;
    const Organisation* organisation = definitions.find_organisation(id);
    if (organisation == nullptr) {
        return {};
    }
    std::vector<Recipient> found;
    for (const Contact* contact : definitions.contacts_of(id)) {
        if (holds_role_on(*contact, role.role, day) &&
            !refused.contains(lower_case(contact->email))) {
            add_unless_known(
                found, {.address = contact->email,
                        .name = contact->name,
                        .phone = contact->phone,
                        .organisation = id,
                        .role = role_name(role),
                        .language = language_of(*organisation, contact, definitions.installation)});
        }
    }
    if (found.empty() && role.role == kPostmottak && !organisation->email.empty() &&
        !refused.contains(lower_case(organisation->email))) {
        found.push_back(
            {.address = organisation->email,
             .name = {},
             .phone = {},
             .organisation = id,
             .role = role_name(role),
             .language = language_of(*organisation, nullptr, definitions.installation)});
    }
    if (role.party == Party::Creditor && role.role == kCaseOfficer && found.size() > 1) {
        const std::string responsible = lower_case(responsible_for(item, context));
        const auto named = std::find_if(found.begin(), found.end(), [&](const Recipient& holder) {
            return lower_case(holder.address) == responsible;
        });
        if (named != found.end()) {
            return {*named};
        }
    }
    return found;
}

Audience audience_of(const LadderStep& step, const Case& item, const CaseContext& context,
                     const Definitions& definitions, Date day, const RefusedAddresses& refused) {
    Audience audience;
    // Only what the debtor gets is softened: the creditor is nudged about a claim as ever.
    const bool softened = item.softened && context.ladder != nullptr && context.state != nullptr &&
                          context.state->waits_for == Party::Debtor;
    const auto first = softened ? first_roles(*context.ladder) : std::vector<RoleReference>{};
    for (const RoleReference& role : step.to) {
        if (softened && std::find(first.begin(), first.end(), role) == first.end()) {
            continue;
        }
        for (Recipient& recipient :
             holders_or_fallback(role, context.ladder, item, context, definitions, day, refused)) {
            add_unless_known(audience.to, std::move(recipient));
        }
    }
    if (softened) {
        return audience;
    }
    for (const RoleReference& role : step.copy) {
        for (Recipient& recipient : holders(role, item, context, definitions, day, refused)) {
            const bool is_recipient =
                std::any_of(audience.to.begin(), audience.to.end(), [&](const Recipient& other) {
                    return lower_case(other.address) == lower_case(recipient.address);
                });
            if (!is_recipient) {
                add_unless_known(audience.copy, std::move(recipient));
            }
        }
    }
    return audience;
}

std::vector<Recipient> debtor_contacts(const Case& item, const CaseContext& context,
                                       const Definitions& definitions, Date day,
                                       const RefusedAddresses& refused) {
    const Ladder* ladder = requirement_ladder(context, definitions);
    if (ladder == nullptr) {
        return {};
    }
    std::vector<Recipient> found;
    for (const RoleReference& role : first_roles(*ladder)) {
        for (Recipient& recipient :
             holders_or_fallback(role, ladder, item, context, definitions, day, refused)) {
            add_unless_known(found, std::move(recipient));
        }
    }
    return found;
}

}  // namespace fristvakt::workflows
