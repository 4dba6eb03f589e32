#include "integrations/mail/mime.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "integrations/mail/header.hpp"
#include "tests/servers/mail_reader.hpp"

namespace fristvakt::integrations {
namespace {

using nlohmann::json;
using workflows::Definitions;
using workflows::Language;
using workflows::MessageSnapshot;
using workflows::Person;
using workflows::RenderedMessage;
using workflows::SendingMode;

tests::MailReader& reader() {
    static tests::MailReader instance;
    return instance;
}

Definitions definitions() {
    Definitions out;
    out.installation.name = {.nb = "Statsforvalteren i Innlandet",
                             .nn = "Statsforvaltaren i Innlandet"};
    out.installation.mail.from = "fristvakt@sf-innlandet.example";
    out.installation.mail.reply_to = "post@sf-innlandet.example";
    auto zone = workflows::TimeZone::locate("Europe/Oslo");
    EXPECT_TRUE(zone.ok());
    out.zone = zone.value();
    return out;
}

MessageSnapshot snapshot() {
    MessageSnapshot out;
    out.number = 7;
    out.message_id = "m7.1@sf-innlandet.example";
    // 2021-01-11 08:00 in Oslo.
    out.at = workflows::Instant{std::chrono::seconds{1610348400}};
    out.to = Person{.id = "p1", .address = "kari@hamar.example", .name = "Kari Nordmann"};
    return out;
}

RenderedMessage rendered() {
    return {.subject = "Frist mandag", .text = "Hei\n", .html = "<p>Hei</p>\n"};
}

std::string bytes_of(const MessageSnapshot& message, const RenderedMessage& content,
                     const Definitions& with = definitions()) {
    auto bytes = to_mime(message, content, with);
    EXPECT_TRUE(bytes.ok());
    return bytes.ok() ? bytes.value() : std::string{};
}

TEST(Mime, TheWholeMessageAsItGoesOut) {
    MessageSnapshot message = snapshot();
    message.copies = {{.id = "p2", .address = "ola@hamar.example", .name = "Ås, Ola"}};
    message.references = {"a@sf-innlandet.example", "b@sf-innlandet.example"};
    const RenderedMessage content{.subject = "Påminnelse: plan",
                                  .text = "Frist på mandag = snart\n.\n",
                                  .html = "<p>Hei</p>\n"};
    EXPECT_EQ(bytes_of(message, content),
              "Date: Mon, 11 Jan 2021 08:00:00 +0100\r\n"
              "From: Statsforvalteren i Innlandet <fristvakt@sf-innlandet.example>\r\n"
              "To: Kari Nordmann <kari@hamar.example>\r\n"
              "Cc: =?utf-8?Q?=C3=85s=2C_Ola?= <ola@hamar.example>\r\n"
              "Reply-To: post@sf-innlandet.example\r\n"
              "Subject: =?utf-8?Q?P=C3=A5minnelse=3A_plan?=\r\n"
              "Message-ID: <m7.1@sf-innlandet.example>\r\n"
              "In-Reply-To: <b@sf-innlandet.example>\r\n"
              "References: <a@sf-innlandet.example> <b@sf-innlandet.example>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "X-Auto-Response-Suppress: DR, RN, NRN, AutoReply\r\n"
              "Content-Language: nb\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: multipart/alternative;\r\n"
              " boundary=\"=_fristvakt_afbee8d6f3361a3b\"\r\n"
              "\r\n"
              "--=_fristvakt_afbee8d6f3361a3b\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "Frist p=C3=A5 mandag =3D snart\r\n"
              "=2E\r\n"
              "\r\n"
              "--=_fristvakt_afbee8d6f3361a3b\r\n"
              "Content-Type: text/html; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "<p>Hei</p>\r\n"
              "\r\n"
              "--=_fristvakt_afbee8d6f3361a3b--\r\n");
}

TEST(Mime, NynorskNamesTheSenderAndTheLanguageInNynorsk) {
    MessageSnapshot message = snapshot();
    message.language = Language::Nn;
    const json back = reader().read(bytes_of(message, rendered()));
    EXPECT_EQ(back["headers"]["Content-Language"][0], "nn");
    EXPECT_EQ(back["mailboxes"]["From"][0]["name"], "Statsforvaltaren i Innlandet");
}

struct DateRow {
    const char* name;
    std::int64_t at;
    const char* zone;
    const char* header;
};
void PrintTo(const DateRow& row, std::ostream* out) {
    *out << row.name;
}

class MimeDate : public testing::TestWithParam<DateRow> {};

TEST_P(MimeDate, StandsInTheZoneOfTheInstallation) {
    const auto& row = GetParam();
    Definitions with = definitions();
    with.zone = workflows::TimeZone::locate(row.zone).value();
    MessageSnapshot message = snapshot();
    message.at = workflows::Instant{std::chrono::seconds{row.at}};
    const std::string bytes = bytes_of(message, rendered(), with);
    EXPECT_EQ(bytes.substr(0, bytes.find("\r\n")), std::string{"Date: "} + row.header);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MimeDate,
    testing::Values(
        DateRow{"winter", 1610348400, "Europe/Oslo", "Mon, 11 Jan 2021 08:00:00 +0100"},
        DateRow{"summer", 1625119200, "Europe/Oslo", "Thu, 1 Jul 2021 08:00:00 +0200"},
        DateRow{"year_end", 1640991599, "Europe/Oslo", "Fri, 31 Dec 2021 23:59:59 +0100"},
        DateRow{"next_year_here", 1640991600, "Europe/Oslo", "Sat, 1 Jan 2022 00:00:00 +0100"},
        DateRow{"leap_day", 1709190000, "Europe/Oslo", "Thu, 29 Feb 2024 08:00:00 +0100"},
        DateRow{"utc", 1610348400, "Etc/UTC", "Mon, 11 Jan 2021 07:00:00 +0000"},
        DateRow{"west_half_hour", 1610348400, "America/St_Johns",
                "Mon, 11 Jan 2021 03:30:00 -0330"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Mime, RedirectWritesToOneAddressAndSaysForWhomItWas) {
    Definitions with = definitions();
    with.installation.sending = SendingMode::Redirect;
    with.installation.redirect_to = "drift@sf-innlandet.example";
    MessageSnapshot message = snapshot();
    message.copies = {{.id = "p2", .address = "ola@hamar.example", .name = "Ola"}};
    const Addressing addressing = address_for(message, with.installation);
    EXPECT_EQ(addressing.recipients, std::vector<std::string>{"drift@sf-innlandet.example"});
    const json back = reader().read(bytes_of(message, rendered(), with));
    EXPECT_EQ(back["defects"], json::array());
    EXPECT_EQ(back["addresses"]["To"], json::array({"drift@sf-innlandet.example"}));
    EXPECT_FALSE(back["addresses"].contains("Cc"));
    EXPECT_EQ(back["headers"]["Subject"][0],
              "[til kari@hamar.example, kopi ola@hamar.example] Frist mandag");
}

TEST(Mime, OtherModesLeaveTheRecipientsAlone) {
    MessageSnapshot message = snapshot();
    message.copies = {{.id = "p2", .address = "ola@hamar.example", .name = "Ola"}};
    for (const auto mode : {SendingMode::Spool, SendingMode::Allowlist, SendingMode::Live}) {
        workflows::Installation installation = definitions().installation;
        installation.sending = mode;
        const Addressing addressing = address_for(message, installation);
        EXPECT_EQ(addressing.to, message.to);
        EXPECT_EQ(addressing.copies, message.copies);
        EXPECT_EQ(addressing.subject_prefix, "");
        EXPECT_EQ(addressing.recipients,
                  (std::vector<std::string>{"kari@hamar.example", "ola@hamar.example"}));
    }
}

TEST(Mime, AnAddressThatIsNoneIsRefusedUnnamed) {
    const std::string bad = "kari@hamar.example\r\nBcc: evil@x.example";
    const auto refused = [&](const MessageSnapshot& message, const Definitions& with) {
        const auto bytes = to_mime(message, rendered(), with);
        ASSERT_FALSE(bytes.ok());
        EXPECT_EQ(bytes.error().kind, workflows::ErrorKind::InvalidInput);
        EXPECT_EQ(bytes.error().message.find('@'), std::string::npos) << bytes.error().message;
    };
    MessageSnapshot message = snapshot();
    message.to.address = bad;
    refused(message, definitions());
    message = snapshot();
    message.copies = {{.id = "p2", .address = bad, .name = "Ola"}};
    refused(message, definitions());
    Definitions with = definitions();
    with.installation.mail.from = bad;
    refused(snapshot(), with);
    with = definitions();
    with.installation.mail.reply_to = bad;
    refused(snapshot(), with);
    with = definitions();
    with.installation.sending = SendingMode::Redirect;
    refused(snapshot(), with);  // redirect_to is empty.
    message = snapshot();
    message.message_id = "a@b>\r\nBcc: <evil@x.example";
    refused(message, definitions());
    message = snapshot();
    message.references = {"a b@c"};
    refused(message, definitions());
}

struct TextRow {
    const char* name;
    std::string text;
    std::string read_back;  ///< Empty: as written.
};
void PrintTo(const TextRow& row, std::ostream* out) {
    *out << row.name;
}

std::string many(std::string_view piece, int count) {
    std::string out;
    for (int index = 0; index < count; ++index) {
        out += piece;
    }
    return out;
}

class MimeText : public testing::TestWithParam<TextRow> {};

TEST_P(MimeText, SubjectAndBodiesComeBackAsWritten) {
    const auto& row = GetParam();
    const std::string wanted = row.read_back.empty() ? row.text : row.read_back;
    const json back = reader().read(
        bytes_of(snapshot(), {.subject = row.text, .text = row.text, .html = row.text}));
    EXPECT_EQ(back["defects"], json::array());
    EXPECT_EQ(back["headers"]["Subject"][0], wanted);
    EXPECT_EQ(back["names"].size(), 11U);  // No header of somebody else's.
}

const std::vector<TextRow> kTexts{
    {"plain", "Frist mandag", {}},
    {"norwegian", "Påminnelse: frist på måndag for Sør-Aurdal – æøå ÆØÅ", {}},
    {"sami", "Kárášjohka čáhci ŋ đ š ŧ ž", {}},
    {"emoji", "Plan 👩‍👩‍👧‍👦 på mandag 🎉", {}},
    {"long_ascii", many("ord og frist ", 24) + "slutt", {}},
    {"long_norwegian", many("blåbærsyltetøy ", 30), {}},
    {"one_very_long_word", many("x", 300), {}},
    {"one_very_long_norwegian_word", many("ø", 300), {}},
    {"trailing_spaces", "Frist   ", {}},
    {"leading_space", "  Frist", {}},
    {"spaces_in_rows", "Frist    på  mandag", {}},
    {"looks_encoded", "=?utf-8?Q?ikke_meg?=", {}},
    {"percent_and_equals", "100 % = alt", {}},
    {"header_injection", "Frist\r\nBcc: evil@x.example", "Frist  Bcc: evil@x.example"},
    {"nul_and_bell",
     std::string{"a\0b\x07"
                 "c",
                 5},
     "a b c"},
    {"next_line_and_separators",
     "a\xC2\x85"
     "b\xE2\x80\xA8"
     "c",
     "a b c"},
    {"turned_direction", std::string{"a\xE2\x80"} + "\xAE" + "b", "a b"},
    {"not_utf8",
     "a\xFF"
     "b\xC3",
     "a\xEF\xBF\xBD"
     "b\xEF\xBF\xBD"},
    {"surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"overlong", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
};

INSTANTIATE_TEST_SUITE_P(Table, MimeText, testing::ValuesIn(kTexts),
                         [](const auto& test) { return std::string{test.param.name}; });

class MimeName : public testing::TestWithParam<TextRow> {};

TEST_P(MimeName, NamesComeBackAndAddNoMailbox) {
    const auto& row = GetParam();
    MessageSnapshot message = snapshot();
    message.to.name = row.text;
    message.copies = {{.id = "p2", .address = "ola@hamar.example", .name = row.text},
                      {.id = "p3", .address = "per@hamar.example", .name = ""}};
    const json back = reader().read(bytes_of(message, rendered()));
    EXPECT_EQ(back["defects"], json::array());
    EXPECT_EQ(back["addresses"]["To"], json::array({"kari@hamar.example"}));
    EXPECT_EQ(back["addresses"]["Cc"], json::array({"ola@hamar.example", "per@hamar.example"}));
    const std::string wanted = row.read_back.empty() ? row.text : row.read_back;
    EXPECT_EQ(back["mailboxes"]["To"][0]["name"], wanted);
    EXPECT_EQ(back["mailboxes"]["Cc"][0]["name"], wanted);
}

const std::vector<TextRow> kNames{
    {"plain", "Kari Nordmann", {}},
    {"comma", "Nordmann, Kari", {}},
    {"quotes", R"(Kari "Kaja" Nordmann)", {}},
    {"backslash", R"(Kari \ Nordmann)", {}},
    {"dots", "K. N. Nordmann", {}},
    {"parentheses", "Kari (rådgiver) Nordmann", {}},
    {"ascii_parentheses", "Kari (vikar) Nordmann", {}},
    {"angle_brackets", "Kari <evil@x.example>", {}},
    {"norwegian", "Åse Bjørg Sæther", {}},
    {"emoji", "Kari 🎉", {}},
    {"long", many("Kari-Anne Bjørnsdatter ", 12) + "Ås", {}},
    {"long_ascii", many("Kari-Anne Bjornsdatter, ", 12) + "As", {}},
    {"spaces", "  Kari    Nordmann ", "Kari Nordmann"},
    {"injection", "Kari\r\nBcc: evil@x.example", "Kari Bcc: evil@x.example"},
    {"looks_encoded", "=?utf-8?Q?Ola?=", {}},
};

INSTANTIATE_TEST_SUITE_P(Table, MimeName, testing::ValuesIn(kNames),
                         [](const auto& test) { return std::string{test.param.name}; });

struct BodyRow {
    const char* name;
    std::string text;
    std::string read_back;  ///< Empty: as written, with CRLF for LF.
};
void PrintTo(const BodyRow& row, std::ostream* out) {
    *out << row.name;
}

class MimeBody : public testing::TestWithParam<BodyRow> {};

std::string with_crlf(const std::string& text) {
    std::string out;
    for (const char c : text) {
        out += c == '\n' ? "\r\n" : std::string{c};
    }
    return out;
}

TEST_P(MimeBody, ComesBackAsWritten) {
    const auto& row = GetParam();
    const json back = reader().read(
        bytes_of(snapshot(), {.subject = "Frist", .text = row.text, .html = "<p>" + row.text}));
    EXPECT_EQ(back["defects"], json::array());
    const std::string wanted = row.read_back.empty() ? with_crlf(row.text) : row.read_back;
    ASSERT_EQ(back["parts"].size(), 2U);
    EXPECT_EQ(back["parts"][0]["text"], wanted);
    EXPECT_EQ(back["parts"][1]["text"], "<p>" + wanted);
}

const std::vector<BodyRow> kBodies{
    {"empty", "", {}},
    {"no_line_end", "Hei", {}},
    {"empty_lines", "\n\nHei\n\n\n", {}},
    {"lines_of_dots", ".\n..\n...\n. .\n", {}},
    {"dot_after_soft_break", many("x", 75) + ".\n" + many("x", 74) + "..\n" + many(".", 300), {}},
    {"from_line", "From her til der\nFrom\n", {}},
    {"trailing_spaces_and_tabs", "a \nb\t\n \n\t\nc ", {}},
    {"very_long_line", many("Frist på mandag. ", 200), {}},
    {"equals", "=\n==\n=3D", {}},
    {"windows_lines", "a\r\nb\r\n", "a\r\nb\r\n"},
    {"old_mac_lines", "a\rb", "a\r\nb"},
    {"controls",
     std::string{"a\0b\x1B"
                 "c\x7F",
                 6},
     "a b c "},
    {"boundary_inside", "--=_fristvakt_afbee8d6f3361a3b--\n", {}},
    {"emoji_at_every_column", many("x👩‍👧🎉", 60), {}},
};

INSTANTIATE_TEST_SUITE_P(Table, MimeBody, testing::ValuesIn(kBodies),
                         [](const auto& test) { return std::string{test.param.name}; });

rc::Gen<std::string> any_text(int pieces_max) {
    const auto piece = rc::gen::weightedOneOf<std::string>(
        {{6, rc::gen::element<std::string>("frist", "på", "Øst-Toten", "a", "plan", "Åse")},
         {4, rc::gen::element<std::string>(" ", " ", "  ", ",", ".", "\"", "\\", "(", ")", "<", ">",
                                           ";", ":", "@", "=", "?", "=?", "?=", "_", "\t", "'")},
         {2, rc::gen::element<std::string>("🎉", "👩‍👧", "ŧ", "中", "\xF4\x8F\xBF\xBF", "ø")},
         {1, rc::gen::element<std::string>("\r\n", "\n", "\r", "\xFF", "\xC3", "\xE2\x80\xA8",
                                           std::string{'\0'})},
         {1, rc::gen::map(rc::gen::inRange(1, 400), [](int count) { return many("x", count); })}});
    return rc::gen::mapcat(rc::gen::inRange(0, pieces_max), [piece](int count) {
        return rc::gen::map(
            rc::gen::container<std::vector<std::string>>(static_cast<std::size_t>(count), piece),
            [](const std::vector<std::string>& pieces) {
                std::string out;
                for (const auto& one : pieces) {
                    out += one;
                }
                return out;
            });
    });
}

/// What header_text() leaves, without white space around it or in rows: what a reader makes of a
/// name.
std::string squeezed(const std::string& text) {
    std::string out;
    for (const char c : header_text(text)) {
        if (c != ' ' || (!out.empty() && out.back() != ' ')) {
            out += c;
        }
    }
    while (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

RC_GTEST_PROP(Mime, AnyTextIsReadBackByAnotherParser, ()) {
    MessageSnapshot message = snapshot();
    message.to.name = *any_text(12);
    message.copies = {{.id = "p2", .address = "ola.o'hara+x@hamar.example", .name = *any_text(12)}};
    const RenderedMessage content{
        .subject = *any_text(40), .text = *any_text(120), .html = *any_text(120)};
    const std::string bytes = to_mime(message, content, definitions()).value();
    const json back = reader().read(bytes);
    RC_LOG() << bytes;
    RC_ASSERT(back["defects"].dump() == "[]");
    RC_ASSERT(back["names"].size() == 12U);
    RC_ASSERT(back["type"] == "multipart/alternative");
    RC_ASSERT(back["headers"]["Subject"][0].get<std::string>() == header_text(content.subject));
    RC_ASSERT(back["addresses"]["To"] == json::array({"kari@hamar.example"}));
    RC_ASSERT(back["addresses"]["Cc"] == json::array({"ola.o'hara+x@hamar.example"}));
    RC_ASSERT(back["mailboxes"]["To"][0]["name"].get<std::string>() == squeezed(message.to.name));
    RC_ASSERT(back["parts"].size() == 2U);
    RC_ASSERT(back["parts"][0]["type"] == "text/plain");
    RC_ASSERT(back["parts"][1]["type"] == "text/html");
    RC_ASSERT(back["parts"][0]["charset"] == "utf-8");
}

TEST(Mime, TheSameMessageGivesTheSameBytes) {
    EXPECT_EQ(bytes_of(snapshot(), rendered()), bytes_of(snapshot(), rendered()));
    MessageSnapshot other = snapshot();
    other.message_id = "m8.1@sf-innlandet.example";
    EXPECT_NE(bytes_of(snapshot(), rendered()), bytes_of(other, rendered()));
}

TEST(Header, AMessageIdIsPrintableAndHasTwoSides) {
    EXPECT_TRUE(is_message_id("m7.1@sf.example"));
    for (const char* bad :
         {"", "@", "a@", "@b", "a", "a@b@c", "a b@c", "a@b>", "<a@b", "a@b\r\n", "\xC3\xA5@b"}) {
        EXPECT_FALSE(is_message_id(bad)) << bad;
    }
    EXPECT_FALSE(is_message_id(many("x", 250) + "@b"));
}

MessageSnapshot invitation() {
    MessageSnapshot out = snapshot();
    out.kind = workflows::NoticeKind::Invitation;
    out.meeting.emplace();
    return out;
}

TEST(Mime, AnInvitationIsTheLastAlternativeAndAFileBehind) {
    const std::string calendar{"BEGIN:VCALENDAR\r\nSUMMARY:Møte på Gjøvik\r\nEND:VCALENDAR\r\n"};
    const auto bytes = to_mime(invitation(), rendered(), definitions(), calendar);
    ASSERT_TRUE(bytes.ok());
    const json back = reader().read(bytes.value());
    EXPECT_TRUE(back["defects"].empty()) << back["defects"];
    EXPECT_EQ(back["type"], "multipart/mixed");
    std::vector<std::string> types;
    for (const auto& part : back["parts"]) {
        types.push_back(part["type"]);
    }
    EXPECT_EQ(types, (std::vector<std::string>{"text/plain", "text/html", "text/calendar",
                                               "application/ics"}));
    EXPECT_EQ(back["parts"][2]["text"], calendar);
    EXPECT_EQ(back["parts"][2]["charset"], "utf-8");
    // Without a file name, or Thunderbird shows no invitation; with the method, or it is none.
    EXPECT_NE(bytes.value().find("Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"
                                 "Content-Transfer-Encoding: base64\r\n\r\n"),
              std::string::npos);
}

TEST(Mime, ACancelSaysSoInItsType) {
    MessageSnapshot message = invitation();
    message.meeting->is_cancel = true;
    const auto bytes = to_mime(message, rendered(), definitions(), "BEGIN:VCALENDAR\r\n");
    ASSERT_TRUE(bytes.ok());
    EXPECT_NE(bytes.value().find("text/calendar; charset=utf-8; method=CANCEL\r\n"),
              std::string::npos);
}

TEST(Mime, ALongCalendarStaysWithinTheLinesOfMail) {
    const auto bytes = to_mime(invitation(), rendered(), definitions(), std::string(5000, 'x'));
    ASSERT_TRUE(bytes.ok());
    std::size_t longest = 0;
    for (std::size_t at = 0; at < bytes.value().size();) {
        const std::size_t end = bytes.value().find("\r\n", at);
        longest = std::max(longest, end - at);
        at = end + 2;
    }
    EXPECT_LE(longest, 78U);
}

}  // namespace
}  // namespace fristvakt::integrations
