// Mail from strangers, and what is believed of it.

#include <algorithm>
#include <string>

#include "daemon/mailbox/invitation_reply.hpp"
#include "integrations/mail/header.hpp"
#include "integrations/mailbox/incoming_mail.hpp"
#include "tests/fuzz/demand.hpp"
#include "workflows/definition/mail_address.hpp"

namespace fristvakt::fuzz {
namespace {

using integrations::IncomingMail;

void look_at(const IncomingMail& mail) {
    demand(mail.from.empty() || workflows::is_mail_address(mail.from), "From is an address",
           mail.from);
    demand(std::ranges::none_of(mail.from, [](char c) { return c >= 'A' && c <= 'Z'; }),
           "it is in lower case", mail.from);
    demand(mail.message_id.empty() || integrations::is_message_id(mail.message_id),
           "a message is called what others can be called", mail.message_id);
    demand(std::ranges::all_of(mail.answers_to, integrations::is_message_id),
           "and so are those that it answers");
    demand(mail.answers_to.size() <= 50 && mail.calendars.size() <= 10, "there are limits");
}

}  // namespace

void try_mail(std::string_view bytes) {
    const auto mail = integrations::read_mail(bytes);
    if (!mail.ok()) {
        demand(mail.error().message.size() < 100, "what is wrong is told, not shown");
        return;
    }
    look_at(mail.value());
    for (const auto& reply : integrations::replies_in(mail.value())) {
        if (!reply.ok()) {
            continue;
        }
        const auto judged = daemon::judge(mail.value(), reply.value(), "sf-innlandet");
        const auto* const taken = std::get_if<daemon::InvitationReply>(&judged);
        if (taken != nullptr) {
            const auto domain = [](const std::string& address) {
                return address.substr(std::min(address.rfind('@'), address.size()));
            };
            demand(domain(taken->attendee) == domain(mail.value().from),
                   "nobody answers for another house", taken->attendee);
            demand(!taken->case_id.empty(), "an answer is about a case");
        }
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_mail(fristvakt::fuzz::text_of(data, size));
    return 0;
}
