// The mail that we write of what strangers say: names, subjects, texts, Message-IDs.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "integrations/mail/envelope.hpp"
#include "integrations/mail/header.hpp"
#include "integrations/mail/mime.hpp"
#include "integrations/mail/utf8.hpp"
#include "tests/fuzz/fields.hpp"
#include "tests/fuzz/plain_mail.hpp"
#include "workflows/definition/mail_address.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace workflows;

/// Blanks in rows, and those at the ends, are one and none.
std::string tidied(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ' || (!out.empty() && out.back() != ' ')) {
            out += c;
        }
    }
    out.resize(out.find_last_not_of(' ') + 1);
    return out;
}

/// What a body may say of `text`: no control characters, UTF-8, LF.
std::string bodied(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = integrations::utf8_character(text, at);
        const std::string_view bytes = text.substr(at, character.bytes);
        at += character.bytes;
        if (!character.valid) {
            out += integrations::kReplacementCharacter;
        } else if (bytes == "\r") {
            at += text.substr(at, 1) == "\n" ? 1 : 0;
            out += '\n';
        } else if ((character.code < 0x20 && bytes != "\n" && bytes != "\t") ||
                   character.code == 0x7F) {
            out += ' ';
        } else {
            out += bytes;
        }
    }
    return out;
}

std::string list_of(const PlainMail& mail) {
    std::string out;
    for (const auto& [name, value] : mail.headers) {
        out += name + ' ';
    }
    return out;
}

std::string value_of(const PlainMail& mail, std::string_view name) {
    const auto found =
        std::ranges::find(mail.headers, name, [](const auto& header) { return header.first; });
    return found == mail.headers.end() ? "" : found->second;
}

void look_at(const PlainMail& mail, const MessageSnapshot& snapshot,
             const RenderedMessage& rendered, const Definitions& definitions) {
    const auto& installation = definitions.installation;
    const auto addressing = integrations::address_for(snapshot, installation);
    const std::string names = list_of(mail);
    const std::string wanted =
        "Date From To " + std::string{addressing.copies.empty() ? "" : "Cc "} +
        "Reply-To Subject " + "Message-ID " +
        (snapshot.references.empty() ? "" : "In-Reply-To References ") +
        "Auto-Submitted X-Auto-Response-Suppress Content-Language MIME-Version Content-Type ";
    demand(names == wanted, "these headers and no others", names);
    demand(read_words(value_of(mail, "Subject")) ==
               integrations::header_text(addressing.subject_prefix + rendered.subject),
           "the subject is read as it was meant", value_of(mail, "Subject"));
    const std::string to = value_of(mail, "To");
    demand(read_display_name(to) == tidied(integrations::header_text(addressing.to.name)),
           "the name is read as it was meant", to);
    demand(to == addressing.to.address || to.ends_with(" <" + addressing.to.address + ">"),
           "the address stands alone", to);
    demand(read_display_name(value_of(mail, "From")) ==
               tidied(integrations::header_text(installation.name.in(snapshot.language))),
           "so is the sender's", value_of(mail, "From"));
    demand(mail.parts.size() == 2, "two parts");
    demand(mail.parts[0] == bodied(rendered.text), "the text is read as it was meant",
           mail.parts[0]);
    demand(mail.parts[1] == bodied(rendered.html), "and the HTML", mail.parts[1]);
}

void try_envelope(const std::string& address) {
    Envelope envelope;
    envelope.from = "fristvakt@sf-innlandet.example";
    envelope.to = {"kari@gjovik.example", address};
    envelope.bytes = "x";
    const bool is_refused = integrations::refuse_envelope(envelope).has_value();
    demand(is_refused == !is_mail_address(address), "an envelope holds addresses alone", address);
    demand(is_refused || std::ranges::all_of(address, [](char c) { return c > ' ' && c <= '~'; }),
           "an address is one word", address);
    demand(is_refused || address.find_first_of("<>\"(),:;\\") == std::string::npos,
           "an address closes nothing", address);
}

}  // namespace

void try_mail(std::string_view text) {
    Fields fields{text};
    Definitions definitions;
    static const TimeZone kZone = TimeZone::locate("Europe/Oslo").value();
    definitions.zone = kZone;
    Installation& installation = definitions.installation;
    installation.mail.from = "fristvakt@sf-innlandet.example";
    installation.mail.reply_to = "post@sf-innlandet.example";
    installation.redirect_to = "prove@sf-innlandet.example";
    installation.sending = fields.choice(2) == 1 ? SendingMode::Redirect : SendingMode::Live;

    MessageSnapshot snapshot;
    snapshot.message_id = "m42@sf-innlandet.example";
    snapshot.to = {.id = "p1", .address = "kari@gjovik.example", .name = fields.next()};
    RenderedMessage rendered;
    rendered.subject = fields.next();
    rendered.text = fields.next();
    rendered.html = fields.next();
    const std::string name = fields.next();
    installation.name = {name, name};
    if (const std::string address = fields.next(); !address.empty()) {
        snapshot.copies = {{.id = "p2", .address = address, .name = fields.next()}};
    }
    if (const std::string id = fields.next(); !id.empty()) {
        snapshot.references = {id};
    }
    const bool is_clean =
        std::ranges::all_of(snapshot.copies,
                            [](const auto& copy) { return is_mail_address(copy.address); }) &&
        std::ranges::all_of(snapshot.references, integrations::is_message_id);
    for (const auto& copy : snapshot.copies) {
        try_envelope(copy.address);
    }
    const auto written = integrations::to_mime(snapshot, rendered, definitions);
    // Redirected, a copy's address stands in the subject alone, which takes anything.
    demand(written.ok() || !is_clean, "what is clean is written");
    if (written.ok()) {
        look_at(read_plain_mail(written.value()), snapshot, rendered, definitions);
    }
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_mail(fristvakt::fuzz::text_of(data, size));
    return 0;
}
