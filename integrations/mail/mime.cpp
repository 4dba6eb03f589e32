#include "integrations/mail/mime.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include <sodium/utils.h>

#include "integrations/mail/fingerprint.hpp"
#include "integrations/mail/header.hpp"
#include "integrations/mail/quoted_printable.hpp"
#include "workflows/definition/mail_address.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Installation;
using workflows::Instant;
using workflows::MessageSnapshot;
using workflows::Person;
using workflows::RenderedMessage;
using workflows::Result;
using workflows::TimeZone;
namespace cal = workflows::cal;

/// "Mon, 11 Jan 2021 08:00:00 +0100" (RFC 5322 3.3), whatever the locale of the process.
std::string date_header(Instant at, const TimeZone& zone) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    // The form has no seconds in an offset; rounding it moves the local time along with it.
    const auto offset = std::chrono::floor<std::chrono::minutes>(zone.offset_at(at));
    const auto local = at + offset;
    const auto day = cal::floor<cal::days>(local);
    const cal::year_month_day ymd{day};
    const cal::hh_mm_ss time{local - day};
    const auto minutes = std::chrono::abs(offset).count();
    std::array<char, 64> out{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    (void)std::snprintf(out.data(), out.size(), "Date: %s, %u %s %d %02d:%02d:%02d %c%02d%02d\r\n",
                        kDays.at(cal::weekday{day}.c_encoding()), static_cast<unsigned>(ymd.day()),
                        kMonths.at(static_cast<unsigned>(ymd.month()) - 1),
                        static_cast<int>(ymd.year()), static_cast<int>(time.hours().count()),
                        static_cast<int>(time.minutes().count()),
                        static_cast<int>(time.seconds().count()), offset.count() < 0 ? '-' : '+',
                        static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
    return out.data();
}

/// The same for the same message. "=_" stands in no quoted-printable body (RFC 2045 6.7), so that
/// no text can contain the boundary.
std::string boundary_of(std::string_view message_id) {
    return "=_fristvakt_" + fingerprint(message_id);
}

/// In lines of 76 characters (RFC 2045 section 6.8).
std::string base64(std::string_view bytes) {
    constexpr std::size_t kBytesALine{57};
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += kBytesALine) {
        const std::string_view line = bytes.substr(at, kBytesALine);
        std::array<char, sodium_base64_ENCODED_LEN(kBytesALine, sodium_base64_VARIANT_ORIGINAL)>
            encoded{};
        sodium_bin2base64(encoded.data(), encoded.size(),
                          reinterpret_cast<const unsigned char*>(line.data()), line.size(),
                          sodium_base64_VARIANT_ORIGINAL);
        out.append(encoded.data()).append("\r\n");
    }
    return out;
}

std::string calendar_part(const std::string& boundary, const MessageSnapshot& snapshot,
                          std::string_view calendar) {
    std::string out = "--" + boundary + "\r\nContent-Type: text/calendar; charset=utf-8; method=";
    out += snapshot.meeting->is_cancel ? "CANCEL" : "REQUEST";
    return out + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64(calendar);
}

std::string calendar_file(const std::string& boundary, std::string_view calendar) {
    return "--" + boundary +
           "\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n"
           "Content-Disposition: attachment; filename=\"invite.ics\"\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           base64(calendar);
}

std::string part(const std::string& boundary, std::string_view type, std::string_view body) {
    std::string out = "--" + boundary + "\r\nContent-Type: ";
    out += type;
    out += "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    out += quoted_printable(body);
    return out + "\r\n";
}

std::optional<Error> find_fault(const MessageSnapshot& snapshot, const Addressing& addressing,
                                const Installation& installation) {
    const auto fault = [](std::string what) {
        return Error{.kind = ErrorKind::InvalidInput, .message = std::move(what)};
    };
    if (!workflows::is_mail_address(installation.mail.from)) {
        return fault("mail.from is not an e-mail address; mend it in fristvakt.yaml");
    }
    if (!installation.mail.reply_to.empty() &&
        !workflows::is_mail_address(installation.mail.reply_to)) {
        return fault("mail.reply_to is not an e-mail address; mend it in fristvakt.yaml");
    }
    if (!std::all_of(addressing.recipients.begin(), addressing.recipients.end(),
                     [](const auto& address) { return workflows::is_mail_address(address); })) {
        return fault(
            "the address of a recipient is not an e-mail address; mend it in contacts.csv");
    }
    if (!is_message_id(snapshot.message_id) ||
        !std::all_of(snapshot.references.begin(), snapshot.references.end(), is_message_id)) {
        return fault("a Message-ID is malformed");
    }
    return std::nullopt;
}

std::string headers(const MessageSnapshot& snapshot, const Addressing& addressing,
                    const std::string& subject, const Definitions& definitions,
                    std::string_view sender) {
    const Installation& installation = definitions.installation;
    std::string out = date_header(snapshot.at, definitions.time_zone());
    out += mailbox_header("From",
                          {Person{.id = {},
                                  .address = installation.mail.from,
                                  .name = sender.empty() ? installation.name.in(snapshot.language)
                                                         : std::string{sender}}});
    out += mailbox_header("To", {addressing.to});
    out += mailbox_header("Cc", addressing.copies);
    if (!installation.mail.reply_to.empty()) {
        out += mailbox_header(
            "Reply-To", {Person{.id = {}, .address = installation.mail.reply_to, .name = {}}});
    }
    out += text_header("Subject", addressing.subject_prefix + subject);
    out += message_id_header("Message-ID", {snapshot.message_id});
    if (!snapshot.references.empty()) {
        out += message_id_header("In-Reply-To", {snapshot.references.back()});
        out += message_id_header("References", snapshot.references);
    }
    // RFC 3834 5, so that no robot answers us; and what Exchange understands of the same
    // (MS-OXCMAIL). An answer "away until the 20th" (OOF) is welcome: a person reads Reply-To.
    out += "Auto-Submitted: auto-generated\r\n";
    out += "X-Auto-Response-Suppress: DR, RN, NRN, AutoReply\r\n";
    out += "Content-Language: ";
    out += workflows::language_tag(snapshot.language);
    return out + "\r\nMIME-Version: 1.0\r\n";
}

}  // namespace

Addressing address_for(const MessageSnapshot& snapshot, const Installation& installation) {
    Addressing out;
    if (installation.sending == workflows::SendingMode::Redirect) {
        out.to = Person{.id = {}, .address = installation.redirect_to, .name = {}};
        out.subject_prefix = "[til " + snapshot.to.address;
        for (const auto& copy : snapshot.copies) {
            out.subject_prefix += ", kopi " + copy.address;
        }
        out.subject_prefix += "] ";
    } else {
        out.to = snapshot.to;
        out.copies = snapshot.copies;
    }
    out.recipients.push_back(out.to.address);
    for (const auto& copy : out.copies) {
        out.recipients.push_back(copy.address);
    }
    return out;
}

Result<std::string> to_mime(const MessageSnapshot& snapshot, const RenderedMessage& rendered,
                            const Definitions& definitions, std::string_view calendar,
                            std::string_view sender) {
    const Addressing addressing = address_for(snapshot, definitions.installation);
    if (auto fault = find_fault(snapshot, addressing, definitions.installation)) {
        return *std::move(fault);
    }
    const std::string boundary = boundary_of(snapshot.message_id);
    const std::string outer = "=_outer" + boundary.substr(1);  // Neither begins like the other.
    std::string out = headers(snapshot, addressing, rendered.subject, definitions, sender);
    if (!calendar.empty()) {
        out += "Content-Type: multipart/mixed;\r\n boundary=\"" + outer + "\"\r\n\r\n";
        out += "--" + outer + "\r\n";
    }
    out += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
    // The last part is the one that readers prefer (RFC 2046 5.1.4).
    out += part(boundary, "text/plain", rendered.text);
    out += part(boundary, "text/html", rendered.html);
    if (!calendar.empty()) {
        out += calendar_part(boundary, snapshot, calendar);
    }
    out += "--" + boundary + "--\r\n";
    if (!calendar.empty()) {
        out += "\r\n" + calendar_file(outer, calendar) + "--" + outer + "--\r\n";
    }
    return out;
}

}  // namespace fristvakt::integrations
