#include "integrations/mail/smtp_reply.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace fristvakt::integrations {
namespace {

using workflows::DeliveryReport;
using workflows::Verdict;

constexpr std::size_t kReplyBytesMax = 200;

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "5.1.1" at the beginning of the text (RFC 2034), or nothing.
std::string_view enhanced_code(std::string_view text) {
    std::size_t at = 0;
    for (int part = 0; part < 3; ++part) {
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) {
            ++at;
        }
        const bool has_dot = part == 2 || (at < text.size() && text[at] == '.');
        if (at == begin || at - begin > 3 || !has_dot) {
            return {};
        }
        at += part < 2 ? 1 : 0;
    }
    return text.substr(0, at);
}

template <std::size_t Count>
bool has_any(std::string_view text, const std::array<std::string_view, Count>& needles) {
    return std::any_of(needles.begin(), needles.end(), [&](std::string_view needle) {
        return text.find(needle) != std::string_view::npos;
    });
}

/// Says that the server does not want to hear this from us, whoever it is for.
bool is_about_us(int code, std::string_view status, std::string_view words) {
    // Syntax, sequence, "not implemented", "does not accept mail" (RFC 7504), "authenticate first",
    // "too weak", "encrypt first" (RFC 4954).
    constexpr std::array kCodes{500, 501, 502, 503, 504, 521, 530, 534, 535, 538};
    if (std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end()) {
        return true;
    }
    // X.1 is about an address: the sender's in 5.1.7 and 5.1.8, else the recipient's, whatever the
    // words say; a host that is called relay1 proves nothing.
    if (status.substr(0, 4) == "5.1.") {
        return status == "5.1.7" || status == "5.1.8";
    }
    constexpr std::array<std::string_view, 12> kWords{"relaying",
                                                      "relay access",
                                                      "to relay",
                                                      "relay denied",
                                                      "client host",
                                                      "spamhaus",
                                                      "blocked using",
                                                      "blacklist",
                                                      "blocklist",
                                                      "5.7.30",
                                                      "authentication required",
                                                      "unauthenticated"};
    return has_any(words, kWords);
}

/// Full now and not for ever, though some say it with 5xx.
bool is_quota(std::string_view status, std::string_view words) {
    constexpr std::array<std::string_view, 4> kWords{"quota", "mailbox full", "mailbox is full",
                                                     "over limit"};
    return status == "5.2.2" || status == "5.4.5" || has_any(words, kWords);
}

bool is_too_large(int code, std::string_view status) {
    return status == "5.3.4" || status == "5.2.3" || (code == 552 && status.empty());
}

DeliveryReport report(Verdict verdict, bool recipient_refused = false, bool uncertain = false) {
    DeliveryReport out;
    out.verdict = verdict;
    out.recipient_refused = recipient_refused;
    out.uncertain = uncertain;
    return out;
}

bool hides_nothing(std::string_view word, const std::vector<std::string>& addresses) {
    if (word.find_first_of("@<>") != std::string_view::npos) {
        return false;
    }
    constexpr std::size_t kTellingMin = 3;  // A shorter local part would take half the words away.
    const std::string plain = lower(word);
    return std::none_of(addresses.begin(), addresses.end(), [&](const std::string& address) {
        const std::string local = lower(address.substr(0, address.find('@')));
        return local.size() >= kTellingMin && plain.find(local) != std::string::npos;
    });
}

}  // namespace

DeliveryReport classify(SmtpStage stage, const SmtpReply& reply) {
    if (reply.code == 0) {
        return report(Verdict::RetryLater, false, stage == SmtpStage::End);
    }
    if (reply.code >= 200 && reply.code <= 299 && stage == SmtpStage::End) {
        return report(Verdict::Delivered);
    }
    const std::string words = lower(reply.text);
    const std::string_view status = enhanced_code(words);
    if (reply.code < 500 || reply.code > 599 || is_about_us(reply.code, status, words) ||
        is_quota(status, words)) {
        return report(Verdict::RetryLater);
    }
    switch (stage) {
        case SmtpStage::Connect:
        case SmtpStage::Hello:
        case SmtpStage::StartTls:
        case SmtpStage::Auth:
            return report(Verdict::RetryLater);
        case SmtpStage::Sender:
            return report(is_too_large(reply.code, status) ? Verdict::Refused
                                                           : Verdict::RetryLater);
        case SmtpStage::Recipient:
            return report(Verdict::Refused, !is_too_large(reply.code, status));
        case SmtpStage::Data:
        case SmtpStage::End:
            return report(Verdict::Refused);
    }
    return report(Verdict::RetryLater);
}

std::string public_reply(SmtpStage stage, const SmtpReply& reply,
                         const std::vector<std::string>& addresses) {
    std::string out = std::to_string(reply.code);
    if (stage == SmtpStage::Auth) {
        const std::string_view status = enhanced_code(reply.text);
        return out + (status.empty() ? "" : " ") + std::string{status} +
               (reply.code >= 500 ? " the server refused the log-in"
                                  : " the server could not log us in");
    }
    std::string text = reply.text;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const std::string_view word = std::string_view{text}.substr(begin, end - begin);
        if (!word.empty() && hides_nothing(word, addresses)) {
            if (out.size() + 1 + word.size() > kReplyBytesMax) {
                break;
            }
            out += ' ';
            out += word;
        }
        begin = end + 1;
    }
    return out;
}

}  // namespace fristvakt::integrations
