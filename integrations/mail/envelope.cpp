#include "integrations/mail/envelope.hpp"

#include <algorithm>

#include "workflows/definition/mail_address.hpp"

namespace fristvakt::integrations {

using workflows::DeliveryReport;
using workflows::is_mail_address;
using workflows::Verdict;

std::optional<DeliveryReport> refuse_envelope(const workflows::Envelope& envelope) {
    DeliveryReport report{.number = envelope.number, .verdict = Verdict::Refused};
    if (envelope.bytes.empty() || envelope.to.empty()) {
        report.reply = "not sent: the message is empty or has no recipient";
        return report;
    }
    if (!is_mail_address(envelope.from)) {
        report.reply = "not sent: the sender is not an e-mail address";
        return report;
    }
    if (!is_mail_address(envelope.to.front())) {
        report.recipient_refused = true;
        report.reply = "not sent: the recipient is not an e-mail address";
        return report;
    }
    if (!std::all_of(envelope.to.begin(), envelope.to.end(),
                     [](const auto& address) { return is_mail_address(address); })) {
        report.reply = "not sent: a copy is not an e-mail address";
        return report;
    }
    return std::nullopt;
}

}  // namespace fristvakt::integrations
