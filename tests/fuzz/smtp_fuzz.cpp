// What a mail server says. One line of addresses, then the session: "C " begins a line of ours,
// "S " one of the server's, and "T N" so many bytes of the message.

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "integrations/mail/smtp_dialogue.hpp"
#include "integrations/mail/smtp_reply.hpp"
#include "tests/fuzz/demand.hpp"
#include "workflows/definition/mail_address.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations;
using workflows::Verdict;

constexpr SmtpStage kStages[] = {SmtpStage::Connect, SmtpStage::Hello,  SmtpStage::StartTls,
                                 SmtpStage::Auth,    SmtpStage::Sender, SmtpStage::Recipient,
                                 SmtpStage::Data,    SmtpStage::End};

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::vector<std::string> addresses_in(std::string_view line) {
    std::vector<std::string> out;
    while (!line.empty()) {
        const std::string_view address = take_until(line, ",");
        if (workflows::is_mail_address(address)) {
            out.emplace_back(address);
        }
    }
    return out;
}

void judge(SmtpStage stage, const SmtpReply& reply) {
    const auto report = classify(stage, reply);
    const bool is_accepted = stage == SmtpStage::End && reply.code / 100 == 2;
    demand((report.verdict == Verdict::Delivered) == is_accepted, "delivered is 2xx at the end",
           reply.text);
    demand(!report.uncertain || (stage == SmtpStage::End && reply.code == 0),
           "uncertain is silence at the end", reply.text);
    demand(!report.recipient_refused || (stage == SmtpStage::Recipient && reply.code / 100 == 5 &&
                                         report.verdict == Verdict::Refused),
           "a recipient is refused by 5xx to RCPT", reply.text);
    demand(report.verdict != Verdict::Refused || reply.code / 100 == 5, "refused is 5xx",
           reply.text);
}

void read_aloud(SmtpStage stage, const SmtpReply& reply,
                const std::vector<std::string>& addresses) {
    const std::string shown = public_reply(stage, reply, addresses);
    demand(shown.size() <= 200, "a reply is short", shown);
    demand(std::ranges::all_of(shown, [](char c) { return c >= ' ' && c <= '~'; }),
           "a reply is printable", shown);
    demand(shown.find_first_of("@<>") == std::string::npos, "a reply shows no address", shown);
    if (stage == SmtpStage::Auth) {
        return;  // Our own words and the code alone.
    }
    const std::string words = lower(shown.substr(std::to_string(reply.code).size()));
    for (const std::string& address : addresses) {
        const std::string local = lower(address.substr(0, address.find('@')));
        demand(local.size() < 3 || words.find(local) == std::string::npos, "a reply names nobody",
               shown);
    }
}

}  // namespace

void try_session(std::string_view text) {
    const auto addresses = addresses_in(take_until(text, "\n"));
    SmtpDialogue dialogue{100};
    while (!text.empty()) {
        std::string_view line = take_until(text, "\n");
        const std::string_view kind = line.substr(0, 2);
        line.remove_prefix(kind.size());
        if (kind == "C ") {
            dialogue.command(std::string{line} + "\r\n");
        } else if (kind == "S ") {
            dialogue.answer(line);
        } else if (kind == "T ") {
            dialogue.text(line.size() * 10);
        }
        if (dialogue.stage() == SmtpStage::Recipient) {
            (void)dialogue.recipient();
        }
        for (const SmtpStage stage : kStages) {
            judge(stage, dialogue.reply());
            read_aloud(stage, dialogue.reply(), addresses);
        }
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_session(fristvakt::fuzz::text_of(data, size));
    return 0;
}
