#include "integrations/mailbox/incoming_mail.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/source_dir.hpp"

namespace fristvakt::integrations {
namespace {

using calendar::Answer;
using calendar::Reply;
using workflows::ErrorKind;

/// A message as some program wrote it, with invented people.
std::string sample(const std::string& name) {
    const auto path = tests::source_dir() / "tests/unit/mailbox/replies" / (name + ".eml");
    std::ifstream in{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_FALSE(bytes.empty()) << path;
    return bytes;
}

IncomingMail good(const std::string& bytes) {
    const auto mail = read_mail(bytes);
    EXPECT_TRUE(mail.ok()) << (mail.ok() ? "" : mail.error().message);
    return mail.ok() ? mail.value() : IncomingMail{};
}

Reply only_reply(const IncomingMail& mail) {
    const auto replies = replies_in(mail);
    EXPECT_EQ(replies.size(), 1U);
    if (replies.size() != 1 || !replies[0].ok()) {
        ADD_FAILURE() << (replies.empty() ? "none" : replies[0].error().message);
        return {};
    }
    EXPECT_EQ(replies[0].value().uid, "fristvakt/sf-innlandet/pulje-5/nettverk/2021-var");
    return replies[0].value();
}

TEST(IncomingMail, OfOutlookComesWithoutOrganizer) {
    const auto mail = good(sample("outlook"));
    EXPECT_EQ(mail.from, "kari.sorlie@gjovik.example");
    EXPECT_EQ(mail.message_id, "AM0PR0101MB0001@exchange.gjovik.example");
    EXPECT_EQ(mail.answers_to, std::vector<std::string>{"m17.1@sf-innlandet.example"});
    EXPECT_EQ(mail.origin, MailOrigin::Person);
    const Reply reply = only_reply(mail);
    EXPECT_EQ(reply.attendee, "kari.sorlie@gjovik.example");
    EXPECT_EQ(reply.answer, Answer::Accepted);
    EXPECT_EQ(reply.organizer, "");
    EXPECT_EQ(reply.sequence, 1);
    EXPECT_EQ(reply.comment, "Det passer bra. Møtes vi på Teams?\n");
}

TEST(IncomingMail, OfGmailIsAutomaticAndAnAnswerAllTheSame) {
    const auto mail = good(sample("gmail"));
    EXPECT_EQ(mail.from, "ola.lien@hamar.example");
    EXPECT_EQ(mail.origin, MailOrigin::Program);
    // The file beside it is not another answer.
    const Reply reply = only_reply(mail);
    EXPECT_EQ(reply.attendee, "ola.lien@hamar.example");
    EXPECT_EQ(reply.answer, Answer::Declined);
}

TEST(IncomingMail, OfAppleIsQuotedPrintableAndShouts) {
    const Reply reply = only_reply(good(sample("apple")));
    EXPECT_EQ(reply.attendee, "per.moen@sel.example");
    EXPECT_EQ(reply.answer, Answer::Tentative);
    EXPECT_EQ(reply.comment, "Kommer kanskje litt før lunsj");
}

TEST(IncomingMail, IsLookedIntoHoweverDeepAndInWhateverCharset) {
    const Reply reply = only_reply(good(sample("nested")));
    EXPECT_EQ(reply.answer, Answer::Delegated);
    EXPECT_EQ(reply.delegated_to, "ola@gjovik.example");
    EXPECT_EQ(reply.comment, "Spørsmål til økonomi");
}

TEST(IncomingMail, WithAFileAloneIsReadFromItInSeveralPiecesOfBase64) {
    EXPECT_EQ(only_reply(good(sample("file-only"))).answer, Answer::Accepted);
}

TEST(IncomingMail, OfABounceHoldsNothingOfWhatCameBack) {
    const auto mail = good(sample("bounce"));
    EXPECT_EQ(mail.origin, MailOrigin::Bounce);
    EXPECT_TRUE(mail.calendars.empty());
}

TEST(IncomingMail, OfSomebodyOnHolidayIsAutomatic) {
    const auto mail = good(sample("out-of-office"));
    EXPECT_EQ(mail.origin, MailOrigin::Program);
    EXPECT_EQ(mail.answers_to, (std::vector<std::string>{"m17.1@sf-innlandet.example",
                                                         "root@sf-innlandet.example"}));
    EXPECT_TRUE(mail.calendars.empty());
}

TEST(IncomingMail, IsFromWhomItIsSentAndNotFromTheNameBeside) {
    EXPECT_EQ(good(sample("spoof")).from, "spoof@elsewhere.example");
}

struct FromRow {
    const char* name;
    std::string header;
    std::string from;
};
void PrintTo(const FromRow& row, std::ostream* out) {
    *out << row.name;
}

class Sender : public testing::TestWithParam<FromRow> {};

TEST_P(Sender, IsOneAddressOrNobody) {
    EXPECT_EQ(good(GetParam().header + "\r\nSubject: x\r\n\r\nHei\r\n").from, GetParam().from);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Sender,
    testing::Values(
        FromRow{"bare", "From: A@B.example", "a@b.example"},
        FromRow{"named", "From: \"Lien, Ola\" <Ola@Hamar.example>", "ola@hamar.example"},
        FromRow{"folded", "From: Ola\r\n  <ola@hamar.example>", "ola@hamar.example"},
        FromRow{"encoded", "From: =?utf-8?b?w5hsYQ==?= <ola@hamar.example>", "ola@hamar.example"},
        FromRow{"address_in_an_encoded_name",
                "From: =?utf-8?q?=3Ckari=40gjovik=2Eexample=3E?= <ola@hamar.example>",
                "ola@hamar.example"},
        FromRow{"two", "From: a@b.example, c@d.example", ""},
        FromRow{"two_fields", "From: a@b.example\r\nFrom: c@d.example", ""},
        FromRow{"group", "From: Alle: a@b.example;", ""}, FromRow{"none", "To: a@b.example", ""},
        FromRow{"empty", "From: <>", ""}, FromRow{"no_domain", "From: root", ""},
        FromRow{"bytes", "From: \xC3\xB8@b.example", ""}),
    [](const auto& test) { return std::string{test.param.name}; });

struct OriginRow {
    const char* name;
    const char* header;
    MailOrigin origin;
};
void PrintTo(const OriginRow& row, std::ostream* out) {
    *out << row.name;
}

class Origin : public testing::TestWithParam<OriginRow> {};

TEST_P(Origin, IsToldByTheHeader) {
    EXPECT_EQ(
        good("From: a@b.example\r\n" + std::string{GetParam().header} + "\r\n\r\nx\r\n").origin,
        GetParam().origin);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Origin,
    testing::Values(
        OriginRow{"person", "Subject: x", MailOrigin::Person},
        OriginRow{"no", "Auto-Submitted: No", MailOrigin::Person},
        OriginRow{"no_with_a_comment", "Auto-Submitted: no (typed)", MailOrigin::Person},
        OriginRow{"generated", "auto-submitted: auto-generated", MailOrigin::Program},
        OriginRow{"replied", "Auto-Submitted: auto-replied; owner-email=x", MailOrigin::Program},
        OriginRow{"list", "Precedence: LIST", MailOrigin::Program},
        OriginRow{"autoreply", "X-Autoreply: yes", MailOrigin::Program},
        OriginRow{"read_receipt",
                  "Content-Type: multipart/report; report-type=disposition-notification; "
                  "boundary=b",
                  MailOrigin::Program},
        OriginRow{"return_path", "Return-Path: <>", MailOrigin::Bounce},
        OriginRow{"return_path_of_a_person", "Return-Path: <a@b.example>", MailOrigin::Person}),
    [](const auto& test) { return std::string{test.param.name}; });

std::string part(const std::string& header, const std::string& body) {
    return "--b\r\nContent-Type: " + header + "\r\n\r\n" + body + "\r\n";
}

std::string mixed(const std::string& parts) {
    return "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts +
           "--b--\r\n";
}

TEST(IncomingMail, TakesAnswersOnly) {
    EXPECT_TRUE(good(mixed(part("text/calendar; method=REQUEST", "x"))).calendars.empty());
    EXPECT_TRUE(good(mixed(part("text/calendar", "x"))).calendars.empty());
    // A file beside an invitation is that invitation.
    EXPECT_TRUE(good(mixed(part("text/calendar; method=REQUEST", "x") +
                           part("application/ics", "METHOD:REPLY")))
                    .calendars.empty());
    EXPECT_TRUE(
        good(mixed(part("text/plain; name=svar.ics; method=REPLY", "x"))).calendars.empty());
    EXPECT_EQ(good(mixed(part("text/calendar; method=REPLY", "en") +
                         part("text/calendar; method=reply", "to") +
                         part("text/calendar; method=\"REPLY\"", "en")))
                  .calendars,
              (std::vector<std::string>{"en", "to"}));
}

TEST(IncomingMail, DecodesWhatItCanAndLeavesTheRest) {
    const auto calendars = [](const std::string& header, const std::string& body) {
        return good(mixed(part("text/calendar; method=REPLY" + header, body))).calendars.at(0);
    };
    const std::string quoted = "\r\nContent-Transfer-Encoding: quoted-printable";
    EXPECT_EQ(calendars("; charset=windows-1252" + quoted, "=F8 =96"), "ø –");
    EXPECT_EQ(calendars("; charset=utf-8" + quoted, "=C3=B8=FF="), "ø\xFF");
    EXPECT_EQ(calendars("; charset=no-such" + quoted, "=F8"), "\xF8");
    EXPECT_EQ(calendars("; charset=\"utf-8//TRANSLIT\"", "a"), "a");
    EXPECT_EQ(calendars("; charset=utf-16le\r\nContent-Transfer-Encoding: base64", "QQDYAA=="),
              "AØ");
    EXPECT_EQ(calendars("\r\nContent-Transfer-Encoding: base64", "YQ==YmM=\r\n ZGVm!"), "abcdef");
    EXPECT_EQ(calendars("; method*0=RE; method*1=PLY", "a"), "a");
}

struct Bad {
    const char* name;
    std::string bytes;
    const char* says;
};
void PrintTo(const Bad& row, std::ostream* out) {
    *out << row.name;
}

class BadMail : public testing::TestWithParam<Bad> {};

TEST_P(BadMail, IsRefusedWithoutShowingIt) {
    const auto mail = read_mail(GetParam().bytes);
    ASSERT_FALSE(mail.ok());
    EXPECT_EQ(mail.error().kind, ErrorKind::InvalidInput);
    EXPECT_NE(mail.error().message.find(GetParam().says), std::string::npos)
        << mail.error().message;
}

std::string nested(int depth) {
    std::string out = "From: a@b.example\r\n";
    for (int i = 0; i < depth; ++i) {
        const std::string boundary = "b" + std::to_string(i);
        out += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary +
               "\r\n";
    }
    return out + "Content-Type: text/calendar; method=REPLY\r\n\r\nx\r\n";
}

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadMail,
    testing::Values(Bad{"big", std::string(kIncomingBytesMax + 1, 'a'), "larger"},
                    Bad{"many_lines", repeated("a:\n", 100'001), "too many lines"},
                    Bad{"many_parts", mixed(repeated(part("text/plain", "x"), 600)), "parts"},
                    Bad{"many_dashes", mixed(repeated("--x\r\n", 2'100)), "parts"},
                    Bad{"deep", nested(40), "parts"}, Bad{"very_deep", nested(1'500), "parts"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(IncomingMail, OfAnyFormIsReadOrRefused) {
    for (const std::string& bytes :
         {std::string{}, std::string{"\r\n"}, std::string{"\n\n\n"},
          std::string{"no header at all"}, std::string(1'000, '\0'), std::string(100'000, '-'),
          std::string{"From:\r\n From:\r\n"},
          std::string{"Content-Type: multipart/mixed\r\n\r\n--\r\n"},
          std::string{"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n--\r\n"},
          std::string{"Content-Type: ;;;=\r\nFrom: ((((((\r\n\r\n"}, nested(25)}) {
        const auto mail = read_mail(bytes);
        EXPECT_TRUE(!mail.ok() || mail.value().calendars.size() <= 1);
    }
    EXPECT_EQ(good(nested(25)).calendars.size(), 1U);
}

}  // namespace
}  // namespace fristvakt::integrations
