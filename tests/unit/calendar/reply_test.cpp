#include "integrations/calendar/reply.hpp"

#include <gtest/gtest.h>

#include "integrations/calendar/content_line.hpp"

namespace fristvakt::tests {
namespace {

using integrations::calendar::Answer;
using integrations::calendar::read_reply;
using integrations::calendar::Reply;
using workflows::ErrorKind;

const std::string kHead{"BEGIN:VCALENDAR\nMETHOD:REPLY\nVERSION:2.0\nBEGIN:VEVENT\n"};
const std::string kFoot{"END:VEVENT\nEND:VCALENDAR\n"};
const std::string kNames{"UID:m@fristvakt\nDTSTAMP:20210121T093000Z\n"};
const std::string kAccepted{"ATTENDEE;PARTSTAT=ACCEPTED:mailto:kari@gjovik.example\n"};

Reply read(const std::string& event) {
    const auto reply = read_reply(kHead + kNames + event + kFoot);
    EXPECT_TRUE(reply.ok()) << (reply.ok() ? "" : reply.error().message);
    return reply.ok() ? reply.value() : Reply{};
}

TEST(Reply, SaysWhoAnsweredWhat) {
    const Reply reply = read(
        "SEQUENCE:3\nORGANIZER:mailto:post@sf.example\nDTSTART:20210323T080000Z\n"
        "ATTENDEE;CN=\"Nordmann; Kari: R\";PARTSTAT=DECLINED:MAILTO:Kari@Gjovik.example\n"
        "COMMENT:Syk\\, kommer ikke\\nHilsen Kari\n");
    EXPECT_EQ(reply.uid, "m@fristvakt");
    EXPECT_EQ(reply.sequence, 3);
    EXPECT_EQ(workflows::iso_utc(reply.stamped_at), "2021-01-21T09:30:00Z");
    EXPECT_EQ(reply.attendee, "kari@gjovik.example");
    EXPECT_EQ(reply.answer, Answer::Declined);
    EXPECT_EQ(reply.organizer, "post@sf.example");
    EXPECT_EQ(reply.comment, "Syk, kommer ikke\nHilsen Kari");
}

TEST(Reply, WithoutOrganizerAndSequenceIsRead) {
    const Reply reply = read(kAccepted);
    EXPECT_EQ(reply.answer, Answer::Accepted);
    EXPECT_EQ(reply.sequence, 0);
    EXPECT_EQ(reply.organizer, "");
}

TEST(Reply, OfASubstituteNamesThem) {
    const Reply reply = read(
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:ola%2Bx@gjovik.example\":"
        "mailto:kari@gjovik.example\n");
    EXPECT_EQ(reply.answer, Answer::Delegated);
    EXPECT_EQ(reply.delegated_to, "ola+x@gjovik.example");
}

TEST(Reply, InSomebodysNameNamesWhoWroteIt) {
    const Reply reply = read(
        "ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY=\"MAILTO:Per@gjovik.example\":"
        "mailto:kari@gjovik.example\n");
    EXPECT_EQ(reply.attendee, "kari@gjovik.example");
    EXPECT_EQ(reply.sent_by, "per@gjovik.example");
}

TEST(Reply, UnknownAnswersCountAsNone) {
    for (const char* const word : {"X-MAYBE", "COMPLETED", "", "NEEDS-ACTION"}) {
        EXPECT_EQ(read("ATTENDEE;PARTSTAT=" + std::string{word} + ":mailto:a@b.example\n").answer,
                  Answer::NeedsAction);
    }
}

TEST(Reply, FoldsInsideNamesAndCharactersAreUndone) {
    const Reply reply = read(
        "ATT\r\n ENDEE;PARTSTAT=TENT\r\n\tATIVE:mailto:kari@\n gjovik.example\r\n"
        "COMMENT:\xC3\r\n \xB8l\xFF\n");
    EXPECT_EQ(reply.attendee, "kari@gjovik.example");
    EXPECT_EQ(reply.answer, Answer::Tentative);
    EXPECT_EQ(reply.comment, "øl\xEF\xBF\xBD");
}

TEST(Reply, ZonesAlarmsAndUnknownPartsArePassedOver) {
    const std::string zone{
        "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\n"
        "DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n"
        "END:VTIMEZONE\n"};
    const auto reply = read_reply(
        "\xEF\xBB\xBF"
        "BEGIN:VCALENDAR\nMETHOD:reply\nPRODID:Microsoft Exchange Server 2010\n" +
        zone + "BEGIN:VEVENT\n" + kNames + kAccepted +
        "BEGIN:VALARM\nUID:other\nATTENDEE:mailto:x@y.example\nEND:VALARM\nX-A;B=c:d\n" + kFoot);
    ASSERT_TRUE(reply.ok()) << reply.error().message;
    EXPECT_EQ(reply.value().uid, "m@fristvakt");
    EXPECT_EQ(reply.value().attendee, "kari@gjovik.example");
}

TEST(Reply, LongCommentsAreCut) {
    EXPECT_EQ(read(kAccepted + "COMMENT:" + std::string(5'000, 'a') + "\n").comment.size(), 1'000U);
}

struct Bad {
    const char* name;
    std::string bytes;
    const char* says;
};
void PrintTo(const Bad& row, std::ostream* out) {
    *out << row.name;
}

class BadReply : public testing::TestWithParam<Bad> {};

TEST_P(BadReply, IsRefusedWithoutShowingIt) {
    const auto reply = read_reply(GetParam().bytes);
    ASSERT_FALSE(reply.ok());
    EXPECT_EQ(reply.error().kind, ErrorKind::InvalidInput);
    EXPECT_NE(reply.error().message.find(GetParam().says), std::string::npos)
        << reply.error().message;
    EXPECT_EQ(reply.error().message.find("gjovik"), std::string::npos);
}

std::string calendar_of(const std::string& event) {
    return kHead + event + kFoot;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadReply,
    testing::Values(
        Bad{"Empty", "", "no event"}, Bad{"NoLine", "BEGIN:VCALENDAR\ngjovik\n", "line 2"},
        Bad{"Request",
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n" + kNames + kAccepted + kFoot,
            "METHOD"},
        Bad{"NoMethod", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + kNames + kAccepted + kFoot, "METHOD"},
        Bad{"CutOff", kHead + kNames + kAccepted, "end is missing"},
        Bad{"EndsTooOften", calendar_of(kNames + kAccepted) + "END:VCALENDAR\n", "order"},
        Bad{"OtherObject", "BEGIN:VCARD\nFN:Kari\nEND:VCARD\n", "order"},
        Bad{"NoEvent", "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", "no event"},
        Bad{"SeveralEvents",
            calendar_of(kNames + kAccepted + "END:VEVENT\nBEGIN:VEVENT\n" + kNames + kAccepted),
            "several"},
        Bad{"NoUid", calendar_of("DTSTAMP:20210121T093000Z\n" + kAccepted), "no UID"},
        Bad{"NoStamp", calendar_of("UID:m\n" + kAccepted), "no DTSTAMP"},
        Bad{"LocalStamp", calendar_of("UID:m\nDTSTAMP:20210121T093000\n" + kAccepted), "DTSTAMP"},
        Bad{"NoSuchDay", calendar_of("UID:m\nDTSTAMP:20210231T093000Z\n" + kAccepted), "DTSTAMP"},
        Bad{"NoSuchHour", calendar_of("UID:m\nDTSTAMP:20210228T243000Z\n" + kAccepted), "DTSTAMP"},
        Bad{"LettersInStamp", calendar_of("UID:m\nDTSTAMP:2021T228T093000Z\n" + kAccepted),
            "DTSTAMP"},
        Bad{"Sequence", calendar_of(kNames + "SEQUENCE:many\n" + kAccepted), "SEQUENCE"},
        Bad{"NegativeSequence", calendar_of(kNames + "SEQUENCE:-1\n" + kAccepted), "SEQUENCE"},
        Bad{"HugeSequence", calendar_of(kNames + "SEQUENCE:99999999999\n" + kAccepted), "SEQUENCE"},
        Bad{"NoAttendee", calendar_of(kNames), "ATTENDEE"},
        Bad{"TwoAttendees", calendar_of(kNames + kAccepted + kAccepted), "ATTENDEE"},
        Bad{"NotByMail", calendar_of(kNames + "ATTENDEE:urn:uuid:gjovik\n"), "ATTENDEE"},
        Bad{"TooBig", std::string(2U << 20U, 'a'), "1 MiB"},
        Bad{"TooManyLines",
            [] {
                std::string out;
                for (int i = 0; i < 30'000; ++i) {
                    out += "A:b\n";
                }
                return out;
            }(),
            "line 20001"}),
    [](const auto& test) { return test.param.name; });

TEST(Lines, AreWrittenAndReadBack) {
    for (std::size_t length = 0; length < 200; ++length) {
        std::string value;
        while (value.size() < length) {
            value += "a,\\;\n\"^æ€𝄞";
        }
        std::string out;
        integrations::calendar::LineWriter{out, "X-A"}.parameter("CN", value).text(value);
        for (std::size_t begin = 0; begin < out.size();) {
            const std::size_t end = out.find("\r\n", begin);
            ASSERT_NE(end, std::string::npos);
            EXPECT_LE(end - begin, 75U);
            begin = end + 2;
        }
        const auto lines = integrations::calendar::read_lines(out);
        ASSERT_TRUE(lines.ok()) << lines.error().message;
        ASSERT_EQ(lines.value().size(), 1U);
        EXPECT_EQ(lines.value()[0].name, "X-A");
        EXPECT_EQ(lines.value()[0].parameter("CN"), value);
        EXPECT_EQ(integrations::calendar::unescape(lines.value()[0].value), value);
    }
}

TEST(Lines, OfGarbageAreFoldedTooAndEnd) {
    std::string out;
    integrations::calendar::LineWriter{out, "X-A"}.text(std::string(1'000, '\x80'));
    EXPECT_LT(out.size(), 1'100U);
}

}  // namespace
}  // namespace fristvakt::tests
