#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrations/mail/utf8.hpp"
#include "integrations/texts/message_values.hpp"
#include "integrations/texts/plain_value.hpp"
#include "tests/unit/texts/notice_fixture.hpp"

namespace fristvakt::integrations::texts {
namespace {

using workflows::Language;

struct PlainRow {
    std::string name;
    std::string value;
    std::string plain;
};
void PrintTo(const PlainRow& row, std::ostream* out) {
    *out << row.name;
}

class PlainValue : public testing::TestWithParam<PlainRow> {};

TEST_P(PlainValue, IsOneVisibleLine) {
    EXPECT_EQ(plain_value(GetParam().value), GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(
    All, PlainValue,
    testing::Values(PlainRow{"plain", "Gjøvik", "Gjøvik"}, PlainRow{"empty", "", ""},
                    PlainRow{"spaces", "  a \t b  ", "a b"},
                    PlainRow{"line_breaks", "a\r\nBcc: b\n\nc", "a Bcc: b c"},
                    PlainRow{"only_space", "\r\n \t", ""},
                    PlainRow{"nul", std::string("a\0b", 3), "ab"},
                    PlainRow{"escape", "a\x1B[31mb", "a[31mb"},
                    PlainRow{"right_to_left",
                             "a\xE2\x80\xAE"
                             "b\xE2\x80\xAC",
                             "ab"},
                    PlainRow{"isolates",
                             "\xE2\x81\xA6"
                             "a\xE2\x81\xA9",
                             "a"},
                    PlainRow{"zero_width",
                             "a\xE2\x80\x8B"
                             "b\xEF\xBB\xBF",
                             "ab"},
                    PlainRow{"line_separator",
                             "a\xE2\x80\xA8"
                             "b",
                             "a b"},
                    PlainRow{"next_line",
                             "a\xC2\x85"
                             "b",
                             "a b"},
                    PlainRow{"no_break_space_stays",
                             "a\xC2\xA0"
                             "b",
                             "a\xC2\xA0"
                             "b"},
                    PlainRow{"no_utf8", "a\xFF\xC3", "a\xEF\xBF\xBD\xEF\xBF\xBD"}),
    [](const auto& test) { return test.param.name; });

TEST(PlainValues, AreCutWithAnEllipsis) {
    const std::string cut = plain_value(std::string(100'000, 'a'));
    EXPECT_EQ(characters_in(cut), kValueCharactersMax);
    EXPECT_TRUE(cut.ends_with("…"));
    EXPECT_EQ(shortened("Kommunens plan for Gjøvik", 20), "Kommunens plan for…");
    EXPECT_EQ(shortened("åååå", 4), "åååå");
    EXPECT_EQ(shortened("ååååå", 4), "ååå…");
}

TEST(PlainLines, StayApartEachMadePlain) {
    EXPECT_EQ(plain_lines(""), "");
    EXPECT_EQ(plain_lines("a  b"), "a b");
    EXPECT_EQ(plain_lines("\n\r\n1. a\r\n\n \t2.\tb\n"), "1. a\n2. b");
    EXPECT_EQ(plain_lines("\xE2\x80\xAE\nb\xE2\x80\xA8"
                          "c"),
              "b c");
    std::string many;
    for (int line = 0; line < 10'000; ++line) {
        many += "en linje\n";
    }
    EXPECT_LE(characters_in(plain_lines(many)), kValueCharactersMax);
    EXPECT_TRUE(plain_lines(many).ends_with("…"));
}

RC_GTEST_PROP(PlainLines, HaveNoneThatIsEmptyOrNotPlain, (const std::string& value)) {
    const std::string lines = plain_lines(value + "\n" + value);
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        const std::string line = lines.substr(at, end - at);
        RC_ASSERT(!line.empty());
        RC_ASSERT(plain_value(line) == line);
        at = end + 1;
    }
}

RC_GTEST_PROP(PlainValues, AreSettledAfterOnce, (const std::string& value)) {
    const std::string once = plain_value(value);
    RC_ASSERT(plain_value(once) == once);
    RC_ASSERT(once.find_first_of("\r\n\t") == std::string::npos);
    for (std::size_t at = 0; at < once.size();) {
        const auto character = utf8_character(once, at);
        RC_ASSERT(character.valid);
        at += character.bytes;
    }
}

TEST(Days, AreCountedInWords) {
    EXPECT_EQ(day_count(1, Language::Nb), "1 dag");
    EXPECT_EQ(day_count(1, Language::Nn), "1 dag");
    EXPECT_EQ(day_count(2, Language::Nb), "2 dager");
    EXPECT_EQ(day_count(2, Language::Nn), "2 dagar");
    EXPECT_EQ(days_left_phrase(-1, Language::Nb), "");
    EXPECT_EQ(days_left_phrase(0, Language::Nn), "i dag");
    EXPECT_EQ(days_left_phrase(1, Language::Nb), "i morgen");
    EXPECT_EQ(days_left_phrase(1, Language::Nn), "i morgon");
    EXPECT_EQ(days_left_phrase(14, Language::Nb), "om 14 dager");
    EXPECT_EQ(days_over_phrase(0, Language::Nb), "");
    EXPECT_EQ(days_over_phrase(1, Language::Nn), "i går");
    EXPECT_EQ(days_over_phrase(3, Language::Nb), "for 3 dager siden");
    EXPECT_EQ(days_over_phrase(3, Language::Nn), "for 3 dagar sidan");
}

TEST(Roles, HaveANameInBothForms) {
    EXPECT_EQ(role_name("skoleeier", Language::Nn), "skuleeigar");
    EXPECT_EQ(role_name("creditor.saksbehandler", Language::Nn), "saksbehandlar");
    EXPECT_EQ(role_name("ressursperson", Language::Nn), "ressursperson");
    EXPECT_EQ(role_name("", Language::Nb), "kontaktperson");
}

struct DayRow {
    std::string name;
    std::string at;
    std::string due;
    std::string left;
    std::string over;
    std::string today;
};
void PrintTo(const DayRow& row, std::ostream* out) {
    *out << row.name;
}

class DueDay : public testing::TestWithParam<DayRow> {};

TEST_P(DueDay, IsSeenFromTheDayOfTheMessage) {
    auto snapshot = tests::one_case("reminder", Language::Nb);
    snapshot.at = tests::at(GetParam().at);
    snapshot.items[0].due = tests::deadline(GetParam().due);
    const Values values = values_for(snapshot, tests::shipped_notices());
    EXPECT_EQ(values.get("days_left_phrase"), GetParam().left);
    EXPECT_EQ(values.get("days_over_phrase"), GetParam().over);
    EXPECT_EQ(values.get("due_today"), GetParam().today);
}

INSTANTIATE_TEST_SUITE_P(
    All, DueDay,
    testing::Values(
        DayRow{"before", "2021-01-11T08:00", "2021-01-25", "om 14 dager", "", ""},
        DayRow{"eve", "2021-01-24T23:59:59", "2021-01-25", "i morgen", "", ""},
        DayRow{"day", "2021-01-25T00:00", "2021-01-25", "i dag", "", "1"},
        DayRow{"last_second", "2021-01-25T23:59:59", "2021-01-25", "i dag", "", "1"},
        DayRow{"after", "2021-01-26T00:00", "2021-01-25", "", "i går", ""},
        DayRow{"over_summer_time", "2021-03-29T00:00", "2021-03-25", "", "for 4 dager siden", ""},
        DayRow{"noon_ahead", "2021-01-25T11:59:59", "2021-01-25 12:00", "i dag", "", "1"},
        DayRow{"noon_passed", "2021-01-25T12:00", "2021-01-25 12:00", "", "tidligere i dag", ""}),
    [](const auto& test) { return test.param.name; });

TEST(MessageValues, PutTheMostUrgentFirstAndShareWhatIsAlike) {
    const auto snapshot = tests::several_cases("call-them", Language::Nb);
    const Values values = values_for(snapshot, tests::shipped_notices());
    ASSERT_EQ(values.cases().size(), 3U);
    EXPECT_EQ(values.cases()[0].get("requirement"), "Underveisrapport");
    EXPECT_EQ(values.cases()[1].get("debtor"), "Gjøvik kommune");
    EXPECT_EQ(values.cases()[2].get("debtor"), "Hamar kommune");
    EXPECT_EQ(values.get("requirement"), "");
    EXPECT_EQ(values.get("deliver_to"), "post@sf-innlandet.example");
    EXPECT_EQ(values.get("derivation"), "");
    EXPECT_EQ(values.cases()[0].get("own_derivation"), values.cases()[0].get("derivation"));
    EXPECT_EQ(values.get("count"), "3");
    EXPECT_EQ(values.get("receiver_only"), "1");
}

TEST(MessageValues, AskTheReplyAddressWhenNobodyIsResponsible) {
    auto snapshot = tests::one_case("reminder", Language::Nn);
    auto& item = snapshot.items[0];
    EXPECT_EQ(values_for(snapshot, tests::shipped_notices()).get("contact"),
              "Ola Hansen, telefon 00 00 00 00, e-post saksbehandler@sf-innlandet.example");
    item.responsible_name.clear();
    item.responsible_phone.clear();
    EXPECT_EQ(values_for(snapshot, tests::shipped_notices()).get("contact"),
              "saksbehandler@sf-innlandet.example");
    item.responsible_email.clear();
    EXPECT_EQ(values_for(snapshot, tests::shipped_notices()).get("contact"),
              "post@sf-innlandet.example");
}

}  // namespace
}  // namespace fristvakt::integrations::texts
