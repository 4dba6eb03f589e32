#include "daemon/mailbox/invitation_reply.hpp"

#include <algorithm>

#include "workflows/definition/calendar_uid.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {

using integrations::IncomingMail;
using integrations::calendar::Reply;
using workflows::Definitions;
using workflows::lower_case;

namespace {

constexpr std::size_t kCaseIdMax = 300;

std::string_view domain_of(std::string_view address) {
    return address.substr(std::min(address.rfind('@'), address.size()));
}

/// kari+x@gjovik.example is kari@gjovik.example.
std::string without_tag(std::string_view address) {
    const std::string_view domain = domain_of(address);
    const std::string_view local = address.substr(0, address.size() - domain.size());
    return std::string{local.substr(0, local.find('+'))}.append(domain);
}

bool is_same(std::string_view one, std::string_view other) {
    return one == other || without_tag(one) == without_tag(other);
}

/// The domain of the attendee is that of an organisation at which they are a contact.
bool is_of_their_office(const std::string& attendee, const Definitions& definitions) {
    return std::ranges::any_of(definitions.contacts, [&](const workflows::Contact& contact) {
        const auto* const organisation = definitions.find_organisation(contact.organisation);
        return organisation != nullptr && lower_case(contact.email) == attendee &&
               domain_of(lower_case(organisation->email)) == domain_of(attendee);
    });
}

bool may_answer(std::string_view from, const Reply& reply, const Definitions& definitions) {
    const bool stands_in = !reply.sent_by.empty() && is_same(from, reply.sent_by) &&
                           domain_of(from) == domain_of(reply.attendee) &&
                           is_of_their_office(reply.attendee, definitions);
    return is_same(from, reply.attendee) || stands_in;
}

}  // namespace

std::string_view to_string(AsideReason reason) {
    switch (reason) {
        case AsideReason::Unreadable:
            return "unreadable";
        case AsideReason::NotOurs:
            return "not-ours";
        case AsideReason::NoSender:
            return "no-sender";
        case AsideReason::AnotherSender:
            return "another-sender";
        case AsideReason::Refused:
            return "refused";
        case AsideReason::TooBig:
            return "too-big";
        case AsideReason::NotGiven:
            return "not-given";
    }
    return "unreadable";
}

std::variant<InvitationReply, AsideReason> judge(const IncomingMail& mail, const Reply& reply,
                                                 const Definitions& definitions) {
    auto case_id =
        workflows::case_of_calendar_uid(reply.uid, definitions.installation.organisation);
    if (!case_id || case_id->size() > kCaseIdMax) {
        return AsideReason::NotOurs;
    }
    if (mail.from.empty()) {
        return AsideReason::NoSender;
    }
    if (!may_answer(mail.from, reply, definitions)) {
        return AsideReason::AnotherSender;
    }
    return InvitationReply{.case_id = *std::move(case_id),
                           .attendee = reply.attendee,
                           .answer = reply.answer,
                           .sequence = reply.sequence,
                           .stamped_at = reply.stamped_at,
                           .comment = reply.comment,
                           .delegated_to = reply.delegated_to};
}

}  // namespace fristvakt::daemon
