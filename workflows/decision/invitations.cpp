#include "workflows/decision/invitations.hpp"

#include <algorithm>

#include "workflows/decision/meeting.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {
namespace {

constexpr const char* kSequence = "sequence";
constexpr const char* kMethod = "method";
constexpr const char* kCancel = "cancel";
constexpr const char* kRequest = "request";

std::string_view notice_for(const Invitation& invitation, bool is_request, bool still_held) {
    if (is_request) {
        return invitation.told.empty() ? kInvitationNotice : kMovedNotice;
    }
    return still_held ? kUncalledNotice : kCancelledNotice;
}

}  // namespace

bool uses_calendar_service(const Installation& installation) {
    return installation.graph && installation.sending == SendingMode::Live;
}

Whereabouts announced(const Case& item, const CaseContext& context) {
    const auto time = meeting_time(item);
    const bool invites = context.state != nullptr && context.state->invites;
    return invites && time ? fields_of(*time) : Whereabouts{};
}

bool is_over(const Whereabouts& known, Instant now, const TimeZone& zone) {
    const auto time = meeting_time(known);
    return !time || zone.to_instant(time->end) <= now;
}

bool is_news(const Invitation& invitation, const Whereabouts& wanted, Instant now,
             const TimeZone& zone) {
    if (wanted == invitation.told || (!wanted.empty() && wanted == invitation.refused)) {
        return false;
    }
    return !is_over(wanted.empty() ? invitation.told : wanted, now, zone);
}

Summons summons_for(const Invitation& invitation, const Whereabouts& wanted,
                    const std::map<std::string, std::string>& last, bool still_held) {
    const bool is_request = !wanted.empty();
    Summons summons{.method = is_request ? Summons::Method::Request : Summons::Method::Cancel,
                    .notice = std::string{notice_for(invitation, is_request, still_held)},
                    .sequence = invitation.sequence + 1,
                    .says = is_request ? wanted : invitation.told,
                    .was = invitation.told};
    const auto sequence = last.find(kSequence);
    if (sequence != last.end()) {
        Summons again = summons;
        again.sequence = std::stoi(sequence->second);
        // What has been told since is newer than that, and so must this be.
        if (noted(again) == last && again.sequence == invitation.sequence) {
            return again;
        }
    }
    return summons;
}

Summons summons_again(std::string_view notice, const std::map<std::string, std::string>& noted) {
    Summons summons{
        .method = noted.at(kMethod) == kCancel ? Summons::Method::Cancel : Summons::Method::Request,
        .notice = std::string{notice},
        .sequence = std::stoi(noted.at(kSequence)),
        .says = noted,
        .was = {}};
    summons.says.erase(kMethod);
    summons.says.erase(kSequence);
    return summons;
}

std::map<std::string, std::string> noted(const Summons& summons) {
    auto fields = summons.says;
    fields[kMethod] = summons.method == Summons::Method::Cancel ? kCancel : kRequest;
    fields[kSequence] = std::to_string(summons.sequence);
    return fields;
}

Whereabouts told_by(const std::map<std::string, std::string>& noted) {
    const auto method = noted.find(kMethod);
    if (method == noted.end() || method->second == kCancel) {
        return {};
    }
    Whereabouts told = noted;
    told.erase(kMethod);
    told.erase(kSequence);
    return told;
}

void leave_out_answered(Audience& audience, const LadderStep& step,
                        const std::vector<Invitation>& invitations, PersonIds& persons) {
    if (!reaches_attendees(step)) {
        return;
    }
    const bool silent_only = std::ranges::any_of(
        step.to, [](const RoleReference& role) { return role.role == kUnanswered; });
    std::erase_if(audience.to, [&](const Recipient& one) {
        const Invitation* known = find_invitation(invitations, persons.of(one.address));
        if (known == nullptr || known->told.empty()) {
            return true;
        }
        const Response response = counting_response(*known);
        return silent_only ? response != Response::None : response == Response::Declined;
    });
}

namespace {

/// Short, on one line, and no address of anything: it stands in mail that we send.
bool is_name_of_somebody(std::string_view name) {
    constexpr std::size_t kNameMax{100};
    return !name.empty() && name.size() <= kNameMax &&
           name.find_first_of("@<>") == std::string_view::npos &&
           name.find("://") == std::string_view::npos &&
           lower_case(name).find("www.") == std::string::npos &&
           std::ranges::none_of(name, [](char character) {
               return static_cast<unsigned char>(character) < ' ' || character == 127;
           });
}

const MeetingDate* open_date(const Case& item, const CaseContext& context) {
    const MeetingDate* date = context.requirement == nullptr || context.cohort == nullptr
                                  ? nullptr
                                  : context.cohort->find_date(*context.requirement, item.period);
    return date != nullptr && date->open ? date : nullptr;
}

}  // namespace

bool is_open_to_others(const Case& item, const CaseContext& context) {
    return open_date(item, context) != nullptr;
}

std::optional<SignUpTerms> sign_up_terms(const Case& item, const CaseContext& context,
                                         const std::vector<Invitation>& invitations) {
    const MeetingDate* date = open_date(item, context);
    if (date == nullptr) {
        return std::nullopt;
    }
    SignUpTerms terms{.until = date->open->until, .limit = date->open->limit, .left = {}};
    if (terms.limit) {
        const auto signed_up = std::ranges::count_if(invitations, [](const Invitation& one) {
            return one.role == kSignedUpRole && counting_response(one) != Response::Declined;
        });
        terms.left = std::max(*terms.limit - static_cast<int>(signed_up), 0);
    }
    return terms;
}

Result<Done> check_sign_up(std::string_view name, std::string_view address) {
    if (!is_mail_address(address)) {
        return Error{ErrorKind::InvalidInput, "address: write a whole e-mail address",
                     "no-address"};
    }
    if (!is_name_of_somebody(name)) {
        return Error{ErrorKind::InvalidInput, "name: write who comes", "no-name"};
    }
    return Done{};
}

Result<Done> may_sign_up(const Case& item, const CaseContext& context,
                         const std::vector<Invitation>& invitations, Instant now,
                         const TimeZone& zone) {
    const auto terms = sign_up_terms(item, context, invitations);
    const auto no = [&](const char* why, const char* code) {
        return Error{ErrorKind::Conflict, "nobody can sign up to " + item.id + why, code};
    };
    if (!terms) {
        return no("", "not-open");
    }
    if (!open_date(item, context)->cancelled.empty()) {
        return no(": it is cancelled", "not-held");
    }
    const auto time = meeting_time(item);
    if (zone.date_of(now) > terms->until || (time && zone.to_instant(time->start) <= now)) {
        return no(" any more", "sign-up-over");
    }
    if (announced(item, context).empty()) {
        return no(" yet", "not-open");
    }
    if (terms->left == 0) {
        return no(": there is no room for more", "full");
    }
    return Done{};
}

Invitation* find_invitation(std::vector<Invitation>& invitations, std::string_view person) {
    const auto found = std::ranges::find(invitations, person, &Invitation::person);
    return found == invitations.end() ? nullptr : &*found;
}

const Invitation* find_invitation(const std::vector<Invitation>& invitations,
                                  std::string_view person) {
    const auto found = std::ranges::find(invitations, person, &Invitation::person);
    return found == invitations.end() ? nullptr : &*found;
}

}  // namespace fristvakt::workflows
